import { randomUUID } from 'node:crypto'
import type { Held, LeaseStream } from './lease-stream.js'
import { pause } from './timings.js'

export interface LeaseOptions {
  /** How long the holder may act without a renewal that was confirmed. */
  readonly leaseMs?: number
  /** How often it renews. */
  readonly renewMs?: number
  /** How often one who does not hold it looks. */
  readonly lookMs?: number
  /** Told when `held` changes. */
  readonly changed?: (held: boolean) => void
}

/**
 * At most one of those who ask for it holds it. Nobody compares clocks: the holder counts from before
 * its last confirmed renewal, the others from after they saw it, so theirs ends later. It saves double
 * work and is no fence: a process that is stopped in the middle of something goes on with it.
 */
export class Lease {
  readonly #holder = randomUUID()
  readonly #options: Required<LeaseOptions>
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  /** By our own clock. */
  #heldUntil = 0
  #told = false
  #telling: NodeJS.Timeout | undefined
  /** The last event as it was first seen, and when. */
  #seen: { last: Held | undefined; at: number } | undefined

  constructor(
    private readonly stream: LeaseStream,
    options: LeaseOptions = {},
  ) {
    const defaults = { leaseMs: 10_000, renewMs: 3000, lookMs: 1000, changed: () => {} }
    this.#options = { ...defaults, ...options }
  }

  /** Turns false by itself when no renewal was confirmed in time, also when the process was busy. */
  get held(): boolean {
    return performance.now() < this.#heldUntil
  }

  /** Asks for it until it is stopped. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Gives it back, if it is held: the next one need not wait. */
  async stop(): Promise<void> {
    this.#stop.abort()
    const wasHeld = this.held
    this.#hold(0)
    await this.#running
    if (wasHeld) await this.#write(true).catch(() => {})
    this.#hold(0)
  }

  async #run(): Promise<void> {
    const { renewMs, lookMs } = this.#options
    while (!this.#stop.signal.aborted) {
      // What fails is tried again; `held` ends in its time.
      const held = await (this.held ? this.#renew() : this.#look()).catch(() => false)
      await pause(held ? renewMs : lookMs, this.#stop.signal)
    }
  }

  /** A renewal that was not confirmed may be what stands in our way. */
  async #renew(): Promise<boolean> {
    const isOurs = (await this.#write(false)) || ((await this.#isOurs()) && this.#write(false))
    if (!(await isOurs)) this.#hold(0)
    return isOurs
  }

  async #isOurs(): Promise<boolean> {
    const last = await this.stream.last()
    this.#seen = { last, at: performance.now() }
    return last?.holder === this.#holder && !last.released
  }

  /**
   * Takes it when it is free: never held, given back, unchanged for as long as it is good for, or ours
   * by a renewal that we gave up.
   */
  async #look(): Promise<boolean> {
    const last = await this.stream.last()
    const now = performance.now()
    if (!this.#seen || this.#seen.last?.revision !== last?.revision) this.#seen = { last, at: now }
    const goodForMs = Math.max(last?.leaseMs ?? 0, this.#options.leaseMs)
    const isLeft = !last || last.released || last.holder === this.#holder
    const isFree = isLeft || now - this.#seen.at >= goodForMs
    return isFree && this.#write(false)
  }

  /** Whether it is ours now. What is not known to be written is looked at before it is tried again. */
  async #write(released: boolean): Promise<boolean> {
    const { leaseMs } = this.#options
    const asked = performance.now()
    const place = this.#seen?.last?.revision ?? -1n
    const said = { holder: this.#holder, leaseMs, released }
    const revision = await this.stream.write(place, said, released ? leaseMs / 4 : leaseMs / 2)
    if (revision === undefined) return false
    this.#seen = { last: { ...said, revision }, at: asked }
    if (!released && !this.#stop.signal.aborted) this.#hold(asked + leaseMs)
    if (place < 0n) void this.stream.keepShort(leaseMs)
    return !released
  }

  #hold(until: number): void {
    this.#heldUntil = until
    clearTimeout(this.#telling)
    this.#tell()
    const leftMs = until - performance.now()
    if (leftMs > 0) this.#telling = setTimeout(() => this.#tell(), Math.ceil(leftMs) + 1)
  }

  #tell(): void {
    if (this.#told === this.held) return
    this.#told = this.held
    this.#options.changed(this.#told)
  }
}
