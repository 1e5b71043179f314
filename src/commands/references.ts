import { Rejected } from '../decider/facet.js'
import type { EventStore } from '../event-store/event-store.js'
import type { Asked } from './asked.js'
import { OwnStream } from './own-stream.js'

/** Numbers that are given away in one append. */
const batchMax = 100
/** Declarations that wait for a number; beyond it they are too many. */
const waitingMax = 10_000

interface Waiting {
  readonly incidentId: string
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
    this.#stream = new OwnStream(store, 'reference', clock)
  }

  /** Rejects with `Rejected` (BUSY, NEWER_VERSION) and with what the store rejects with. */
  async allot(incidentId: string, asked: Asked): Promise<string> {
    if (this.#waiting.length >= waitingMax)
      throw new Rejected('BUSY', 'Too many are declared at once; try again.')
    return new Promise((resolve, reject) => {
      this.#waiting.push({ incidentId, asked, resolve, reject })
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
  type: 'ReferenceAllotted',
  data: { incidentId },
  actor,
  correlationId,
})
