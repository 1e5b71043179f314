/** How fast an allowance fills, and how much it holds. */
export interface Rate {
  /** As clients are told it. */
  readonly name: string
  readonly perMinute: number
  readonly burst: number
}

/** What is left to one caller. It may be overdrawn once, and is empty until that is made up for. */
export class Allowance {
  #left: number
  #atMs: number

  constructor(
    private readonly rate: Rate,
    private readonly nowMs: () => number,
  ) {
    this.#left = rate.burst
    this.#atMs = nowMs()
  }

  get isEmpty(): boolean {
    this.#fill()
    return this.#left < 1
  }

  take(cost: number): void {
    this.#fill()
    this.#left -= cost
  }

  /** Whole seconds until something is left again; at least 1, since a client shall not ask at once. */
  get waitSeconds(): number {
    this.#fill()
    return Math.max(1, Math.ceil(((1 - this.#left) * 60) / this.rate.perMinute))
  }

  /** `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. */
  get header(): string {
    return `"${this.rate.name}";r=${Math.max(0, Math.floor(this.#left))};t=${this.waitSeconds}`
  }

  /** `RateLimit-Policy` of the same: the whole of it comes back within the window. */
  get policy(): string {
    const { name, burst, perMinute } = this.rate
    return `"${name}";q=${burst};w=${Math.max(1, Math.ceil((burst * 60) / perMinute))}`
  }

  #fill(): void {
    const now = this.nowMs()
    const more = ((now - this.#atMs) * this.rate.perMinute) / 60_000
    this.#left = Math.min(this.rate.burst, this.#left + more)
    this.#atMs = now
  }
}

/** Allowances by whose they are. Beyond so many, that of whoever asked longest ago is full again. */
export class Allowances {
  readonly #all = new Map<string, Allowance>()

  constructor(
    private readonly rate: Rate,
    private readonly countMax: number,
    private readonly nowMs: () => number,
  ) {}

  of(whose: string): Allowance {
    const known = this.#all.get(whose)
    if (known) this.#all.delete(whose)
    else if (this.#all.size >= this.countMax) this.#all.delete(this.#all.keys().next().value!)
    const allowance = known ?? new Allowance(this.rate, this.nowMs)
    this.#all.set(whose, allowance)
    return allowance
  }

  get count(): number {
    return this.#all.size
  }
}
