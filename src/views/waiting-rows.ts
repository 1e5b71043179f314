import type { StoredEvent } from '../event-store/stored-event.js'
import { incidents } from '../incident/incident.js'
import { evolved } from '../replays/incident-at.js'
import type { Database } from '../sqlite.js'
import { isOfOneEvent } from './faults.js'
import type { Folded } from './folded-incidents.js'
import { incidentOf } from './incident-streams.js'
import type { Change } from './read-model.js'
import { readModels } from './read-models.js'

type OfStream = Omit<Change, 'id'>

/** Incidents whose rows are to be written; the one unchanged for longest first. */
export class WaitingRows {
  readonly #waiting = new Map<string, Folded>()
  /** In a transaction within the transaction: all rows of an incident or none. */
  readonly #whole: (stream: string, change: OfStream) => void

  constructor(
    private readonly db: Database,
    private readonly read: (stream: string) => readonly StoredEvent[],
    /** Told of the event that no row can follow. */
    private readonly isolate: (event: StoredEvent, error: unknown) => void,
  ) {
    this.#whole = db.transaction((stream: string, change: OfStream) => this.#apply(stream, change))
  }

  get count(): number {
    return this.#waiting.size
  }

  set(stream: string, folded: Folded): void {
    this.#waiting.delete(stream)
    this.#waiting.set(stream, folded)
  }

  clear(): void {
    this.#waiting.clear()
  }

  /** So many of them. An incident whose rows cannot be written is isolated. */
  write(count: number): void {
    this.#each(count, (stream, change) => {
      try {
        this.#whole(stream, change)
      } catch (error) {
        if (!isOfOneEvent(error)) throw error
        this.#writeWithCare(stream, change.last.revision)
      }
    })
  }

  /** All, in less time: but who is thrown at has to give up the transaction, and write them otherwise. */
  writeAllAtOnce(): void {
    this.#each(this.count, (stream, change) => this.#apply(stream, change))
  }

  #each(count: number, write: (stream: string, change: OfStream) => void): void {
    for (const [stream, folded] of this.#waiting) {
      if (--count < 0) break
      this.#waiting.delete(stream)
      write(stream, { before: folded.shown, ...folded })
      folded.shown = folded.incident
    }
  }

  /** Event by event from the first, to find the one that no row can follow. */
  #writeWithCare(stream: string, to: number): void {
    let before = undefined
    for (const last of this.read(stream).slice(0, to + 1)) {
      const incident = evolved(before ?? incidents.initial, last)
      try {
        this.#whole(stream, { before, incident, last })
      } catch (error) {
        return this.isolate(last, error)
      }
      before = incident
    }
  }

  #apply(stream: string, change: OfStream): void {
    const id = incidentOf(stream)
    for (const model of readModels) model.apply(this.db, { id, ...change })
  }
}
