import type { Condition } from '../event-store/operated-store.js'

/** What is due and neither recorded nor refused for so long is somebody's business. */
const stillMsMax = 30_000

/**
 * Whether what falls due is recorded. What the rules of its incident refuse does not count: it
 * is told, and no reason to send requests elsewhere.
 */
export class StandingStill implements Condition {
  #sinceMs: number | undefined

  constructor(
    readonly name: string,
    private readonly holdsDuties: () => boolean,
    private readonly refused: () => number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Something is due. */
  waits(): void {
    this.#sinceMs ??= this.nowMs()
  }

  /** Something was recorded, or there is nothing to record. */
  moves(): void {
    this.#sinceMs = undefined
  }

  check() {
    if (!this.holdsDuties()) return { ok: true, detail: 'Another process looks after them.' }
    const ms = this.nowMs() - (this.#sinceMs ?? this.nowMs())
    if (ms > stillMsMax)
      return {
        ok: false,
        detail: `Nothing that is due was recorded for ${Math.round(ms / 1000)} s.`,
      }
    const refused = this.refused()
    return refused === 0 ? { ok: true } : { ok: true, detail: `${refused} cannot be recorded.` }
  }
}
