import { type Appended, type Position, StoreUnavailable, WrongRevision } from '../event-store.js'
import { type SealedEvent, areNext, firstHash } from '../stored-event.js'
import type { Appender } from './appender.js'
import type { LedgerReader } from './ledger-reader.js'
import type { OurEvents } from './our-events.js'
import { type Place, type Places, shiftOf } from './places.js'
import { readBack } from './read-back.js'
import { toServer } from './recorded-event.js'

/** So often somebody else may write between us and the end of our stream. */
const triesMax = 4

/**
 * Appends at the revisions of the ledger, whatever the server counts besides. To one stream only one at a
 * time: what is sealed on an append that loses must not be sent after it.
 */
export class LedgerWriter {
  constructor(
    private readonly appender: Appender,
    private readonly reader: LedgerReader,
    private readonly ours: OurEvents,
    private readonly places: Places,
  ) {}

  async append(
    stream: string,
    expected: number,
    events: readonly SealedEvent[],
  ): Promise<Appended> {
    // The server would append known ids again at the very end of a stream, and knows no chains.
    const hash = await this.#hashAt(stream, expected)
    if (hash === undefined || !areNext(stream, expected, hash, events))
      throw new WrongRevision((await this.reader.tail(stream)).own)
    // Without it, events of others could stand where the stream is said to go on.
    if (expected >= 0 && !this.places.get(stream)) await this.reader.tail(stream)
    const server = events.map(toServer)
    const name = this.ours.names.onServer(stream)
    for (let tries = 0; tries < triesMax; tries++) {
      const at = BigInt(expected) + this.places.shift(stream)
      const settled = await this.appender.append({ stream: name, expected: at, events: server })
      if ('done' in settled) return this.#done(stream, settled, events)
      const found = await this.#refused(stream, expected, events, settled.wrong)
      if (found) return found
    }
    throw new StoreUnavailable('Somebody else writes to a stream of the ledger.')
  }

  /** Of the event that is to be followed; undefined if it is not there yet. */
  async #hashAt(stream: string, revision: number): Promise<string | undefined> {
    if (revision < 0) return firstHash(stream)
    const known = this.places.get(stream)
    if (known?.own === revision && known.hash !== undefined) return known.hash
    const [event] = await this.reader.read(stream, revision, 1)
    return event?.hash
  }

  async #done(
    stream: string,
    { done, position }: { done: bigint; position: Position | undefined },
    events: readonly SealedEvent[],
  ): Promise<Appended> {
    const { revision, hash } = events.at(-1)!
    this.places.saw(stream, { server: done, own: revision, hash })
    // Of several events it is not said whose position it is.
    if (events.length > 1 || position === undefined) return this.#stored(stream, events)
    this.ours.saw(position)
    return { revision, position }
  }

  /** What is behind the server's refusal: WrongRevision, or nothing but somebody else's events. */
  async #refused(
    stream: string,
    expected: number,
    events: readonly SealedEvent[],
    actual: bigint,
  ): Promise<Appended | undefined> {
    const place = await this.#place(stream, actual)
    if (place.own === expected) return undefined
    if (place.own > expected && shiftOf(place) > 0n && (await this.#isThere(stream, events)))
      return this.#stored(stream, events)
    throw new WrongRevision(place.own)
  }

  async #place(stream: string, actual: bigint): Promise<Place> {
    if (actual < 0n) return { server: actual, own: -1 }
    const known = this.places.get(stream)
    return known && known.server >= actual ? known : this.reader.tail(stream)
  }

  /** Behind somebody else's events the server looks for a repeat in the wrong place. */
  async #isThere(stream: string, events: readonly SealedEvent[]): Promise<boolean> {
    const stored = await this.reader.read(stream, events[0]!.revision, events.length)
    return stored.length === events.length && stored.every(({ id }, i) => id === events[i]!.id)
  }

  async #stored(stream: string, events: readonly SealedEvent[]): Promise<Appended> {
    const { revision } = events.at(-1)!
    const [last] = await readBack(() => this.reader.read(stream, revision, 1))
    return { revision, position: last!.position }
  }
}
