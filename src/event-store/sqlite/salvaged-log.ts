import { errorOf } from '../fault.js'
import type { SealedEvent } from '../stored-event.js'
import { LogWriter } from './log-writer.js'
import type { Append } from './messages.js'

/** So many share a sync. */
const batchMax = 1000

/** A new log of events that were kept, each checked against the chain of its stream once more. */
export class SalvagedLog {
  readonly #writer: LogWriter
  #batch: Append[] = []

  constructor(folder: string) {
    this.#writer = new LogWriter(folder)
  }

  add(event: SealedEvent): void {
    const { stream, revision } = event
    this.#batch.push({ stream, expectedRevision: revision - 1, events: [event] })
    if (this.#batch.length === batchMax) this.#flush()
  }

  /** All of it is on disk then. */
  close(): void {
    this.#flush()
    this.#writer.close()
  }

  #flush(): void {
    const failed = this.#writer.commit(this.#batch).find(outcome => !('position' in outcome))
    if (failed) throw errorOf(failed as Parameters<typeof errorOf>[0])
    this.#batch = []
  }
}
