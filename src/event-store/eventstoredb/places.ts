import { Bounded } from '../bounded.js'

/** How far a stream goes. */
export interface Place {
  /** The server's number of its last event; -1 for none. */
  readonly server: bigint
  /** The revision of the last event that is ours. They differ by the events that are not. */
  readonly own: number
  /** Of that event; absent for none. */
  readonly hash?: string
}

/** Of more streams than are written to at a time; what is not known is looked up. */
const streamsMax = 10_000

/** How far the streams go that we read or wrote to last. */
export class Places {
  readonly #places = new Bounded<string, Place>(streamsMax)

  get(stream: string): Place | undefined {
    return this.#places.get(stream)
  }

  /** What is said of a stream before something else is known already changes nothing. */
  saw(stream: string, place: Place): void {
    const known = this.#places.get(stream)
    if (!known || place.server >= known.server) this.#places.set(stream, place)
  }

  /** How many events that are not ours the stream is known to have. */
  shift(stream: string): bigint {
    const place = this.#places.get(stream)
    return place ? shiftOf(place) : 0n
  }
}

export const shiftOf = ({ server, own }: Place) => server - BigInt(own)
