import { latest } from '../decider/instants.js'
import type { Milestone } from './milestones.js'
import { minutesBetween } from './said-times.js'
import type { TimelineEntry } from './timeline.js'

/** A time of which nothing is on record; the fields are those of the SDL. */
export interface Gap {
  readonly from: string
  readonly until: string
  readonly minutes: number
}

const gapMinutesMin = 30

/**
 * Where nothing is on record for more than half an hour between declaration and resolution, or the
 * last entry while there is none. What lasted is on record until it ended; what the ledger did by
 * itself is nobody's word.
 */
export function gaps(entries: readonly TimelineEntry[], milestones: readonly Milestone[]): Gap[] {
  const start = atOf(milestones, 'DECLARED')
  if (start === undefined) return []
  const end = atOf(milestones, 'RESOLVED') ?? atOf(milestones, 'CLOSED')
  const known = entries.filter(
    ({ occurredAt, actor }) =>
      occurredAt !== null &&
      occurredAt >= start &&
      !(end && occurredAt > end) &&
      actor.type !== 'TIMER',
  )
  const found: Gap[] = []
  let from = start
  for (const { occurredAt, occurredUntil } of [...known, ...(end ? [closing(end)] : [])]) {
    if (Date.parse(occurredAt!) - Date.parse(from) > gapMinutesMin * 60_000)
      found.push({ from, until: occurredAt!, minutes: minutesBetween(from, occurredAt!) })
    from = latest(from, occurredAt, occurredUntil)!
  }
  return found
}

const closing = (end: string) => ({ occurredAt: end, occurredUntil: null })
const atOf = (milestones: readonly Milestone[], key: Milestone['milestone']) =>
  milestones.find(({ milestone }) => milestone === key)?.at
