import { incidents } from '../incident/incident.js'
import { type AsTold, asTold } from './as-told.js'
import type { StreamEvent } from './incident-at.js'
import { minutesBetween } from './said-times.js'

/** How long it took to show that somebody, or a service, had no part; people as ids. */
export interface Innocence {
  readonly person: string | null
  readonly service: string | null
  readonly from: string
  readonly until: string
  readonly minutes: number
  /** The event that began it, and the one that let them go. */
  readonly eventIds: readonly string[]
}
/** A distribution, because one who waits for hours is lost in a mean. */
export interface Innocences {
  readonly n: number
  readonly p50: number | null
  readonly p90: number | null
  readonly max: number | null
  /** How many are left out because one of their times is not known. */
  readonly unknown: number
  readonly samples: readonly Innocence[]
}

interface Said {
  readonly person?: string
  readonly service?: string
}

/** The time to innocence (domain row 38), told with times as last corrected. */
export function timeToInnocence(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): Innocences {
  const samples: Innocence[] = []
  let unknown = 0
  for (const [index, event] of events.entries()) {
    if (!isEnd(event)) continue
    const { person, service } = event.data as Said
    const from = beginning(events.slice(0, index), event, told)
    const { at: until, timing } = told.when(event)
    if (timing === 'UNKNOWN' || !from || from.timing === 'UNKNOWN') unknown++
    else
      samples.push({
        person: (event.type === 'ResponderReleased' && person) || null,
        service: (event.type === 'ResponderCleared' && service) || null,
        from: from.at,
        until,
        minutes: Math.max(0, minutesBetween(from.at, until)),
        eventIds: [from.eventId, event.id],
      })
  }
  const minutes = samples.map(one => one.minutes).toSorted((one, other) => one - other)
  return { n: samples.length, ...distribution(minutes), unknown, samples }
}

/** By nearest rank: each is one of the values. */
const distribution = (sorted: readonly number[]) => ({
  p50: sorted[Math.ceil(sorted.length * 0.5) - 1] ?? null,
  p90: sorted[Math.ceil(sorted.length * 0.9) - 1] ?? null,
  max: sorted.at(-1) ?? null,
})

const isEnd = (event: StreamEvent) =>
  incidents.knows(event) &&
  (event.type === 'ResponderReleased' || event.type === 'ResponderCleared')

const calls: ReadonlySet<string> = new Set([
  'ResponderInvited',
  'ResponderRequested',
  'IncidentEscalated',
  'RoleAssigned',
])

/** When they came; of a service, when its people were first called since it was last cleared, or the declaration. */
function beginning(before: readonly StreamEvent[], { type, data }: StreamEvent, told: AsTold) {
  const { person, service } = data as Said
  const known = before.filter(event => incidents.knows(event))
  const of = (event: StreamEvent) => event.data as Said
  const cleared = known.findLastIndex(
    event => event.type === 'ResponderCleared' && of(event).service === service,
  )
  const found =
    type === 'ResponderReleased'
      ? known.findLast(event => event.type === 'ResponderJoined' && of(event).person === person)
      : (known
          .slice(cleared + 1)
          .find(event => calls.has(event.type) && of(event).service === service) ??
        known.find(event => event.type === 'IncidentDeclared'))
  return found && { ...told.when(found), eventId: found.id }
}
