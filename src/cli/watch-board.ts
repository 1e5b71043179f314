import type { IncidentSummary } from '../schema.generated.js'

/** An incident as the board is told of it. */
export type Told = Pick<
  IncidentSummary,
  'id' | 'reference' | 'title' | 'status' | 'severity' | 'effectiveSeverity' | 'declaredAt'
> & { readonly commander?: { readonly name: string } | null }

/** What became of an incident: how it is, or how it was when it was last open. */
export interface Change {
  readonly incident: Told
  readonly isOpen: boolean
}

/** More than anybody can look at; those that are worse come first. */
export const rowsMax = 1000

/** The incidents that are open, as far as it was told. */
export class Board {
  readonly #rows = new Map<string, Told>()
  /** Whether there are more than it holds. */
  isCut = false

  /** The worst first, and of these the last declared. */
  get rows(): readonly Told[] {
    return [...this.#rows.values()].toSorted(
      (a, b) =>
        order(a.effectiveSeverity, b.effectiveSeverity) || order(b.declaredAt, a.declaredAt),
    )
  }

  /** All that are open now; says what is new of it. */
  list(all: readonly Told[], isCut: boolean): Change[] {
    this.isCut = isCut
    const open = new Set(all.map(({ id }) => id))
    const gone = [...this.#rows.keys()].filter(id => !open.has(id))
    return [
      ...gone.flatMap(id => this.take(id, null)),
      ...all.flatMap(incident => this.take(incident.id, incident)),
    ]
  }

  /** How one is now, null if it is not open; says nothing where that was known. */
  take(id: string, incident: Told | null): Change[] {
    const known = this.#rows.get(id)
    if (!incident) {
      this.#rows.delete(id)
      return known ? [{ incident: known, isOpen: false }] : []
    }
    if (JSON.stringify(known) === JSON.stringify(incident)) return []
    if (!known && this.#rows.size >= rowsMax) {
      this.isCut = true
      return []
    }
    this.#rows.set(id, incident)
    return [{ incident, isOpen: true }]
  }
}

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b))
