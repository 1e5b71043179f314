import { schemaVersion } from '../decider/decider.js'
import { type Actor, Rejected } from '../decider/facet.js'
import { type EventStore, WrongRevision } from '../event-store/event-store.js'
import { type SealedEvent, firstHash, isNewer, seal } from '../event-store/stored-event.js'

/** Other replicas may be first as often as this. */
const attemptsMax = 20

/** Where a stream ends, as far as it is known here. */
interface Tail {
  readonly revision: number
  readonly hash: string
  readonly recordedAt: string
}

/** What one event says and who caused it. */
export interface OwnEvent {
  readonly type: string
  readonly data: object
  readonly actor: Actor
  readonly correlationId: string
  /** If not just now. */
  readonly occurredAt?: string
}

/**
 * A stream of the ledger's own, on which nothing is decided: events are put at its end, wherever that
 * is. Only the end matters, so it is never read whole: an append at the wrong place tells where it is.
 */
export class OwnStream {
  #tail: Tail

  constructor(
    private readonly store: EventStore,
    readonly stream: string,
    private readonly clock: () => string,
  ) {
    this.#tail = empty(stream)
  }

  /**
   * The revision of the first. One call at a time. Rejects with `Rejected` (BUSY, NEWER_VERSION) and
   * with what the store rejects with.
   */
  async append(events: readonly OwnEvent[]): Promise<number> {
    try {
      return await this.#append(events)
    } catch (error) {
      // What became of it may be unknown: the next append finds the end again.
      this.#tail = empty(this.stream)
      throw error
    }
  }

  /** How many events it holds. */
  async length(): Promise<number> {
    return (await this.store.read(this.stream, 0)).length
  }

  async #append(events: readonly OwnEvent[]): Promise<number> {
    for (let tries = 1; tries <= attemptsMax; tries++) {
      const { revision } = this.#tail
      const { sealed, tail } = this.#sealed(events)
      try {
        await this.store.append(this.stream, revision, sealed)
        this.#tail = tail
        return revision + 1
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error
        this.#tail = await this.#tailAt(error.actual)
      }
    }
    throw new Rejected('BUSY', 'Too many write this at once; try again.')
  }

  #sealed(events: readonly OwnEvent[]): { sealed: SealedEvent[]; tail: Tail } {
    const clock = this.clock()
    const recordedAt = clock > this.#tail.recordedAt ? clock : this.#tail.recordedAt
    let { revision, hash } = this.#tail
    const sealed = events.map(event => {
      const one = seal(hash, {
        occurredAt: recordedAt,
        ...event,
        stream: this.stream,
        revision: ++revision,
        schemaVersion,
        recordedAt,
        mode: 'LIVE',
      })
      hash = one.hash
      return one
    })
    return { sealed, tail: { revision, hash, recordedAt } }
  }

  async #tailAt(actual: number): Promise<Tail> {
    const [last] = actual === -1 ? [] : await this.store.read(this.stream, actual, 1)
    if (last && isNewer(last))
      throw new Rejected('NEWER_VERSION', 'A newer version of the ledger writes this.')
    return last ?? empty(this.stream)
  }
}

const empty = (stream: string): Tail => ({ revision: -1, hash: firstHash(stream), recordedAt: '' })
