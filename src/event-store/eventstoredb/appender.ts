import { StoreUnavailable } from '../event-store.js'
import type { AppendOutcome } from './append-outcome.js'
import { type AppendRequest, sizeOf } from './append-request.js'
import { AppendStream } from './append-stream.js'
import type { Connection } from './connection.js'
import { type Failure, failureOf, silent } from './failure.js'
import { type Timings, pause, within } from './timings.js'

/** Appends wait here for the server; beyond either bound it is too slow to take more. */
const waitingMax = 10_000
const waitingBytesMax = 64 * 1024 * 1024
/** Between tries: the first is made again at once, and a server that refuses is not run down. */
const pausesMs = [0, 10, 20, 50, 100]

/** What an append came to, when that is known. */
export type Settled = Exclude<AppendOutcome, { failure: Failure }>

/**
 * Settles appends. One whose outcome is not known is sent again, the same bytes at the same place:
 * the server knows by the ids whether it has them.
 */
export class Appender {
  #stream: AppendStream | undefined
  #opening: Promise<AppendStream> | undefined
  #waiting = 0
  #waitingBytes = 0

  constructor(
    private readonly connection: Connection,
    private readonly timings: Timings,
  ) {}

  /** Rejects with StoreUnavailable if nothing was written, else OutcomeUnknown, in `appendMs`. */
  async append(request: AppendRequest, appendMs = this.timings.appendMs): Promise<Settled> {
    const bytes = sizeOf(request.events)
    if (this.#waiting >= waitingMax || this.#waitingBytes >= waitingBytesMax)
      throw new StoreUnavailable('Too many appends are waiting.')
    this.#waiting++
    this.#waitingBytes += bytes
    try {
      return await this.#settle(request, performance.now() + appendMs)
    } finally {
      this.#waiting--
      this.#waitingBytes -= bytes
    }
  }

  async #settle(request: AppendRequest, until: number): Promise<Settled> {
    let mayBeWritten = false
    for (let tries = 0; ; tries++) {
      const outcome = await this.#try(request, until, mayBeWritten)
      if (!('failure' in outcome)) return outcome
      mayBeWritten ||= outcome.mayBeWritten
      const pauseMs = pausesMs[Math.min(tries, pausesMs.length - 1)]!
      const { failure } = outcome
      if (failure.isFinal || this.connection.closing.aborted || left(until) <= pauseMs)
        throw failure.asError(mayBeWritten)
      await pause(pauseMs)
    }
  }

  async #try(request: AppendRequest, until: number, mayBeWritten: boolean): Promise<AppendOutcome> {
    try {
      // Only one who has to know what became of it waits for a server that is down.
      await this.connection.ready(mayBeWritten ? left(until) : 0)
      const stream = await this.#usableStream(left(until))
      const outcome = await stream.append(request, Math.min(this.timings.attemptMs, left(until)))
      if ('failure' in outcome) this.#failed(outcome.failure, stream)
      return outcome
    } catch (error) {
      const failure = failureOf(error)
      if (error instanceof StoreUnavailable) {
        if (mayBeWritten) throw failure.asError(true)
        throw error
      }
      this.#failed(failure)
      return { failure, mayBeWritten: false }
    }
  }

  /** A stream that brings no answers is left; who leads is learnt by its client alone, which is kept. */
  #failed(failure: Failure, stream?: AppendStream): void {
    if (failure.kind === 'DOWN' || failure.kind === 'SILENT') stream?.abandon()
    this.connection.suspect(failure)
  }

  async #usableStream(withinMs: number): Promise<AppendStream> {
    if (this.#stream?.isUsable) return this.#stream
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined))
    const ms = Math.min(this.timings.attemptMs, withinMs)
    return within(ms, this.#opening, () => silent(Math.round(ms)))
  }

  async #open(): Promise<AppendStream> {
    const { appends } = this.connection
    const isNew = !appends.hasClient
    const client = await appends.client()
    try {
      if (!isNew) await appends.look()
      const call = await client.openAppends()
      return (this.#stream = new AppendStream(call, () => appends.renew(client)))
    } catch (error) {
      appends.renew(client)
      throw error
    }
  }
}

const left = (until: number) => until - performance.now()
