import { Chains } from './chains.js'
import { type EventStore, type Position, StoreDamaged } from './event-store.js'
import type { StoredEvent } from './stored-event.js'

/** A place in a stream, and the event that was seen there. */
export interface SeenHead {
  readonly stream: string
  readonly revision: number
  readonly id: string
}

/** What somebody has seen of a log: that must still be in it. */
export interface SeenLog {
  /** Of the last event they took up, whatever its stream. */
  readonly position: Position
  /** Absent before the first. */
  readonly id?: string
  readonly heads: readonly SeenHead[]
}

export interface VerifiedStore {
  /** Events found good. */
  readonly events: number
  readonly streams: number
  /** What is wrong first, as a sentence. */
  readonly firstBad?: string
}

const pageMax = 500

/**
 * Reads the whole log and checks every link of every chain, and that all that was seen of it before is
 * still there. Memory grows with the number of streams and of what was seen, not of events. Rejects
 * with StoreUnavailable.
 */
export async function verifyStore(
  store: Pick<EventStore, 'readAll' | 'head'>,
  seen: SeenLog | undefined,
  told: (at: Position, head: Position) => void = () => {},
): Promise<VerifiedStore> {
  const head = await store.head()
  const walk = new Walk(seen)
  try {
    for (let at: Position = 0n; ;) {
      const page = await store.readAll(at, pageMax)
      if (page.length === 0) return walk.ended()
      for (const event of page) walk.take(event)
      at = page.at(-1)!.position
      told(at, head)
    }
  } catch (error) {
    if (error instanceof StoreDamaged) return { ...walk.good(), firstBad: error.message }
    throw error
  }
}

class Walk {
  readonly #chains = new Chains()
  /** By the place, until it was met. */
  readonly #awaited: Map<string, string>
  #events = 0
  #wasLastSeen: boolean

  constructor(private readonly seen: SeenLog | undefined) {
    const heads = seen?.heads ?? []
    this.#awaited = new Map(heads.map(({ stream, revision, id }) => [`${stream} ${revision}`, id]))
    this.#wasLastSeen = seen?.id === undefined
  }

  /** Throws StoreDamaged. */
  take(event: StoredEvent): void {
    this.#chains.next(event)
    const place = `${event.stream} ${event.revision}`
    const id = this.#awaited.get(place)
    if (id !== undefined && id !== event.id)
      throw new StoreDamaged(`${placed(event)} is not the one that the views have seen there.`)
    this.#awaited.delete(place)
    if (event.position === this.seen?.position) this.#wasLastSeen = event.id === this.seen.id
    this.#events++
  }

  good() {
    return { events: this.#events, streams: this.#chains.streams }
  }

  /** What was seen and has not come by is gone. */
  ended(): VerifiedStore {
    const [place] = this.#awaited.keys()
    const [stream, revision] = place?.split(' ') ?? []
    if (stream !== undefined)
      return {
        ...this.good(),
        firstBad: `The views have seen ${stream} up to revision ${revision}, and the log ends before.`,
      }
    if (!this.#wasLastSeen)
      return {
        ...this.good(),
        firstBad: `The last event that the views have seen, at position ${this.seen!.position}, is not in the log.`,
      }
    return this.good()
  }
}

const placed = ({ stream, revision, position }: StoredEvent) =>
  `The event at position ${position}, ${stream} revision ${revision},`
