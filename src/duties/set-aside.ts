/** How an attempt ended: recorded (or already so), refused, or not possible now. */
export type Outcome = 'DONE' | 'REFUSED' | 'FAULT'

interface Aside {
  readonly tries: number
  readonly untilMs: number
  readonly outcome: Outcome
}

const firstMs = 1000
/** A store comes back, and then all waits for it; a refusal may last as long as its incident. */
const restMsMax: Record<Outcome, number> = { DONE: 30_000, FAULT: 30_000, REFUSED: 300_000 }
/** Of more, the longest kept are tried again earlier than they need be. */
const keptMax = 10_000

/**
 * Rows of a view that were tried, each resting twice as long as the time before, so that one that fails neither
 * stops the others nor is forgotten. What was recorded rests too, until the views no longer show it.
 */
export class SetAside {
  readonly #kept = new Map<string, Aside>()

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  get size(): number {
    return this.#kept.size
  }

  /** Whether it was tried, and is not to be tried again yet. */
  has(row: object): boolean {
    return (this.#kept.get(keyOf(row))?.untilMs ?? 0) > this.nowMs()
  }

  /** Whether the last try recorded it, so that another one finds it done. */
  wasDone(row: object): boolean {
    return this.#kept.get(keyOf(row))?.outcome === 'DONE'
  }

  put(row: object, outcome: Outcome): void {
    const key = keyOf(row)
    const tries = (this.#kept.get(key)?.tries ?? 0) + 1
    const untilMs = this.nowMs() + restMs(tries, outcome)
    this.#kept.delete(key)
    this.#kept.set(key, { tries, untilMs, outcome })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptMax) break
      this.#kept.delete(oldest)
    }
  }

  /** Forgets all but these: the others fell away, by whatever came of them. */
  keepOnly(rows: readonly object[]): void {
    const there = new Set(rows.map(keyOf))
    for (const key of this.#kept.keys()) if (!there.has(key)) this.#kept.delete(key)
  }

  /** How many ended so the last time. */
  count(outcome: Outcome): number {
    let count = 0
    for (const kept of this.#kept.values()) if (kept.outcome === outcome) count++
    return count
  }
}

/** How long to rest after so many tries. */
export const restMs = (tries: number, outcome: Outcome) =>
  Math.min(firstMs * 2 ** (tries - 1), restMsMax[outcome])

/** Rows of one view have the same columns in the same order. */
const keyOf = (row: object) => Object.values(row).join(' ')
