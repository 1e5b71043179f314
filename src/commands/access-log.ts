import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from '../decider/facet.js'
import type { EventStore } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { AccessKind, RejectionCode } from '../schema.generated.js'
import { type OwnEvent, OwnStream } from './own-stream.js'

/** Something that somebody tried, saw or took, and that an auditor will want to know. */
export interface AccessEntry {
  readonly kind: AccessKind
  readonly actor: Actor
  /** Of the request. */
  readonly correlationId: string
  /** The query or the command, as the API calls it. */
  readonly operation: string
  readonly incidentId?: string
  /** What it was refused with. */
  readonly code?: RejectionCode
  /** What else there is to say; cut at 500 characters. */
  readonly detail?: string
}
/** What an entry says as it is stored; who and when is in the envelope. */
export type AccessNoted = Omit<AccessEntry, 'actor' | 'correlationId'> & {
  /** How often the same was done again within the minute after it was first noted. */
  readonly repeats?: number
}

/** The same by the same within this is one entry, and one that counts the rest. */
const sameMs = 60_000
/** Entries that may yet be repeated; beyond it the oldest is counted no more. */
const rememberedMax = 10_000
/** Entries that wait for the store; beyond it they are lost, and counted. */
const waitingMax = 1_000
const batchMax = 100
/** Before a store that did not take them is asked again. */
const retryMs = 1_000
const detailMax = 500

interface Waiting {
  readonly entry: AccessEntry
  readonly repeats?: number
  readonly occurredAt: string
  readonly done?: () => void
  readonly failed?: (error: unknown) => void
}
interface Remembered {
  readonly entry: AccessEntry
  readonly noted: Promise<void>
  readonly at: string
  repeats: number
}

/**
 * Who was refused for who they are, which administrator saw what is restricted, and who took history
 * out: in a stream of each day (UTC), which is in no export, list or feed. Nobody waits for a refusal to
 * be noted; what is shown or given out is noted before it is.
 */
export class AccessLog {
  readonly #waiting: Waiting[] = []
  readonly #remembered = new Map<string, Remembered>()
  #stream: OwnStream | undefined
  #serving: Promise<void> | undefined
  #lost = 0
  #isClosing = false
  readonly #counting: NodeJS.Timeout

  constructor(
    private readonly store: EventStore,
    private readonly clock: () => string,
  ) {
    this.#counting = setInterval(() => this.#count(), sameMs).unref()
  }

  /** Entries that could not be noted since the start. */
  get lost(): number {
    return this.#lost
  }

  /** Notes it soon; it never fails, and nobody waits for it. */
  note(entry: AccessEntry): void {
    this.#remember(entry, false).catch(() => {})
  }

  /** Resolves once it is on disk. Rejects with what the store rejects with: then it must not be shown. */
  noted(entry: AccessEntry): Promise<void> {
    return this.#remember(entry, true)
  }

  /** Of that day, such as `2026-01-31`, from this one on. */
  async read(day: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.store.read(streamOf(day), from, limit)
  }

  /** While the store still takes it; Nest calls this before the store is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#counting)
    this.#count(true)
    this.#isClosing = true
    await this.#serving
  }

  #remember(entry: AccessEntry, isAwaited: boolean): Promise<void> {
    const { kind, actor, operation, incidentId, code, detail } = entry
    const key = JSON.stringify([kind, actor, operation, incidentId, code, detail])
    const before = this.#remembered.get(key)
    if (before && !this.#isOver(before)) {
      before.repeats++
      return before.noted
    }
    if (before) this.#forget(key, before)
    const at = this.clock()
    const noted = this.#queued(entry, at, isAwaited)
    this.#remembered.set(key, { entry, noted, at, repeats: 0 })
    // What was not noted is no entry that others could be a repeat of.
    noted.catch(() => this.#remembered.delete(key))
    for (const [oldest, one] of this.#remembered) {
      if (this.#remembered.size <= rememberedMax) break
      this.#forget(oldest, one)
    }
    return noted
  }

  #isOver({ at }: Remembered): boolean {
    return Date.parse(this.clock()) - Date.parse(at) >= sameMs
  }

  /** Notes what was repeated meanwhile. */
  #count(all = false): void {
    for (const [key, one] of this.#remembered) if (all || this.#isOver(one)) this.#forget(key, one)
  }

  #forget(key: string, { entry, at, repeats }: Remembered): void {
    this.#remembered.delete(key)
    if (repeats > 0) this.#put({ entry, repeats, occurredAt: at })
  }

  #queued(entry: AccessEntry, occurredAt: string, isAwaited: boolean): Promise<void> {
    if (!isAwaited) return Promise.resolve(this.#put({ entry, occurredAt }))
    return new Promise((done, failed) => this.#put({ entry, occurredAt, done, failed }))
  }

  /** What somebody waits for is not lost: it is their request that fails, if any does. */
  #put(waiting: Waiting): void {
    if (this.#waiting.length >= waitingMax && !waiting.done) this.#lost++
    else this.#waiting.push(waiting)
    this.#serving ??= this.#serve().finally(() => (this.#serving = undefined))
  }

  /** What comes while an append is under way goes together in the next. */
  async #serve(): Promise<void> {
    for (let batch; (batch = this.#waiting.splice(0, batchMax)).length > 0;)
      try {
        await this.#streamOfToday().append(batch.map(eventOf))
        for (const { done } of batch) done?.()
      } catch (error) {
        await this.#again(batch, error)
      }
  }

  /** Who waits is told; the rest is tried again after a while, but not when the program ends. */
  async #again(batch: readonly Waiting[], error: unknown): Promise<void> {
    for (const { failed } of batch) failed?.(error)
    const kept = batch.filter(({ failed }) => !failed)
    const room = this.#isClosing ? 0 : Math.max(0, waitingMax - this.#waiting.length)
    this.#lost += Math.max(0, kept.length - room)
    this.#waiting.unshift(...kept.slice(0, room))
    if (room > 0 && kept.length > 0) await pause(retryMs, undefined, { ref: false })
  }

  #streamOfToday(): OwnStream {
    const stream = streamOf(this.clock().slice(0, 10))
    if (this.#stream?.stream !== stream)
      this.#stream = new OwnStream(this.store, stream, this.clock)
    return this.#stream
  }
}

const streamOf = (day: string) => `access-${day}`

function eventOf({ entry, repeats, occurredAt }: Waiting): OwnEvent {
  const { actor, correlationId, detail, ...said } = entry
  const data: AccessNoted = {
    ...said,
    ...(detail !== undefined && { detail: detail.slice(0, detailMax) }),
    ...(repeats !== undefined && { repeats }),
  }
  return { type: 'AccessNoted', data, actor, correlationId, occurredAt }
}
