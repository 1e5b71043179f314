import type { Position } from '../event-store.js'
import type { OurEvents } from './our-events.js'
import type { Ask, Reader } from './reader.js'
import { type ServerPosition, allRead } from './requests.js'
import type { ServerRecord } from './server-record.js'

/** At first the last event is looked for alone, then, past others' events, in greater steps. */
const stepsMax = 1000

/**
 * Where our log ends, among the events of everybody else. What was once looked through is not looked
 * through again, so asking costs what came since.
 */
export class Head {
  /** Up to here everything of ours was seen. */
  #searched: ServerPosition | undefined

  constructor(
    private readonly reader: Reader,
    private readonly ours: OurEvents,
  ) {}

  async read(): Promise<Position> {
    return this.reader.run(async ask => {
      const end = await first(ask(allRead('end', 1)))
      if (end) await this.#search(ask, end.position)
      return this.ours.last
    })
  }

  async #search(ask: Ask, end: ServerPosition): Promise<void> {
    const searched = this.#searched
    if (searched && end.commit <= searched.commit) return
    if (searched) await this.#forwards(ask, searched)
    else await this.#backwards(ask)
    if (!this.#searched || end.commit > this.#searched.commit) this.#searched = end
  }

  /** Whatever of ours came since is seen on the way. */
  async #forwards(ask: Ask, from: ServerPosition): Promise<void> {
    const all = allRead(from, Number.MAX_SAFE_INTEGER, this.ours.names.filter)
    for await (const record of ask(all)) this.ours.has(record)
  }

  async #backwards(ask: Ask): Promise<void> {
    for (let count = 1; ; count = Math.min(count * 10, stepsMax)) {
      let records = 0
      for await (const record of ask(allRead('end', count, this.ours.names.filter))) {
        if (this.ours.has(record)) return
        records++
      }
      if (records < count) return
    }
  }
}

async function first(records: AsyncGenerator<ServerRecord>): Promise<ServerRecord | undefined> {
  for await (const record of records) return record
  return undefined
}
