import type { Timing } from '../decider/facet.js'
import type { Fact } from './incident-file.js'

/** When a fact is put, and how well that is known. */
export interface Placed {
  readonly occurredAt: string
  readonly timing?: Timing
}

/** The facts, each with its time; one without stands where the nearest earlier timed one does. */
export function placed(facts: readonly Fact[], fallback: string): Placed[] {
  const first = facts.find(({ at }) => at !== undefined)?.at
  let last = first === undefined ? fallback : instant(first)
  return facts.map(({ at, approximate }) => {
    if (at === undefined) return { occurredAt: last, timing: 'UNKNOWN' }
    last = instant(at)
    return { occurredAt: last, ...(approximate && { timing: 'APPROXIMATE' as const }) }
  })
}

/**
 * What comes before a response, or was found out after it, does not tell when it was declared; nor does
 * what was done by then.
 */
const notTheStart: ReadonlySet<string> = new Set([
  'CHANGE_DEPLOYED',
  'IMPACT_STARTED',
  'CONTRIBUTING_FACTOR',
  'TASK_DONE',
])

/** The fact that is the declaration: the first DECLARED whose time is known, else the first; -1 if there is none. */
export function declaringFact(facts: readonly Fact[]): number {
  const timed = facts.findIndex(({ kind, at }) => kind === 'DECLARED' && at !== undefined)
  return timed >= 0 ? timed : facts.findIndex(({ kind }) => kind === 'DECLARED')
}

/** When the incident counts as declared: by its own word, else by the first that responders saw. */
export function declaredAt(facts: readonly Fact[], places: readonly Placed[]): Placed {
  const said = declaringFact(facts)
  const seen = facts.findIndex(
    ({ kind, at, recordedLater }) => at !== undefined && !recordedLater && !notTheStart.has(kind),
  )
  return places[said] ?? places[seen] ?? { ...places[0]!, timing: 'UNKNOWN' }
}

export const instant = (at: string) => new Date(at).toISOString()
