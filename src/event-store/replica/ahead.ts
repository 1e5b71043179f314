import type { Position } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'

/** Beyond this the log is not read further: the views would not be any faster for it. */
const aheadMax = 5_000

/** What has come from the log and the views have not taken yet: everything after a position, in order. */
export class Ahead {
  #events: StoredEvent[] = []
  #room = () => {}

  constructor(private from: Position) {}

  get last(): Position {
    return this.#events.at(-1)?.position ?? this.from
  }

  /** Whether what follows this position is here, as far as it has come. */
  has(after: Position): boolean {
    return after >= this.from
  }

  /** At most `limit` events after a position; what lies before it is not asked for again. */
  after(after: Position, limit: number): readonly StoredEvent[] {
    const taken = this.#events.findIndex(({ position }) => position > after)
    this.#events.splice(0, taken === -1 ? this.#events.length : taken)
    this.from = after
    this.#room()
    return this.#events.slice(0, limit)
  }

  /** Resolves when there is room for another. */
  async push(event: StoredEvent): Promise<void> {
    this.#events.push(event)
    while (this.#events.length >= aheadMax)
      await new Promise<void>(resolve => (this.#room = resolve))
  }
}
