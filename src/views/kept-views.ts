import { type Position, StoreDamaged } from '../event-store/event-store.js'
import { isDamaged } from './faults.js'
import { type Log, type Progress, Projector } from './projector.js'
import { Rebuild } from './rebuild.js'
import { replaceLive } from './views-file.js'

/** How a rebuild goes, or how the last one went. */
export interface RebuildProgress {
  readonly state: 'BUILDING' | 'DONE' | 'FAILED'
  /** Of the log that is in it. */
  readonly position: Position
  readonly error?: string
}

/** The views as the writing thread keeps them: up to the log, and rebuilt beside when asked. */
export class KeptViews {
  /** Absent where the file was given up, and another could not be opened yet. */
  #projector: Projector | undefined
  #rebuild: Rebuild | undefined
  #progress: RebuildProgress | undefined

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {
    this.#projector = new Projector(folder, log)
  }

  /** Undefined if none was asked for since the start. */
  get rebuilding(): RebuildProgress | undefined {
    return this.#progress
  }

  /**
   * Builds all views anew; the old ones serve and stay up to the log meanwhile. Does nothing if it is under
   * way. One that cannot begin, as on a full disk, has failed.
   */
  rebuild(): void {
    if (this.#rebuild) return
    try {
      this.#rebuild = Rebuild.start(this.folder, this.log)
      this.#progress = { state: 'BUILDING', position: 0n }
    } catch (error) {
      this.#progress = { state: 'FAILED', position: 0n, error: String(error) }
    }
  }

  /**
   * The live views first, then a step of the rebuild. `position` is what queries see; `done` that
   * neither has anything left. Throws as `Projector.catchUp` does.
   */
  catchUp(maxEvents = Infinity): Progress {
    const live = this.#live(maxEvents)
    if (!live.done || !this.#rebuild) return live
    this.#step(this.#rebuild, maxEvents)
    return { ...live, done: this.#rebuild === undefined }
  }

  close(): void {
    this.#rebuild?.abandon()
    this.#projector?.close()
  }

  /** A damaged file of views is no loss: it begins anew. */
  #live(maxEvents: number): Progress {
    try {
      this.#projector ??= new Projector(this.folder, this.log)
      return this.#projector.catchUp(maxEvents)
    } catch (error) {
      // Of a log that is damaged nothing whole can be made.
      if (error instanceof StoreDamaged || isDamaged(error)) this.#fail(error)
      if (!isDamaged(error)) throw error
      this.#giveUpFile()
      replaceLive(this.folder)
      return { position: 0n, done: false }
    }
  }

  /** A rebuild that fails takes nothing with it. */
  #step(rebuild: Rebuild, maxEvents: number): void {
    try {
      const { position, done } = rebuild.step(maxEvents)
      this.#progress = { state: 'BUILDING', position }
      if (done) this.#switch(rebuild)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (!this.#rebuild) return
    this.#rebuild.abandon()
    this.#rebuild = undefined
    this.#progress = { ...this.#progress!, state: 'FAILED', error: String(error) }
  }

  #switch(rebuild: Rebuild): void {
    rebuild.finish()
    this.#giveUpFile()
    this.#rebuild = undefined
    this.#progress = { ...this.#progress!, state: 'DONE' }
  }

  /** The next look at the log opens the one that is live by then. */
  #giveUpFile(): void {
    this.#projector?.close()
    this.#projector = undefined
  }
}
