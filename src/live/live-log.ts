import { setTimeout as pause } from 'node:timers/promises'
import { Injectable, Logger } from '@nestjs/common'
import { EventStore, type Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { eachInSlices } from '../in-slices.js'
import { Views } from '../views/views.js'
import { incidentIdOf } from '../api/event.answer.js'
import { Audiences } from './audience.js'
import { LiveEvent, positionOf } from './live-event.js'

/** Kept for those who are a little behind; who is further behind reads the log. */
const keptMax = 2_000
/** In characters of their data; the largest event has 256 KiB. */
const keptCharactersMax = 8 * 1024 * 1024
const tickMs = 15_000
/** Nobody has listened for so long: it is not followed until somebody does. */
const idleMsMax = 60_000
/** Until the views show what was recorded before; then it begins nevertheless. */
const viewsWaitMs = 1000
const retryMsMin = 100
const retryMsMax = 5_000

/** Whoever is woken when there is more: looks for it, takes it, and does not block. */
export interface Sleeper {
  wake(): void
  /** Called now and then: whoever follows through a filter is told how far it was looked. */
  tick(): void
}

/**
 * The log as it grows, followed once for all who listen. An event is told when the views show it, so
 * that whoever asks a list then finds it there.
 */
@Injectable()
export class LiveLog {
  readonly #sleepers = new Set<Sleeper>()
  readonly #stopping = new AbortController()
  readonly #kept: { readonly node: LiveEvent; readonly characters: number }[] = []
  #characters = 0
  #last: LiveEvent | undefined
  /** Everything after this is kept, or was dropped since. */
  #from: Position = 0n
  #started: Promise<unknown> | undefined
  #following: AbortController | undefined
  #usedAtMs = 0
  #isTelling = false
  readonly #ticking = setInterval(() => this.look(performance.now()), tickMs).unref()

  constructor(
    private readonly store: EventStore,
    private readonly audiences: Audiences,
    private readonly views: Views,
  ) {}

  /**
   * Begins with the first who listens. Resolves to the place after which everything is kept; up to
   * there the views show it. Rejects with what the store rejects with.
   */
  async start(): Promise<Position> {
    this.#usedAtMs = performance.now()
    this.#started ??= this.#begin().catch(error => {
      this.#started = undefined
      throw error
    })
    await this.#started
    return this.#from
  }

  add(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper)
  }
  remove(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper)
  }

  get isFollowing(): boolean {
    return this.#following !== undefined
  }

  /** Called now and then: tells who follows how far it was looked, and rests once nobody does. */
  look(nowMs: number): void {
    if (this.#sleepers.size > 0) this.#usedAtMs = nowMs
    else if (this.#following && nowMs - this.#usedAtMs > idleMsMax) this.#rest()
    void eachInSlices(this.#sleepers, sleeper => sleeper.tick())
  }

  /** What comes after an event or a place: the next event; undefined at the end; 'BEHIND' if the log has to be read. */
  after(at: LiveEvent | Position): LiveEvent | undefined | 'BEHIND' {
    if (typeof at !== 'bigint' && !at.isDropped) return at.next
    const position = positionOf(at)
    if (position < this.#from) return 'BEHIND'
    if (!this.#last || position >= this.#last.position) return undefined
    let i = this.#kept.length - 1
    while (i > 0 && this.#kept[i - 1]!.node.position > position) i--
    return this.#kept[i]!.node
  }

  /** What is kept, the latest first. */
  *latest(): Generator<LiveEvent> {
    for (let i = this.#kept.length - 1; i >= 0; i--) yield this.#kept[i]!.node
  }

  /** Nest calls this before the store is closed. */
  beforeApplicationShutdown(): void {
    clearInterval(this.#ticking)
    this.#stopping.abort()
  }

  async #begin(): Promise<void> {
    const head = await this.store.head()
    await this.views.caughtUp(head, viewsWaitMs)
    this.#from = head
    this.#following = new AbortController()
    void this.#follow(AbortSignal.any([this.#following.signal, this.#stopping.signal]))
  }

  /** As before the first who listened. */
  #rest(): void {
    this.#following?.abort()
    this.#following = undefined
    this.#started = undefined
    this.#last = undefined
    this.#kept.length = 0
    this.#characters = 0
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (let retryMs = retryMsMin; !signal.aborted; retryMs = Math.min(2 * retryMs, retryMsMax)) {
      const before = this.#last
      try {
        const after = this.#last?.position ?? this.#from
        await this.store.follow(after, event => this.#take(event, signal), signal)
      } catch (err) {
        if (signal.aborted) return
        new Logger('LiveLog').error({ err }, 'The log cannot be followed; trying again')
      }
      if (this.#last !== before) retryMs = retryMsMin
      await pause(retryMs, undefined, { ref: false, signal }).catch(() => {})
    }
  }

  async #take(event: StoredEvent, signal: AbortSignal): Promise<void> {
    const audience = await this.audiences.of(event)
    if (signal.aborted) return
    // Those who are not there yet are told what came before as they may see it now.
    const settledId = audience.before && incidentIdOf(event.stream)
    if (settledId) for (const { node } of this.#kept) node.settled(settledId, audience.now!)
    const node = new LiveEvent(event, audience)
    const characters = JSON.stringify(event.data).length
    this.#kept.push({ node, characters })
    this.#characters += characters
    if (this.#last) this.#last.next = node
    this.#last = node
    while (this.#kept.length > keptMax || this.#characters > keptCharactersMax) this.#drop()
    if (!this.#isTelling) void this.#tell()
  }

  #drop(): void {
    const { node, characters } = this.#kept.shift()!
    this.#characters -= characters
    this.#from = node.position
    node.isDropped = true
    node.next = undefined
  }

  async #tell(): Promise<void> {
    this.#isTelling = true
    for (let told: LiveEvent | undefined; told !== this.#last;) {
      told = this.#last
      await eachInSlices(this.#sleepers, sleeper => sleeper.wake())
    }
    this.#isTelling = false
  }
}
