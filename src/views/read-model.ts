import type { StoredEvent } from '../event-store/stored-event.js'
import type { Incident } from '../incident/incident.js'
import type { Database } from '../sqlite.js'

/** What rows show of an incident's last event; the event whole would be kept from being forgotten. */
export type Last = Pick<StoredEvent, 'id' | 'revision' | 'recordedAt'>

/** One incident before and after some of its events. */
export interface Change {
  readonly id: string
  /** What its rows show already; absent if that is not known: then every row is written. */
  readonly before: Incident | undefined
  readonly incident: Incident
  /** The last event that is folded into it. */
  readonly last: Last
}

/** One view: its tables, and how an incident's rows follow it. A new one is a file and a line in `read-models.ts`. */
export interface ReadModel {
  readonly name: string
  readonly ddl: string
  /** Writes the rows that differ. What it throws for an incident puts that incident into quarantine. */
  apply(db: Database, change: Change): void
}
