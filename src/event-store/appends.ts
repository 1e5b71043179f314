/** How the appends of a store fare: what waits, for how long, and what an observer is told of each. */
export class Appends {
  readonly #waiting = new Set<{ readonly since: number }>()

  /** How many seconds an append took, also one that failed. */
  took: (seconds: number) => void = () => {}
  /** How many were settled together, by one commit of the embedded store. */
  together: (appends: number) => void = () => {}

  /** Asked for and not yet settled. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Milliseconds that the first of them has waited. */
  get oldestMs(): number {
    const [first] = this.#waiting
    return first ? performance.now() - first.since : 0
  }

  async watched<Result>(append: () => Promise<Result>): Promise<Result> {
    const one = { since: performance.now() }
    this.#waiting.add(one)
    try {
      return await append()
    } finally {
      this.#waiting.delete(one)
      this.took((performance.now() - one.since) / 1000)
    }
  }
}
