import { incidents } from '../incident/incident.js'
import { type AsTold, asTold } from './as-told.js'
import type { StreamEvent } from './incident-at.js'
import { minutesBetween } from './said-times.js'

/** How long it took until who answered was who it belonged to; people as ids. */
export interface RightOwner {
  readonly from: string
  /** Null: nobody answered yet whose it was. */
  readonly until: string | null
  readonly minutes: number | null
  readonly person: string | null
  /** How many escalations that took. */
  readonly escalations: number
  readonly eventIds: readonly string[]
}

/**
 * From the first escalation to the first answer of somebody who was not let go later as not involved,
 * for a service that was not cleared later (domain row 37). Null if nothing was escalated.
 */
export function timeToRightOwner(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): RightOwner | null {
  const known = events.filter(event => incidents.knows(event))
  const first = known.find(({ type }) => type === 'IncidentEscalated')
  if (!first) return null
  const index = known.findIndex((event, at) => isRight(known, event, at))
  const right = known[index]
  const from = told.when(first).at
  const until = right ? told.when(right).at : null
  const before = right ? known.slice(0, index) : known
  return {
    from,
    until,
    minutes: until === null ? null : Math.max(0, minutesBetween(from, until)),
    person: right?.actor.type === 'USER' ? right.actor.id : null,
    escalations: before.filter(({ type }) => type === 'IncidentEscalated').length,
    eventIds: [first.id, ...(right ? [right.id] : [])],
  }
}

interface Said {
  readonly escalationId?: string
  readonly person?: string
  readonly service?: string
}
const said = (event: StreamEvent) => event.data as Said

function isRight(known: readonly StreamEvent[], event: StreamEvent, index: number): boolean {
  if (event.type !== 'EscalationAcknowledged') return false
  const { escalationId } = said(event)
  const escalation = known.find(
    one => one.type === 'IncidentEscalated' && said(one).escalationId === escalationId,
  )
  const service = escalation && said(escalation).service
  return !known
    .slice(index)
    .some(
      later =>
        (later.type === 'ResponderReleased' && said(later).person === event.actor.id) ||
        (later.type === 'ResponderCleared' && said(later).service === service),
    )
}
