import type { Database } from '../sqlite.js'
import { type Log, type Progress, Projector } from './projector.js'
import { createNext, discardNext, installNext } from './views-file.js'

/** Incidents whose rows wait for more events: one that runs is written once and not for each event. */
const writeBehind = 5000

type State = 'BUILDING' | 'BUILT' | 'OVER'

/**
 * All views from nothing, in a file beside the live one: `start`, `step` until done, then `finish` or
 * `abandon`. Interrupted anywhere before the end of `finish`, nothing has changed.
 */
export class Rebuild {
  #state: State = 'BUILDING'
  readonly #projector: Projector

  private constructor(
    private readonly folder: string,
    private readonly db: Database,
    log: Log,
  ) {
    this.#projector = new Projector(folder, log, db, writeBehind)
  }

  static start(folder: string, log: Log): Rebuild {
    return new Rebuild(folder, createNext(folder), log)
  }

  /** Throws as `Projector.catchUp` does; then it has to be abandoned. */
  step(maxEvents: number): Progress {
    this.#assert('BUILDING', 'BUILT')
    const progress = this.#projector.catchUp(maxEvents)
    this.#state = progress.done ? 'BUILT' : 'BUILDING'
    return progress
  }

  /** What was built is live; whoever opens the views from now on finds it. Throws unless the last step was done. */
  finish(): void {
    this.#assert('BUILT')
    this.#state = 'OVER'
    installNext(this.folder, this.db)
  }

  abandon(): void {
    if (this.#state === 'OVER') return
    this.#state = 'OVER'
    discardNext(this.folder, this.db)
  }

  #assert(...states: readonly State[]): void {
    if (!states.includes(this.#state)) throw new Error(`This rebuild is ${this.#state}`)
  }
}
