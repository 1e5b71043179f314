import type { Condition } from '../event-store/operated-store.js'

/** Behind without moving for longer than this is standing still (R7 gives 5 s in all). */
const stillMsMax = 4000
const lookEveryMs = 500

interface Watched {
  /** Where it should get to. */
  goal(): bigint
  /** Where it is. */
  at(): bigint
  /** What is in its way, if that is known. */
  fault(): string | undefined
}

/** Whether something that follows the log still does: not how far behind it is, but that it moves. */
export class KeepingUp implements Condition {
  #at = -1n
  #movedAt: number
  readonly #looking: NodeJS.Timeout

  constructor(
    readonly name: string,
    private readonly watched: Watched,
    /** Milliseconds; of a clock that nobody sets. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#movedAt = now()
    this.#looking = setInterval(() => this.look(), lookEveryMs).unref()
  }

  /** Looked at regularly, so that the answer does not depend on how often it is asked for. */
  look(): void {
    const at = this.watched.at()
    if (at !== this.#at || at >= this.watched.goal()) this.#movedAt = this.now()
    this.#at = at
  }

  check() {
    this.look()
    const still = this.now() - this.#movedAt
    if (still <= stillMsMax) return { ok: true }
    const fault = this.watched.fault()
    const why = fault === undefined ? '.' : `: ${fault}`
    return {
      ok: false,
      detail: `Behind the log and not moving for ${Math.round(still / 1000)} s${why}`,
    }
  }

  close(): void {
    clearInterval(this.#looking)
  }
}
