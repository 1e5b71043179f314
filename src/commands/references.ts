import { schemaVersion } from '../decider/decider.js'
import { Rejected } from '../decider/facet.js'
import { type EventStore, WrongRevision } from '../event-store/event-store.js'
import { type SealedEvent, firstHash, isNewer, seal } from '../event-store/stored-event.js'
import type { Asked } from './asked.js'

/** Event n - 1 of it gave `INC-n` away. */
export const referenceStream = 'reference'
/** Numbers that are given away in one append. */
const batchMax = 100
/** Declarations that wait for a number; beyond it they are too many. */
const waitingMax = 10_000
/** Other replicas may be first as often as this. */
const attemptsMax = 20

/** Where the stream ends, as far as it is known here. */
interface Tail {
  readonly revision: number
  readonly hash: string
  readonly recordedAt: string
}
const empty: Tail = { revision: -1, hash: firstHash(referenceStream), recordedAt: '' }

interface Waiting {
  /** Absent where the number is given to nobody. */
  readonly incidentId?: string
  readonly asked: Asked
  readonly resolve: (reference: string) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gives each new incident the next number, from the ledger's own stream: each event is one, given away
 * once. Gaps are allowed and mean nothing. Only the end of the stream matters, so it is never read
 * whole: an append at the wrong place tells where the end is.
 */
export class References {
  #tail = empty
  #isServing = false
  readonly #waiting: Waiting[] = []

  constructor(
    private readonly store: EventStore,
    private readonly clock: () => string,
  ) {}

  /** Rejects with `Rejected` (BUSY, NEWER_VERSION) and with what the store rejects with. */
  async allot(incidentId: string, asked: Asked): Promise<string> {
    if (this.#waiting.length >= waitingMax) throw busy()
    return this.#next({ incidentId, asked })
  }

  /** No number up to this one is given away any more. Rejects as `allot` does. */
  async passOver(last: number, asked: Asked): Promise<void> {
    const [end] = (await this.store.read(referenceStream, 0)).slice(-1)
    const count = Math.max(0, last - (end ? end.revision + 1 : 0))
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
        const first = await this.#append(batch)
        batch.forEach(({ resolve }, i) => resolve(`INC-${first + i + 1}`))
      } catch (error) {
        // What became of it may be unknown: the next append finds the end again.
        this.#tail = empty
        for (const { reject } of batch) reject(error)
      }
    this.#isServing = false
  }

  /** The revision of the first. */
  async #append(batch: readonly Waiting[]): Promise<number> {
    for (let tries = 1; tries <= attemptsMax; tries++) {
      const { revision } = this.#tail
      const { events, tail } = this.#sealed(batch)
      try {
        await this.store.append(referenceStream, revision, events)
        this.#tail = tail
        return revision + 1
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error
        this.#tail = await this.#tailAt(error.actual)
      }
    }
    throw busy()
  }

  #sealed(batch: readonly Waiting[]): { events: SealedEvent[]; tail: Tail } {
    const clock = this.clock()
    const recordedAt = clock > this.#tail.recordedAt ? clock : this.#tail.recordedAt
    let { revision, hash } = this.#tail
    const events = batch.map(({ incidentId, asked: { actor, correlationId } }) => {
      const event = seal(hash, {
        stream: referenceStream,
        revision: ++revision,
        type: incidentId === undefined ? 'ReferencePassedOver' : 'ReferenceAllotted',
        schemaVersion,
        data: incidentId === undefined ? {} : { incidentId },
        occurredAt: recordedAt,
        recordedAt,
        actor,
        mode: 'LIVE',
        correlationId,
      })
      hash = event.hash
      return event
    })
    return { events, tail: { revision, hash, recordedAt } }
  }

  async #tailAt(actual: number): Promise<Tail> {
    const [last] = actual === -1 ? [] : await this.store.read(referenceStream, actual, 1)
    if (last && isNewer(last))
      throw new Rejected('NEWER_VERSION', 'A newer version of the ledger gives the numbers here.')
    return last ?? empty
  }
}

const busy = () => new Rejected('BUSY', 'Too many are declared at once; try again.')
