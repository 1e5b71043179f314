import { type SealedEvent, chain, firstHash, uuidOf } from '../stored-event.js'
import { type LogRow, envelopeIn } from './log-row.js'

/** Where a stream that is salvaged ends, and what is known to have been behind. */
export interface LostEnd {
  readonly stream: string
  /** The first that is lost. */
  readonly revision: number
  /** So many at least. */
  readonly events: number
}

interface Stream {
  revision: number
  hash: string
  /** The last that is known to have been there, once something is lost. */
  lostTo: number | undefined
}

/** A name that a damaged row may be believed. */
const streamName = /^[a-z][a-z0-9-]{0,99}$/

/**
 * Finds what of a damaged log can be trusted: of every stream the events from its first on whose chain
 * holds. One bad event ends its stream and no other, since a history with a hole is none, and what is
 * intact was acknowledged too. Rows come in log order, which is kept.
 */
export class Salvage {
  readonly #streams = new Map<string, Stream>()
  kept = 0

  /** The event as it was written, if it is kept. */
  take(row: LogRow): SealedEvent | undefined {
    const envelope = row.bytes && envelopeIn(row.bytes)
    const stream = this.#stream(envelope?.stream ?? '')
    const hash = envelope && chain(stream.hash, row.bytes!)
    const isNext =
      stream.lostTo === undefined &&
      envelope?.revision === stream.revision + 1 &&
      // Either is proof enough that the bytes are what was hashed: the other column is what was changed.
      (row.hash === hash || row.id === uuidOf(hash!))
    if (!isNext) return this.#lose(row)
    const { revision, type } = envelope
    const previousHash = stream.hash
    Object.assign(stream, { revision, hash })
    this.#streams.set(envelope.stream, stream)
    this.kept++
    const id = uuidOf(hash!)
    const bytes = row.bytes!.toString()
    return { id, stream: envelope.stream, revision, type, hash: hash!, previousHash, bytes }
  }

  /** Somebody has seen the stream up to there. */
  wasSeen(name: string, revision: number): void {
    const stream = this.#stream(name)
    if (revision <= stream.revision) return
    stream.lostTo = Math.max(stream.lostTo ?? 0, revision)
    this.#streams.set(name, stream)
  }

  get streams(): number {
    return [...this.#streams.values()].filter(({ revision }) => revision >= 0).length
  }

  get ends(): LostEnd[] {
    return [...this.#streams].flatMap(([stream, { revision, lostTo }]) =>
      lostTo === undefined ? [] : [{ stream, revision: revision + 1, events: lostTo - revision }],
    )
  }

  #stream(name: string): Stream {
    return this.#streams.get(name) ?? { revision: -1, hash: firstHash(name), lostTo: undefined }
  }

  /** The columns say whose it was; if they were changed, the gap in the stream will tell. */
  #lose({ stream: name, revision: claimed }: LogRow): undefined {
    if (typeof name !== 'string' || !streamName.test(name)) return
    const stream = this.#stream(name)
    const next = stream.revision + 1
    const revision = typeof claimed === 'bigint' && claimed <= revisionMax ? Number(claimed) : next
    stream.lostTo = Math.max(stream.lostTo ?? next, revision)
    this.#streams.set(name, stream)
  }
}

/** What is beyond was never a revision. */
const revisionMax = 1_000_000n
