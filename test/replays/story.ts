import type { Actor, Name } from '../../src/decider/facet.js'
import type { Events } from '../../src/incident/incident.js'
import { idOf } from '../support/given.js'
import type { StreamEvent } from '../../src/replays/incident-at.js'

type Extra = Partial<StreamEvent> & { readonly by?: string }
type Told = Omit<StreamEvent, 'id' | 'revision'>

/** An instant so many minutes after noon of New Year's Day. */
export const minute = (minutes: number) =>
  new Date(Date.UTC(2026, 0, 1, 12) + minutes * 60_000).toISOString()

/** The id of the event of that revision. */
export const id = (revision: number) =>
  `00000000-0000-8000-8000-${String(revision).padStart(12, '0')}`

/** That it happened so many minutes after noon, and was recorded at once if nothing else is said. */
export function happened<Type extends keyof Events>(
  minutes: number,
  type: Type,
  data: Events[Type],
  { by = 'alice', ...extra }: Extra = {},
): Told {
  const actor: Actor = { type: 'USER', id: by }
  const at = minute(minutes)
  const mode = 'LIVE'
  return { type, schemaVersion: 1, data, occurredAt: at, recordedAt: at, actor, mode, ...extra }
}

/** The stream of these events, in the order given. */
export const stream = (...events: Told[]): StreamEvent[] =>
  events.map((event, revision) => ({ ...event, id: id(revision), revision }))

export const declared = happened(0, 'IncidentDeclared', {
  reference: 'INC-7',
  title: 'Checkout fails',
  type: 'SERVICE',
  mode: 'LIVE',
  status: 'ACTIVE',
})

/** That somebody saw something. */
export const saw = (minutes: number, text: string, extra: Extra = {}) =>
  happened(minutes, 'ObservationRecorded', { text }, extra)

/** `alice` is Alice, whoever asks. */
export const name: Name = who => {
  const called = idOf(who)
  return called.charAt(0).toUpperCase() + called.slice(1)
}
