import { Bounded } from './bounded.js'
import type { EventStore } from './event-store.js'
import type { StoredEvent } from './stored-event.js'

/** Shorter ones are read again as fast as they are looked for. */
const longEvents = 500
const streamsMax = 1_000

/**
 * Streams read whole. While somebody still holds what was read of a long one, whoever asks for the same is
 * given that, and what came since: many look at one large incident, which takes tens of megabytes.
 */
export class RecentReads {
  readonly #read = new Bounded<string, WeakRef<readonly StoredEvent[]>>(streamsMax)
  readonly #underWay = new Map<string, Promise<readonly StoredEvent[]>>()

  constructor(private readonly store: EventStore) {}

  /** As it is now. Rejects with what the store rejects with. */
  async whole(stream: string): Promise<readonly StoredEvent[]> {
    const known = (await this.#underWay.get(stream)) ?? this.#read.get(stream)?.deref()
    if (!known || known.length < longEvents) return this.#anew(stream)
    const last = known.at(-1)!
    const [again, ...since] = await this.store.read(stream, last.revision)
    // Of a store that lost its end and went on otherwise, what was read before is of no use.
    if (again?.id !== last.id) return this.#anew(stream)
    return since.length === 0 ? known : this.#keep(stream, [...known, ...since])
  }

  async #anew(stream: string): Promise<readonly StoredEvent[]> {
    const reading = this.store.read(stream, 0)
    this.#underWay.set(stream, reading)
    try {
      return this.#keep(stream, await reading)
    } finally {
      if (this.#underWay.get(stream) === reading) this.#underWay.delete(stream)
    }
  }

  #keep(stream: string, events: readonly StoredEvent[]): readonly StoredEvent[] {
    if (events.length >= longEvents) this.#read.set(stream, new WeakRef(events))
    return events
  }
}
