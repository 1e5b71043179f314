import { type SealedEvent, type StoredEvent, firstHash, resealed } from './stored-event.js'

/** The last hash of each stream, as the events of a log come by. */
export class Chains {
  readonly #last = new Map<string, string>()

  get streams(): number {
    return this.#last.size
  }

  /** The final bytes of the next event; StoreDamaged if it does not follow the last of its stream. */
  next(event: StoredEvent): SealedEvent {
    const { stream } = event
    const sealed = resealed(this.#last.get(stream) ?? firstHash(stream), event)
    this.#last.set(stream, sealed.hash)
    return sealed
  }
}
