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

/** What comes before a response, or was found out after it, does not tell when it was declared. */
const notTheStart: ReadonlySet<string> = new Set([
  'CHANGE_DEPLOYED',
  'IMPACT_STARTED',
  'CONTRIBUTING_FACTOR',
])

/** When the incident counts as declared: by its own word, else by the first that responders saw. */
export function declaredAt(facts: readonly Fact[], places: readonly Placed[]): Placed {
  const timed = (index: number) => index >= 0 && facts[index]!.at !== undefined
  const said = facts.findIndex(({ kind, at }) => kind === 'DECLARED' && at !== undefined)
  if (timed(said)) return places[said]!
  const seen = facts.findIndex(
    ({ kind, at, recordedLater }) =>
      at !== undefined && !recordedLater && !notTheStart.has(kind) && kind !== 'DECLARED',
  )
  if (timed(seen)) return places[seen]!
  return { occurredAt: places[0]!.occurredAt, timing: 'UNKNOWN' }
}

export const instant = (at: string) => new Date(at).toISOString()
