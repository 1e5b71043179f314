import type { Incident } from '../incident/incident.js'
import type { Last } from './read-model.js'

export interface Folded {
  readonly incident: Incident
  /** The last event that is folded into it. */
  readonly last: Last
  /** What its rows show; absent if that is not known. */
  shown: Incident | undefined
}

/** An incident grows with its events, and so does the memory it takes: so they are what is counted. */
const eventsMax = 100_000

/** Incidents kept folded, so that their next event costs one step; the one unused for longest goes first. */
export class FoldedIncidents {
  readonly #kept = new Map<string, Folded>()
  #events = 0

  get = (stream: string): Folded | undefined => this.#kept.get(stream)

  set(stream: string, folded: Folded): void {
    this.delete(stream)
    this.#kept.set(stream, folded)
    this.#events += folded.last.revision + 1
    for (const oldest of this.#kept.keys()) {
      if (this.#events <= eventsMax) break
      this.delete(oldest)
    }
  }

  delete(stream: string): void {
    const known = this.#kept.get(stream)
    if (!known) return
    this.#kept.delete(stream)
    this.#events -= known.last.revision + 1
  }

  clear(): void {
    this.#kept.clear()
    this.#events = 0
  }
}
