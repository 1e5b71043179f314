import type { Position } from '../event-store.js'
import type { Fault } from '../fault.js'
import type { Rebuilding } from '../operated-store.js'
import type { StoredEvent } from '../stored-event.js'

/** What the views' thread asks the log's thread, one question at a time. */
export type Question =
  | { readonly read: { readonly stream: string; readonly from: number } }
  | { readonly readAll: { readonly after: Position; readonly limit: number } }
export type Answer = { readonly events: readonly StoredEvent[] } | Fault

/** Each answer names its question: one that was given up may be answered still. */
export interface Numbered {
  readonly number: number
}

/** How far the log is known to go, and whether what is no incident's was written to. */
export interface Seen {
  readonly position: Position
  readonly others: boolean
}

/** To the views' thread. */
export type Request = 'rebuild' | 'close'

/** From it. */
export type Report =
  | { readonly viewsAt: Position }
  /** Undefined: they work again. */
  | { readonly viewsFault: string | undefined }
  | { readonly rebuilding: Rebuilding }
  | { readonly seen: Seen }
