import type { Actor, Timing } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { incidents } from '../incident/incident.js'
import { type SeverityLevel, rank } from '../incident/severity-levels.js'
import type { SeverityEvents } from '../incident/severity.js'
import { type AsTold, asTold } from './as-told.js'
import type { StreamEvent } from './incident-at.js'

/** How bad it was thought to be for a time; the fields are those of the SDL. */
export interface SeverityPeriod {
  readonly level: SeverityLevel
  readonly from: string
  /** How well `from` is known; null: exactly. */
  readonly timing: Timing | null
  readonly until: string | null
  readonly by: Actor
  readonly reason: string | null
  /** Of the scale that it was said under; null if there was none. */
  readonly scaleVersion: number | null
}

/** How bad it was thought to be, and when. */
export function severityHistory(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): SeverityPeriod[] {
  const starts: Omit<SeverityPeriod, 'until'>[] = []
  for (const event of events) {
    if (event.type !== 'SeveritySet' || !incidents.knows(event)) continue
    const {
      level,
      reason = null,
      scaleVersion = null,
    } = event.data as SeverityEvents['SeveritySet']
    const { at, timing } = told.when(event)
    const from = latest(starts.at(-1)?.from, at)!
    starts.push({ level, from, timing, by: event.actor, reason, scaleVersion })
  }
  return starts.map((start, index) => ({ ...start, until: starts[index + 1]?.from ?? null }))
}

/** The worst level that somebody could tell; undetermined only if nobody ever could. */
export function worst(periods: readonly SeverityPeriod[]): SeverityLevel {
  const told = periods.map(({ level }) => level).filter(level => level !== 'UNDETERMINED')
  return told.toSorted((a, b) => rank(a) - rank(b))[0] ?? 'UNDETERMINED'
}
