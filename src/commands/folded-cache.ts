import type { Folded } from './folded.js'

/** Bounded by what it holds, an event taking about a kilobyte: hundreds of small streams or two large ones. */
const eventsMax = 100_000
const streamsMax = 10_000

/** Streams as they were folded last; the longest unused go first. */
export class FoldedCache<State> {
  readonly #folded = new Map<string, Folded<State>>()
  /** How many events each was last seen to hold. */
  readonly #counted = new WeakMap<Folded<State>, number>()
  #events = 0

  constructor(private readonly fold: (stream: string) => Folded<State>) {}

  async load(stream: string): Promise<Folded<State>> {
    const folded = this.#folded.get(stream) ?? this.fold(stream)
    this.#folded.delete(stream)
    this.#folded.set(stream, folded)
    try {
      await folded.loaded
    } catch (error) {
      this.drop(folded)
      throw error
    }
    this.grown(folded)
    return folded
  }

  /** As it was decided on here last, if it is still kept; half of what is on disk is nothing to go by. */
  peek(stream: string): State | undefined {
    const folded = this.#folded.get(stream)
    return folded && folded.durable >= 0 ? folded.state : undefined
  }

  holds(folded: Folded<State>): boolean {
    return this.#folded.get(folded.stream) === folded
  }

  /** Counts what a stream holds now, and makes room for it. */
  grown(folded: Folded<State>): void {
    if (!this.holds(folded)) return
    const events = folded.revision + 1
    this.#events += events - (this.#counted.get(folded) ?? 0)
    this.#counted.set(folded, events)
    for (const oldest of this.#folded.values()) {
      if (this.#events <= eventsMax && this.#folded.size <= streamsMax) return
      if (oldest !== folded) this.drop(oldest)
    }
  }

  /** Others were first: it is read on from where it is known to be on disk. */
  renew(folded: Folded<State>): void {
    const isKept = this.holds(folded)
    this.drop(folded)
    if (isKept) this.#folded.set(folded.stream, folded.renewed())
  }

  drop(folded: Folded<State>): void {
    folded.isDropped = true
    if (!this.holds(folded)) return
    this.#folded.delete(folded.stream)
    this.#events -= this.#counted.get(folded) ?? 0
  }
}
