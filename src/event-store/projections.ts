import type { Position } from './event-store.js'
import { textOf } from './fault.js'

/** What is kept up to the log on the writing thread, a slice at a time. */
export interface Projection {
  /** Takes at most `maxEvents` more; `done` when nothing was left. May throw, and is asked again. */
  catchUp(maxEvents?: number): { readonly position: Position; readonly done: boolean }
  close(): void
}

/** What the others are told; `undefined` is that all work again. */
export interface ProjectionsWatch {
  at(position: Position): void
  fault(message: string | undefined): void
}

/** So many events at a time; of incidents they take 10 to 30 ms, and appends wait no longer for each. */
const sliceEventsMax = 500
/** What is taken faster has as many again until this is over: else large commits would leave it behind. */
const sliceMsMax = 5
/** A projection that failed is asked again after this, then twice that, and so on. */
const retryMsFirst = 50
const retryMsMax = 1000

/** One projection and how it fares. */
interface Kept {
  readonly make: () => Projection
  /** Absent until it could be opened. */
  projection?: Projection
  position: Position
  fault?: string | undefined
  failures: number
  retryAtMs: number
  behind: boolean
}

/**
 * Drives any number of projections, in turn, one slice each: between two slices there is room for
 * appends. None can fail an append or hold up another.
 */
export class Projections {
  readonly #kept = new Map<string, Kept>()
  #next: { cancel(): void } | undefined
  /** Absent at first: what was told of a thread before this one, which ended, may be a fault. */
  #reported: { position: Position; fault: string | undefined } | undefined

  constructor(private readonly watch: ProjectionsWatch) {}

  /** From now on it is kept; while it cannot be made, that is a fault like any other. */
  add(name: string, make: () => Projection): void {
    const fresh = { make, position: 0n, failures: 0, retryAtMs: 0, behind: true }
    this.#kept.set(name, fresh)
    this.moved()
  }

  remove(name: string): void {
    this.#kept.get(name)?.projection?.close()
    this.#kept.delete(name)
  }

  /** The log grew: all have something to do. */
  moved(): void {
    for (const kept of this.#kept.values()) kept.behind = true
    this.#schedule()
  }

  close(): void {
    this.#next?.cancel()
    for (const name of this.#kept.keys()) this.remove(name)
  }

  #schedule(): void {
    const behind = [...this.#kept.values()].filter(kept => kept.behind)
    if (behind.length === 0) return
    const waitMs = Math.min(...behind.map(kept => kept.retryAtMs)) - performance.now()
    this.#next?.cancel()
    this.#next = waitMs > 0 ? after(waitMs, () => this.#turn()) : soon(() => this.#turn())
  }

  #turn(): void {
    for (const kept of this.#kept.values())
      if (kept.behind && kept.retryAtMs <= performance.now()) slice(kept)
    this.#report()
    this.#schedule()
  }

  /** As far as the slowest: whoever waits for a position wants to see it in all of them. */
  #report(): void {
    const all = [...this.#kept.values()]
    if (all.length === 0) return
    const position = all.map(kept => kept.position).reduce((a, b) => (a < b ? a : b))
    const fault = all.find(kept => kept.fault !== undefined)?.fault
    const before = this.#reported
    if (position !== before?.position) this.watch.at(position)
    if (!before || fault !== before.fault) this.watch.fault(fault)
    this.#reported = { position, fault }
  }
}

function slice(kept: Kept): void {
  try {
    kept.projection ??= kept.make()
    const untilMs = performance.now() + sliceMsMax
    let before
    do {
      before = kept.position
      const { position, done } = kept.projection.catchUp(sliceEventsMax)
      Object.assign(kept, { position, behind: !done, fault: undefined, failures: 0, retryAtMs: 0 })
      // One that began anew is told of before it is as far as it was.
    } while (kept.behind && kept.position > before && performance.now() < untilMs)
  } catch (error) {
    kept.fault = textOf(error)
    kept.retryAtMs = performance.now() + Math.min(retryMsFirst * 2 ** kept.failures++, retryMsMax)
  }
}

function soon(work: () => void) {
  const immediate = setImmediate(work)
  return { cancel: () => clearImmediate(immediate) }
}

function after(waitMs: number, work: () => void) {
  const timer = setTimeout(work, waitMs)
  return { cancel: () => clearTimeout(timer) }
}
