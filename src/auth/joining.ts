import { setTimeout as rest } from 'node:timers/promises'
import { Logger } from '@nestjs/common'
import { textOf } from '../event-store/fault.js'
import { StoreUnavailable } from '../event-store/event-store.js'
import type { OperatedStore } from '../event-store/operated-store.js'

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
export class Joining {
  readonly #stopped = new AbortController()

  constructor(
    private readonly store: OperatedStore,
    private readonly join: () => Promise<void>,
  ) {}

  /** Rejects with what waiting cannot mend, and, without more patience, with why it is not there. */
  async start({ waitMs, goesOn }: Patience): Promise<void> {
    const trying = this.#try(goesOn ? Infinity : Date.now() + waitMs)
    if (!goesOn) return trying
    let isUp = false
    const late = rest(waitMs, undefined, { ref: false }).then(() => void (isUp = true))
    // Once the server is up it stays up, and says in its log and its health what is wrong.
    trying.catch(error => isUp && this.#log(error))
    return Promise.race([trying, late])
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #try(untilMs: number): Promise<void> {
    for (let tries = 1; !this.#stopped.signal.aborted; tries++) {
      try {
        return await this.join()
      } catch (error) {
        const canCome = error instanceof StoreUnavailable && !this.store.isHopeless
        if (!canCome || Date.now() >= untilMs) throw error
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
