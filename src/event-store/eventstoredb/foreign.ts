import type { Position } from '../event-store.js'

/** They are counted to be told of, not to be listed: from here on there are "many". */
const countedMax = 10_000

/** The events among ours that somebody else wrote, each counted once however often it is read. */
export class Foreign {
  readonly #positions = new Set<Position>()

  constructor(private readonly changed: () => void) {}

  /** At most 10,000. */
  get count(): number {
    return this.#positions.size
  }

  saw(position: Position): void {
    if (this.count === countedMax || this.#positions.has(position)) return
    this.#positions.add(position)
    this.changed()
  }
}
