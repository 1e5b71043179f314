import type { TimelineEntry } from './timeline.js'
import { wireType } from './wire-type.js'

export type AgendaKind =
  'SEVERITY_CONTESTED' | 'INSTRUCTION_DEFERRED' | 'REQUEST_DEFERRED' | 'QUESTION_DEFERRED'

/** What was put off until the review; the fields are those of the SDL. */
export interface AgendaItem {
  readonly kind: AgendaKind
  readonly eventId: string
  readonly sentence: string
  readonly at: string
}

const kinds: ReadonlyMap<string, AgendaKind> = new Map([
  [wireType('incident', 'SeverityContested', 1), 'SEVERITY_CONTESTED'],
  [wireType('incident', 'InstructionDeferred', 1), 'INSTRUCTION_DEFERRED'],
  [wireType('incident', 'RequestDeferred', 1), 'REQUEST_DEFERRED'],
  [wireType('incident', 'QuestionDeferred', 1), 'QUESTION_DEFERRED'],
])

/** In the order of the timeline. */
export const agenda = (entries: readonly TimelineEntry[]): AgendaItem[] =>
  entries.flatMap(({ type, eventId, sentence, at }) => {
    const kind = kinds.get(type)
    return kind ? [{ kind, eventId, sentence, at }] : []
  })
