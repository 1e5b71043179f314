import type { Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Log } from './projector.js'

/** Events that are taken together. More would make the thread's other work wait longer. */
const eventsMax = 1000
/** Of the first page: it may tell of as many long incidents that nobody has met yet. */
const eventsFirst = 10

/** The log in pages that take about as long, also where incidents are read whole for them. */
export class LogPages {
  #size = eventsFirst
  /** Events that were read besides, of the incidents that the page told of. */
  #along = 0

  constructor(private readonly log: Log) {}

  next(after: Position, max: number): readonly StoredEvent[] {
    this.#along = 0
    return this.log.readAll(after, Math.min(max, this.#size))
  }

  along = (stream: string, from: number): readonly StoredEvent[] => {
    const events = this.log.read(stream, from)
    this.#along += events.length
    return events
  }

  /** Events that were read for a page that was taken; what it brought along, the next one mostly does too. */
  taken(page: readonly StoredEvent[]): number {
    this.#size = this.#along > eventsMax ? this.#size >> 1 || 1 : this.#size * 2
    this.#size = Math.min(this.#size, eventsMax)
    return page.length + this.#along
  }
}
