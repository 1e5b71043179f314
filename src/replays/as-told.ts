import type { Timing } from '../decider/facet.js'
import { incidents } from '../incident/incident.js'
import type { Attachment } from '../incident/attachments.js'
import { isAboutRecord } from '../incident/entry.js'
import type { Amendment } from '../incident/notes.js'
import { type StreamEvent, evolved } from './incident-at.js'

/** When something happened, as far as that is known; no timing means exactly. */
export interface When {
  readonly at: string
  readonly timing: Timing | null
}

/** The events of one stream in the light of what was said of them later. */
export interface AsTold {
  amendment(event: StreamEvent): Amendment | undefined
  /** As last corrected, at the event itself or at the one that is told along with it. */
  when(event: StreamEvent): When
  /** The observation in whose words this event is told, if it is. */
  tellerOf(event: StreamEvent): StreamEvent | undefined
  /** What this observation tells besides itself, in stream order. */
  toldBy(observation: StreamEvent): readonly StreamEvent[]
  /** Whether it was marked as key. */
  isKey(event: StreamEvent): boolean
  /** The evidence that was attached to it and not taken back. */
  attached(event: StreamEvent): readonly Attachment[]
}

export const isObservation = ({ type }: { readonly type: string }) => type === 'ObservationRecorded'

/** Puts together what later events say of earlier ones. */
export function asTold(events: readonly StreamEvent[]): AsTold {
  const said = events.filter(isAboutRecord).reduce(evolved, incidents.initial)
  const { amended } = said.notes
  const tellers = tellersOf(events.filter(({ id }) => !amended.get(id)?.retracted))
  const told = new Map<string, StreamEvent[]>([...tellers.values()].map(({ id }) => [id, []]))
  for (const event of events) told.get(tellers.get(event.id)?.id ?? '')?.push(event)
  const toldBy = ({ id }: StreamEvent) => told.get(id) ?? []
  return {
    amendment: ({ id }) => amended.get(id),
    when(event) {
      const companions = [tellers.get(event.id) ?? event, ...toldBy(event)]
      const moved = [event, ...companions].find(({ id }) => isMoved(amended.get(id)))
      return whenOf(event, moved && amended.get(moved.id))
    },
    tellerOf: ({ id }) => tellers.get(id),
    toldBy,
    isKey: ({ id }) => said.keyEntries.get(id)?.isKey === true,
    attached: ({ id }) =>
      (said.attachments.of.get(id) ?? []).filter(one => !amended.get(one.id)?.retracted),
  }
}

/**
 * Import records a fact as an observation and, beside it, as the command that it was: the command
 * names the observation as its cause, but the declaration comes first and is named by its own.
 */
function tellersOf(events: readonly StreamEvent[]): ReadonlyMap<string, StreamEvent> {
  const tellers = new Map<string, StreamEvent>()
  const earlier = new Map<string, StreamEvent>()
  for (const event of events) {
    const cause = earlier.get(event.causationId ?? '')
    earlier.set(event.id, event)
    if (!cause || isAboutRecord(event) || !incidents.knows(event)) continue
    if (isObservation(cause) && !isObservation(event)) tellers.set(event.id, cause)
    if (isObservation(event) && cause.type === 'IncidentDeclared' && !tellers.has(cause.id))
      tellers.set(cause.id, event)
  }
  return tellers
}

const isMoved = (amendment: Amendment | undefined) =>
  amendment?.occurredAt !== undefined || amendment?.timing !== undefined

/** A corrected time brings its own timing; a corrected timing may leave the time as it was. */
function whenOf({ occurredAt, timing }: StreamEvent, amendment: Amendment | undefined): When {
  return amendment?.occurredAt === undefined
    ? { at: occurredAt, timing: amendment?.timing ?? timing ?? null }
    : { at: amendment.occurredAt, timing: amendment.timing ?? null }
}
