import { latest } from '../decider/instants.js'
import { type Phase, phaseOf } from '../incident/phases.js'
import { type AsTold, asTold } from './as-told.js'
import { type StreamEvent, steps } from './incident-at.js'
import { minutesBetween } from './said-times.js'

/** A time that the response spent in a phase; the fields are those of the SDL. */
export interface PhasePeriod {
  readonly phase: Phase
  readonly from: string
  readonly until: string | null
  readonly minutes: number
}

/** In order, with times as last corrected; what lasts until now is counted so far. */
export function phasePeriods(
  events: readonly StreamEvent[],
  now: string,
  told: AsTold = asTold(events),
): PhasePeriod[] {
  const starts: { phase: Phase | null; from: string }[] = []
  for (const { event, before, after } of steps(events)) {
    const phase = phaseOf(after)
    if (phase === phaseOf(before)) continue
    starts.push({ phase, from: latest(starts.at(-1)?.from, told.when(event).at)! })
  }
  return starts.flatMap(({ phase, from }, index) => {
    if (phase === null) return []
    const until = starts[index + 1]?.from ?? null
    return [{ phase, from, until, minutes: Math.max(0, minutesBetween(from, until ?? now)) }]
  })
}
