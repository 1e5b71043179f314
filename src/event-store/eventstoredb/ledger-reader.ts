import { type Position, StoreDamaged, StoreUnavailable } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'
import { ChainWatch } from './chain-watch.js'
import { deleted } from './failure.js'
import type { OurEvents } from './our-events.js'
import type { Place, Places } from './places.js'
import type { Ask, Reader } from './reader.js'
import { allRead, streamRead } from './requests.js'

/** A page ends after about this many bytes of events: checking and parsing them blocks the thread. */
const pageBytesMax = 2 * 1024 * 1024
/** All there is. */
const all = Number.MAX_SAFE_INTEGER
/** So many events of others at the end of a stream of ours are no accident any more. */
const foreignTailMax = 4096

/** The questions to the log; all reject with the port's errors. */
export class LedgerReader {
  constructor(
    private readonly reader: Reader,
    private readonly ours: OurEvents,
    private readonly places: Places,
  ) {}

  async read(stream: string, from: number, limit = all): Promise<StoredEvent[]> {
    if (limit <= 0) return []
    return this.reader.run(ask => this.#read(ask, stream, Math.max(from, 0), limit))
  }

  async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    if (limit <= 0) return []
    return this.reader.run(async ask => {
      const events: StoredEvent[] = []
      try {
        await this.#readAll(ask, after, limit, events)
      } catch (error) {
        // What is before the damage is given first.
        if (!(error instanceof StoreDamaged) || events.length === 0) throw error
      }
      return events
    })
  }

  /** How far a stream goes. */
  async tail(stream: string): Promise<Place> {
    const place = await this.reader.run(ask => this.#tail(ask, stream))
    this.places.saw(stream, place)
    return place
  }

  /**
   * The server's number of an event is never less than ours, so from ours on nothing is missed; and one
   * more is read before it, because the first link is checked too.
   */
  async #read(ask: Ask, stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    const events: StoredEvent[] = []
    const watch = new ChainWatch()
    const first = Math.max(from - 1, 0)
    let own = -1
    let next = BigInt(first)
    for (let isAll = false; !isAll;) {
      const count = Math.min(limit + 2, all)
      const page = next
      for await (const record of ask(streamRead(this.#name(stream), next, count))) {
        next = record.revision + 1n
        const recorded = this.ours.of(record)
        if (!recorded) continue
        const { event } = recorded
        if (own < 0 && event.revision > first) throw missing(first)
        watch.check(recorded)
        own = event.revision
        if (own >= from) events.push(event)
        if (events.length === limit) return events
      }
      isAll = next - page < BigInt(count)
    }
    this.#ended(stream, { server: next - 1n, own }, first)
    return events
  }

  /** A stream that had events has them for ever. */
  #ended(stream: string, place: Place, first: number): void {
    const known = this.places.get(stream)
    if (place.own < 0 && known && known.own >= first) throw deleted().asError()
    if (place.own >= 0) this.places.saw(stream, place)
  }

  async #readAll(ask: Ask, after: Position, limit: number, events: StoredEvent[]): Promise<void> {
    const watch = new ChainWatch()
    let from = after
    let bytes = 0
    for (let isAll = false; !isAll;) {
      // The first one read is the one that was read last.
      const count = limit - events.length + 1
      let records = 0
      const place = { commit: from, prepare: from }
      for await (const record of ask(allRead(place, count, this.ours.names.filter))) {
        records++
        from = record.position.commit
        const recorded = from > after ? this.ours.of(record) : undefined
        if (!recorded || from <= (events.at(-1)?.position ?? after)) continue
        watch.check(recorded)
        if (events.push(recorded.event) === limit) return
        if ((bytes += record.data.length) >= pageBytesMax) return
      }
      isAll = records < count
    }
  }

  async #tail(ask: Ask, stream: string): Promise<Place> {
    for (let count = 1; ; count = foreignTailMax) {
      let server = -1n
      let records = 0
      for await (const record of ask(streamRead(this.#name(stream), 'end', count))) {
        if (++records === 1) server = record.revision
        const recorded = this.ours.of(record)
        if (recorded) return { server, own: recorded.event.revision }
      }
      if (records < count) return { server, own: -1 }
      if (count === foreignTailMax)
        throw new StoreUnavailable('Somebody else writes to a stream of the ledger.')
    }
  }

  #name(stream: string): string {
    return this.ours.names.onServer(stream)
  }
}

const missing = (revision: number) =>
  new StoreDamaged(`Revision ${revision} of a stream is missing`)
