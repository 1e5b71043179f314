import { latest } from '../decider/instants.js'
import { incidents } from '../incident/incident.js'
import type { Participation } from '../incident/presence.js'
import { type AsTold, asTold } from './as-told.js'
import { type StreamEvent, lastMoment } from './incident-at.js'
import { minutesBetween } from './said-times.js'
import { type Told, toldOf } from './who.js'

/** A time for which somebody was here and took part in one way; the fields are those of the SDL. */
export interface PresencePeriod extends Told {
  readonly person: string
  /** Since when they were here without a break. */
  readonly since: string
  readonly from: string
  /** Null: still. */
  readonly until: string | null
}
/** What somebody's part was, from beginning to end. */
export interface Participant {
  readonly person: string
  readonly minutes: number
  readonly periods: readonly PresencePeriod[]
}
export interface TeamInvolved {
  readonly team: string
  readonly since: string
  readonly people: readonly string[]
  readonly here: number
}

/** When who was here, told with times as last corrected. */
export function presencePeriods(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): PresencePeriod[] {
  const periods: PresencePeriod[] = []
  const open = new Map<string, { index: number; said: Participation }>()
  const ends = (person: string, at: string) => {
    const index = open.get(person)?.index
    const period = index === undefined ? undefined : periods[index]
    if (period) periods[index!] = { ...period, until: latest(period.from, at)! }
    return period
  }
  for (const event of events.filter(event => incidents.knows(event))) {
    const { person, ...said } = event.data as Participation & { readonly person: string }
    const { at } = told.when(event)
    if (event.type === 'ResponderLeft') {
      ends(person, at)
      open.delete(person)
    }
    const isChange = event.type === 'ParticipationChanged'
    if (event.type !== 'ResponderJoined' && !(isChange && open.has(person))) continue
    const before = open.get(person)
    const as = { ...before?.said, ...said }
    const from = latest(ends(person, at)?.from, at)!
    const since = before ? periods[before.index]!.since : from
    open.set(person, { index: periods.length, said: as })
    periods.push({ person, since, from, until: null, ...toldOf(as) })
  }
  return periods
}

/** Who was here at that moment; who goes then is gone. */
export const whoWasOn = (periods: readonly PresencePeriod[], at: string): PresencePeriod[] =>
  periods.filter(({ from, until }) => from <= at && (until === null || at < until))

/** Everybody who had a part, in the order in which they first had; what is open counts up to the last event. */
export function participation(
  events: readonly StreamEvent[],
  periods: readonly PresencePeriod[] = presencePeriods(events),
): Participant[] {
  const end = lastMoment(events)
  const people = new Set(events.flatMap(event => givenPart(event) ?? []))
  return [...people].map(person => {
    const own = periods.filter(period => period.person === person)
    const minutes = own.map(({ from, until }) => Math.max(0, minutesBetween(from, until ?? end)))
    return { person, minutes: minutes.reduce((sum, one) => sum + one, 0), periods: own }
  })
}

/** Teams that somebody was here for (domain row 4), in the order in which they first came. */
export function teamsInvolved(periods: readonly PresencePeriod[]): TeamInvolved[] {
  const teams = new Set(periods.flatMap(({ team }) => team ?? []))
  return [...teams].map(team => {
    const own = periods.filter(period => period.team === team)
    return {
      team,
      since: own.map(({ from }) => from).toSorted()[0]!,
      people: [...new Set(own.map(({ person }) => person))],
      here: own.filter(({ until }) => until === null).length,
    }
  })
}

/** In which field an event names somebody who has a part from then on. */
const parts: ReadonlyMap<string, string> = new Map([
  ['ResponderJoined', 'person'],
  ['CommandClaimed', 'commander'],
  ['CommandAssigned', 'commander'],
  ['CommandTaken', 'commander'],
  ['HandoffAccepted', 'to'],
  ['DeputyPromoted', 'to'],
  ['RoleAssigned', 'person'],
  ['TaskAssigned', 'assignee'],
  ['TaskReassigned', 'assignee'],
  ['TaskRecorded', 'assignee'],
])
const givenPart = (event: StreamEvent): string | undefined => {
  const field = incidents.knows(event) ? parts.get(event.type) : undefined
  const person = field && (event.data as Record<string, unknown>)[field]
  return person === undefined ? undefined : String(person)
}
