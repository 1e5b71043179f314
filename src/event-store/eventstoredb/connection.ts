import { EventEmitter, once } from 'node:events'
import { StoreUnavailable } from '../event-store.js'
import { type Failure, failureOf, silent } from './failure.js'
import { Lane } from './lane.js'
import { type Timings, pause, within } from './timings.js'

/** Between the first looks: what is only a hiccup is over by then. */
const firstWaitMs = 10

/** How the server is reached, for health. */
export interface ConnectionState {
  readonly connected: boolean
  /** Why not, in one line without secrets. */
  readonly why?: string
  /** Wrong credentials or TLS: trying again will not help. */
  readonly lasting?: boolean
}

/**
 * The ways to one server, and whether it is there. While it is known not to be, nobody waits for it
 * but one who looks, again and again, until it is back.
 */
export class Connection {
  /** Each kind of calls has its own, so that none fails or waits for another. */
  readonly appends: Lane
  readonly reads: Lane
  readonly follows: Lane
  #state: ConnectionState = { connected: false }
  #isChecked = false
  #checking = false
  /** Of the looks under way. */
  #lastFailure: Failure | undefined
  #heartbeat: NodeJS.Timeout | undefined
  readonly #closing = new AbortController()
  readonly #changes = new EventEmitter().setMaxListeners(0)

  constructor(
    url: string,
    private readonly timings: Timings,
    private readonly changed: () => void,
  ) {
    const lane = () => new Lane(url, timings)
    this.appends = lane()
    this.reads = lane()
    this.follows = lane()
    void this.#check()
  }

  get state(): ConnectionState {
    return this.#state
  }
  /** Aborted once the store is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /**
   * Resolves when the server is there. Rejects with StoreUnavailable when it is not: at once, or, for
   * one who has to know, after `patienceMs`.
   */
  async ready(patienceMs = 0): Promise<void> {
    const until = performance.now() + patienceMs
    for (;;) {
      this.assertOpen()
      if (this.#isChecked && this.#state.connected) return
      const left = until - performance.now()
      if (this.#isChecked && left <= 0) throw new StoreUnavailable(this.#state.why)
      await this.#change(this.#isChecked ? left : this.timings.connectMs)
    }
  }

  /** Waits for the server as long as it takes, or until aborted. */
  async up(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(this.#isChecked && this.#state.connected))
      await once(this.#changes, 'change', { signal }).catch(() => {})
  }

  /** A call failed: is the server still there? Who asks meanwhile waits for the answer. */
  suspect(failure: Failure): void {
    if (failure.isOfConnection) void this.#check()
  }

  assertOpen(): void {
    if (this.closing.aborted) throw new StoreUnavailable('The store is closed.')
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#heartbeat)
    for (const lane of [this.appends, this.reads, this.follows]) lane.close()
    this.#changes.emit('change')
  }

  async #check(): Promise<void> {
    if (this.#checking) return
    this.#checking = true
    this.#isChecked = false
    this.#lastFailure = undefined
    const { connectMs } = this.timings
    const late = () => this.#down(this.#lastFailure ?? silent(connectMs))
    const timer = setTimeout(late, connectMs)
    await this.#lookUntilUp()
    clearTimeout(timer)
    this.#checking = false
    this.#listen()
  }

  /** Where nothing is asked, nothing fails: only so is it noticed that the server has gone. */
  #listen(): void {
    clearTimeout(this.#heartbeat)
    if (this.closing.aborted) return
    const { connectMs, heartbeatMs } = this.timings
    this.#heartbeat = setTimeout(() => {
      const look = within(connectMs, this.reads.look(), () => silent(connectMs))
      void look.then(
        () => this.#listen(),
        () => this.#check(),
      )
    }, heartbeatMs)
  }

  async #lookUntilUp(): Promise<void> {
    const { connectMs, connectMaxMs, probeMinMs, probeMaxMs } = this.timings
    let [lookMs, waitMs] = [connectMs / 3, firstWaitMs]
    while (!this.closing.aborted && !(await this.#look(lookMs))) {
      await pause(waitMs, this.closing)
      lookMs = Math.min(lookMs * 2, connectMaxMs)
      waitMs = Math.min(waitMs * 2, this.#isChecked ? probeMaxMs : probeMinMs)
    }
  }

  /**
   * A server that does not listen is down; anything else, also an answer that got lost, may have
   * passed before anybody is told.
   */
  async #look(withinMs: number): Promise<boolean> {
    try {
      await within(withinMs, this.reads.look(), () => silent(Math.round(withinMs)))
      this.#set({ connected: true })
      return true
    } catch (error) {
      const failure = failureOf(error)
      this.reads.renew()
      if (this.#isChecked || failure.isRefusal) this.#down(failure)
      this.#lastFailure = failure
      return false
    }
  }

  #down({ message, isLasting }: Failure): void {
    this.#set({ connected: false, why: message, ...(isLasting && { lasting: true }) })
  }

  #set(state: ConnectionState): void {
    if (this.closing.aborted) return
    const { connected, why } = this.#state
    this.#isChecked = true
    this.#state = state
    this.#changes.emit('change')
    if (connected !== state.connected || why !== state.why) this.changed()
  }

  async #change(withinMs: number): Promise<void> {
    const over = AbortSignal.timeout(Math.max(Math.ceil(withinMs), 1))
    await once(this.#changes, 'change', { signal: over }).catch(() => {})
  }
}
