import { cursorOf } from '../api/cursor.js'
import type { Sight } from '../api/sight.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { FeedAsked } from './feed-query.js'
import type { Feeds } from './feeds.js'
import type { Start, Wanted } from './follower.js'
import { reading } from './reading.js'

/** A pull looks at so many events at the most; a filter that shows none of them still moves on. */
const scannedMax = 20_000
/** Of the log at a time: what is filtered or hidden is passed over in larger steps. */
const pageSize = { first: 500, next: 2000 }
/** What one command records comes together. */
const gatherMs = 10

/** What one pull tells, as JSON, and behind which event to go on; undefined: there is none yet. */
export class Batch {
  readonly texts: string[] = []
  cursor: string | undefined
  #characters = 0

  constructor(
    start: Start | undefined,
    private readonly limit: number,
    private readonly charactersMax: number,
  ) {
    this.cursor = start?.cursor
  }

  get isFull(): boolean {
    return this.texts.length >= this.limit || this.#characters >= this.charactersMax
  }

  add(text: string): void {
    this.texts.push(text)
    this.#characters += text.length
  }
}

export interface Pull {
  /** Left out: the beginning of the log. */
  readonly start: Start | undefined
  readonly wanted: Wanted
  readonly asked: FeedAsked
  readonly charactersMax: number
  tell(event: StoredEvent): string
}

/**
 * What there is behind a place; if that is nothing, what comes next within the time it may wait, or until
 * it is aborted.
 */
export async function pulled(
  sight: Sight,
  feeds: Feeds,
  { start, wanted, asked, charactersMax, tell }: Pull,
  signal: AbortSignal,
): Promise<Batch> {
  const { limit, waitMs } = asked
  const batch = new Batch(start, limit, charactersMax)
  const take = (event: StoredEvent): void => {
    if (wanted.shows(event)) batch.add(tell(event))
    batch.cursor = cursorOf(event)
  }
  let position = start?.position ?? 0n
  for (let scanned = 0; scanned < scannedMax && !signal.aborted;) {
    const page = await reading.turn(() =>
      sight.log(
        position,
        scanned > 0 ? pageSize.next : Math.max(limit, pageSize.first),
        wanted.viewer,
        Infinity,
      ),
    )
    for (const event of await sight.told(page.scanned, wanted.principal)) {
      if (batch.isFull) return batch
      take(event)
    }
    position = page.upTo
    scanned += page.scanned.length
    if (!page.whole) continue
    // Of one that was aborted while the log was read, no more would be heard.
    if (batch.texts.length === 0 && waitMs > 0 && !signal.aborted) await awaited()
    break
  }
  return batch

  async function awaited(): Promise<void> {
    const enough = new AbortController()
    const stop = () => enough.abort()
    const timer = setTimeout(stop, waitMs)
    signal.addEventListener('abort', stop)
    const taker = {
      take(event: StoredEvent) {
        if (batch.texts.length === 0) setTimeout(stop, gatherMs)
        take(event)
        // What comes now is for the next pull, so it must not be looked past.
        if (batch.isFull) stop()
      },
      scanned(cursor: string) {
        batch.cursor = cursor
      },
      pendingBytes: 0,
      drained: () => Promise.resolve(),
    }
    try {
      await feeds.follow({ position, cursor: '' }, wanted, taker, enough.signal)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }
}
