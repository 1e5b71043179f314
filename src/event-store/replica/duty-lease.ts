/** As the adapter gives one out. */
interface Lease {
  readonly held: boolean
  start(): void
  stop(): Promise<void>
}

/**
 * The lease of what happens by itself. It is given back while the views stand still: what falls due is
 * found in them, and another replica may be able to look.
 */
export class DutyLease {
  #lease: Lease
  #isAble = true
  #givingBack: Promise<void> = Promise.resolve()

  constructor(private readonly make: () => Lease) {
    this.#lease = make()
    this.#lease.start()
  }

  get held(): boolean {
    return this.#isAble && this.#lease.held
  }

  /** Whether this replica can do them. */
  able(isAble: boolean): void {
    if (isAble === this.#isAble) return
    this.#isAble = isAble
    if (isAble) this.#lease.start()
    else {
      this.#givingBack = this.#lease.stop()
      this.#lease = this.make()
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#lease.stop(), this.#givingBack])
  }
}
