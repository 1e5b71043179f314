import type { Position } from '../event-store.js'
import type { Envelope, SealedEvent, StoredEvent } from '../stored-event.js'
import type { LogReader } from './log-reader.js'

/** More than a commit holds; whoever is further behind reads the log. */
const recentMax = 4096

/**
 * The log for whoever follows it on the writing thread: what was just written is still at hand, so it
 * is neither read back nor checked against the chain that it was just made for.
 */
export class RecentLog {
  #recent: SealedEvent[] = []
  /** Of the first of them. */
  #from: Position = 0n

  /** Events of streams that are not `wanted` are left out of a page, but for its last. */
  constructor(
    private readonly reader: LogReader,
    private readonly wanted: (stream: string) => boolean,
  ) {}

  /** Events as they were committed; the first of them has this position. */
  remember(position: Position, events: readonly SealedEvent[]): void {
    const isNext = position === this.#from + BigInt(this.#recent.length)
    if (!isNext || this.#recent.length + events.length > recentMax) {
      this.#recent = []
      this.#from = position
    }
    if (events.length <= recentMax) this.#recent.push(...events)
    else this.#from += BigInt(events.length)
  }

  read = (stream: string, from: number): StoredEvent[] => {
    const isBefore = (event: SealedEvent) => event.stream === stream && event.revision < from
    const before = from > 0 ? this.#recent.findLastIndex(isBefore) : -1
    if (before < 0) return this.reader.read(stream, from)
    // Whatever came behind that one is recent too.
    const events: StoredEvent[] = []
    for (let at = before + 1; at < this.#recent.length; at++)
      if (this.#recent[at]!.stream === stream) events.push(this.#stored(this.#recent[at]!, at))
    return events
  }

  readAll = (after: Position, limit: number): StoredEvent[] => {
    const start = Number(after + 1n - this.#from)
    if (start < 0 || start > this.#recent.length) return this.reader.readAll(after, limit)
    const end = Math.min(start + limit, this.#recent.length)
    const events: StoredEvent[] = []
    for (let at = start; at < end; at++) {
      const event = this.#recent[at]!
      if (at === end - 1 || this.wanted(event.stream)) events.push(this.#stored(event, at))
    }
    return events
  }

  #stored({ bytes, id, hash }: SealedEvent, at: number): StoredEvent {
    const position = this.#from + BigInt(at)
    return Object.assign(JSON.parse(bytes) as Envelope, { id, hash, position })
  }
}
