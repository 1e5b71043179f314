import { setTimeout as rest } from 'node:timers/promises'
import { Logger } from '@nestjs/common'
import { textOf } from '../event-store/fault.js'
import { StoreUnavailable } from '../event-store/event-store.js'
import type { Condition, OperatedStore } from '../event-store/operated-store.js'

/** How a start meets a store that is not there yet. */
export interface Patience {
  /** So long nothing is answered before the store is reached; then it is said that it is not there. */
  readonly waitMs: number
  /** Whether to go on trying then, and not to give up. */
  readonly goesOn: boolean
}

const retryMs = 500

/**
 * What has to be read or written before anything can be answered. A server is up and says why it is
 * not ready while its store is not there; it goes on by itself when the store has come.
 */
export class Joining implements Condition {
  readonly name = 'start'
  /** Why nothing can be answered yet; undefined once it can. */
  #why: string | undefined = 'The store has not been reached yet.'
  readonly #stopped = new AbortController()
  /** Others are told of the server by now: it stays up, and says in its health what is wrong. */
  #isUp = false

  constructor(
    private readonly store: OperatedStore,
    private readonly join: () => Promise<void>,
  ) {}

  /** Rejects with what waiting cannot mend, and, without more patience, with why it is not there. */
  async start({ waitMs, goesOn }: Patience): Promise<void> {
    const trying = this.#try(goesOn ? Infinity : performance.now() + waitMs)
    if (!goesOn) return trying
    const late = rest(waitMs, undefined, { ref: false }).then(() => void (this.#isUp = true))
    return Promise.race([trying, late])
  }

  check() {
    return this.#why === undefined ? { ok: true } : { ok: false, detail: this.#why }
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #try(untilMs: number): Promise<void> {
    for (let tries = 1; !this.#stopped.signal.aborted; tries++) {
      try {
        await this.join()
        this.#why = undefined
        return
      } catch (error) {
        this.#why = textOf(error)
        const canCome = error instanceof StoreUnavailable && !this.store.isHopeless
        // A server that is up already waits for whoever mends it.
        if (!this.#isUp && (!canCome || performance.now() >= untilMs)) throw error
        // The first may only have found out that there is nobody.
        if (tries === 2) this.#log(error)
      }
      await rest(retryMs, undefined, { ref: false, signal: this.#stopped.signal }).catch(() => {})
    }
  }

  #log(error: unknown): void {
    new Logger('Joining').warn(`Not ready: ${textOf(error)}`)
  }
}
