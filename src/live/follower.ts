import { setImmediate } from 'node:timers/promises'
import type { Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { cursorOf } from '../api/cursor.js'
import type { Sight } from '../api/sight.js'
import type { Principal } from '../auth/principal.js'
import { type Follows, type LiveEvent, positionOf } from './live-event.js'
import type { LiveLog, Sleeper } from './live-log.js'
import type { Ended, Over, Stop, Stops } from './ending.js'
import { reading } from './reading.js'

/** Where to begin: behind this event. */
export interface Start {
  readonly position: Position
  readonly cursor: string
}

/** Who takes what is told. */
export interface Taker {
  /** One event as they are told it; the next comes once a promise is settled. */
  take(event: StoredEvent, cursor: string): void | Promise<void>
  /** The incident of this event is no longer there for them; `last` is what they were told before. */
  lost?(event: StoredEvent, last: string): void | Promise<void>
  /** Nothing was told for a while, but so far it was looked. */
  scanned(cursor: string): void
  readonly pendingBytes: number
  drained(): Promise<void>
}

export interface Wanted extends Follows {
  readonly principal: Principal
  shows(event: StoredEvent): boolean
  /** Whether what was missed can be read from the log; else who falls far behind has to begin anew. */
  readonly readsLog: boolean
}

/** Beyond so many bytes on their way, nothing more is handed over. */
const pendingBytesMax = 1024 * 1024
/** Who takes nothing of it for so long has stopped reading; a slow network takes a little at a time. */
const stalledMsMax = 4_000
const lookMs = 500
const pageSize = 100

/**
 * One who follows the log: reads it from where they are, page by page, until they are where it grows,
 * then takes each event as it comes. Nobody is waited for: whoever is slow reads the log again, at their
 * own pace, and nothing is kept for them.
 */
export class Follower implements Sleeper, Stops {
  /** What they were last told or looked at: of what is kept the event itself, else its place. */
  #at: LiveEvent | Position
  #cursor: string
  /** Of what was looked at and not told. */
  #scanned: string | undefined
  #isBusy = false
  #signal: Stop | undefined

  constructor(
    private readonly log: LiveLog,
    private readonly sight: Sight,
    private readonly wanted: Wanted,
    start: Start,
    private readonly taker: Taker,
    private readonly over: Over,
  ) {
    this.#at = start.position
    this.#cursor = start.cursor
  }

  run(signal: Stop): void {
    if (signal.aborted) return this.over.ended(undefined)
    this.#signal = signal
    signal.addEventListener('abort', this)
    this.log.add(this)
    this.wake()
  }

  /** The signal's: it was aborted. */
  handleEvent(): void {
    if (this.#stopped()) this.over.ended(undefined)
  }

  wake(): void {
    if (this.#isBusy || !this.#signal) return
    this.#isBusy = true
    try {
      const waits = this.#advance()
      if (!waits) this.#isBusy = false
      else
        waits.then(
          () => ((this.#isBusy = false), this.wake()),
          error => this.#fail(error),
        )
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Tells that it was looked so far, if nothing was told since. */
  tick(): void {
    if (this.#scanned === undefined || this.#isBusy) return
    this.#cursor = this.#scanned
    this.#scanned = undefined
    this.taker.scanned(this.#cursor)
  }

  /** Takes what is there; a promise if something has to be waited for first. */
  #advance(): Promise<void> | undefined {
    while (this.#signal) {
      if (this.taker.pendingBytes > pendingBytesMax) return this.#drained()
      const next = this.log.after(this.#at)
      if (next === 'BEHIND') return this.#behind()
      if (!next) return undefined
      const waits = this.#tell(next)
      this.#at = next
      if (waits) return waits
    }
    return undefined
  }

  #tell(node: LiveEvent): void | Promise<void> {
    const told = node.toldTo(this.wanted)
    if (told) return this.#told(told, node.cursor)
    return node.hidesFrom(this.wanted) ? this.taker.lost?.(node.event, this.#cursor) : undefined
  }

  #told(event: StoredEvent, cursor: string): void | Promise<void> {
    if (!this.wanted.shows(event)) return void (this.#scanned = cursor)
    this.#scanned = undefined
    this.#cursor = cursor
    return this.taker.take(event, cursor)
  }

  async #behind(): Promise<void> {
    if (!this.wanted.readsLog) return this.#end('REFRESH_REQUIRED')
    const { scanned, upTo } = await reading.turn(() => this.#page(positionOf(this.#at)))
    for (const event of scanned) {
      // What was told after its end would be told again behind the cursor that it ended with.
      if (!this.#signal) return
      // While they wait the rest of the page grows old: who may see what is asked anew.
      if (this.taker.pendingBytes > pendingBytesMax) return this.#drained()
      await this.#told(event, cursorOf(event))
      this.#at = event.position
    }
    if (!this.#signal) return
    this.#at = upTo
  }

  async #page(after: Position) {
    const { viewer } = this.wanted
    const { scanned, upTo } = await this.sight.log(after, pageSize, viewer, Infinity)
    return { scanned: await this.sight.told(scanned, this.wanted.principal), upTo }
  }

  async #drained(): Promise<void> {
    const { promise, resolve } = later()
    let least = { bytes: this.taker.pendingBytes, atMs: performance.now() }
    const looking = setInterval(() => {
      const now = { bytes: this.taker.pendingBytes, atMs: performance.now() }
      if (now.bytes < least.bytes) least = now
      else if (now.atMs - least.atMs >= stalledMsMax) resolve('STALLED')
    }, lookMs)
    void this.taker.drained().then(() => resolve('DRAINED'))
    const what = await promise
    clearInterval(looking)
    if (what === 'STALLED') this.#end('SLOW_CONSUMER')
    // A connection that has just gone says so at once, and lets go of what it held only then.
    else if (this.taker.pendingBytes > pendingBytesMax) await setImmediate()
  }

  #end(code: Ended['code']): void {
    if (this.#stopped()) this.over.ended({ code, cursor: this.#cursor })
  }

  #fail(error: unknown): void {
    if (this.#stopped()) this.over.failed(error)
  }

  /** Whether it was going on until now. */
  #stopped(): boolean {
    const signal = this.#signal
    signal?.removeEventListener('abort', this)
    this.#signal = undefined
    this.log.remove(this)
    return signal !== undefined
  }
}

function later() {
  let resolve!: (what: 'STALLED' | 'DRAINED') => void
  const promise = new Promise<'STALLED' | 'DRAINED'>(done => (resolve = done))
  return { promise, resolve }
}
