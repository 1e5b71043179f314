import { type Position, StoreDamaged } from '../event-store.js'
import type { Foreign } from './foreign.js'
import type { Names } from './names.js'
import { type Recorded, fromServer } from './recorded-event.js'
import type { ServerRecord } from './server-record.js'

/** Tells our events from all others. */
export class OurEvents {
  #last: Position = 0n

  constructor(
    readonly names: Names,
    private readonly foreign: Foreign,
  ) {}

  /** The position of the last event of ours that was seen anywhere. */
  get last(): Position {
    return this.#last
  }

  /** Undefined for what is not ours; StoreDamaged for what is, and was changed. */
  of(record: ServerRecord): Recorded | undefined {
    const stream = this.names.ofLedger(record.stream)
    if (stream === undefined) return undefined
    const recorded = fromServer(stream, record)
    if (recorded) this.saw(recorded.event.position)
    else this.foreign.saw(record.position.commit)
    return recorded
  }

  /** The same for one who only wants to know where it is: damage is for its readers. */
  has(record: ServerRecord): boolean {
    try {
      return this.of(record) !== undefined
    } catch (error) {
      if (!(error instanceof StoreDamaged)) throw error
      this.saw(record.position.commit)
      return true
    }
  }

  saw(position: Position): void {
    if (position > this.#last) this.#last = position
  }
}
