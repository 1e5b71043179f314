import { Bounded } from '../bounded.js'
import { StoreDamaged } from '../event-store.js'
import { firstHash } from '../stored-event.js'
import type { Recorded } from './recorded-event.js'

/** Of more streams than are written to at a time. */
const streamsMax = 10_000

/** Checks that what is read one after the other of a stream follows one on the other. */
export class ChainWatch {
  readonly #last = new Bounded<string, { revision: number; hash: string }>(streamsMax)

  /** StoreDamaged for what does not follow what was last seen of its stream, or begin it. */
  check({ event, previousHash }: Recorded): void {
    const { stream, revision, hash } = event
    const last = this.#last.get(stream) ?? beginning(stream, revision)
    if (last && last.revision + 1 !== revision)
      throw new StoreDamaged(`Revision ${last.revision + 1} of a stream is missing`)
    if (last && last.hash !== previousHash)
      throw new StoreDamaged(`The event at position ${event.position} was changed`)
    this.#last.set(stream, { revision, hash })
  }
}

/** Somewhere in a stream nothing is known of what came before, but its first event has a place. */
const beginning = (stream: string, revision: number) =>
  revision === 0 ? { revision: -1, hash: firstHash(stream) } : undefined
