import { Rejected } from '../decider/facet.js'
import type { EventStore } from '../event-store/event-store.js'
import type { Asked } from './asked.js'
import { OwnStream } from './own-stream.js'

/** Event n - 1 of it gave `INC-n` away. */
export const referenceStream = 'reference'
/** Numbers that are given away in one append. */
const batchMax = 100
/** Declarations that wait for a number; beyond it they are too many. */
const waitingMax = 10_000

interface Waiting {
  /** Absent where the number is given to nobody. */
  readonly incidentId?: string
  readonly asked: Asked
  readonly resolve: (reference: string) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gives each new incident the next number, from the ledger's own stream: each event is one, given away
 * once. Gaps are allowed and mean nothing.
 */
export class References {
  readonly #stream: OwnStream
  #isServing = false
  readonly #waiting: Waiting[] = []

  constructor(store: EventStore, clock: () => string) {
    this.#stream = new OwnStream(store, referenceStream, clock)
  }

  /** Rejects with `Rejected` (BUSY, NEWER_VERSION) and with what the store rejects with. */
  async allot(incidentId: string, asked: Asked): Promise<string> {
    if (this.#waiting.length >= waitingMax)
      throw new Rejected('BUSY', 'Too many are declared at once; try again.')
    return this.#next({ incidentId, asked })
  }

  /** No number up to this one is given away any more. Rejects as `allot` does. */
  async passOver(last: number, asked: Asked): Promise<void> {
    const count = Math.max(0, last - (await this.#stream.length()))
    await Promise.all(Array.from({ length: count }, () => this.#next({ asked })))
  }

  #next(wanted: Pick<Waiting, 'incidentId' | 'asked'>): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...wanted, resolve, reject })
      if (!this.#isServing) void this.#serve()
    })
  }

  /** What comes while an append is under way goes together in the next. */
  async #serve(): Promise<void> {
    this.#isServing = true
    for (let batch; (batch = this.#waiting.splice(0, batchMax)).length > 0;)
      try {
        const first = await this.#stream.append(batch.map(allotted))
        batch.forEach(({ resolve }, i) => resolve(`INC-${first + i + 1}`))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    this.#isServing = false
  }
}

const allotted = ({ incidentId, asked: { actor, correlationId } }: Waiting) => ({
  type: incidentId === undefined ? 'ReferencePassedOver' : 'ReferenceAllotted',
  data: incidentId === undefined ? {} : { incidentId },
  actor,
  correlationId,
})
