import type { Appended, Position } from '../event-store.js'
import type { Fault } from '../fault.js'
import type { Rebuilding } from '../operated-store.js'
import type { SealedEvent } from '../stored-event.js'
import type { PackedAppends, PackedOutcomes } from './packed.js'

/** What the main thread and the writing thread say to each other; nothing else crosses. */
export interface Append {
  readonly stream: string
  readonly expectedRevision: number
  readonly events: readonly SealedEvent[]
}
/** What became of one append: errors lose their class on the way, so they go as data. */
export type Outcome = Appended | { readonly wrongRevision: number } | Fault

/** To the writing thread: what waits together. */
export type Request = PackedAppends | 'rebuild' | 'close'

/** From it. The first report is `opened` or `refused`. */
export type Report =
  | { readonly opened: Position }
  | { readonly refused: Fault }
  /** Of the first appends that had none yet. */
  | { readonly done: PackedOutcomes }
  | { readonly stopped: Fault }
  | { readonly viewsAt: Position }
  /** Undefined: they work again. */
  | { readonly viewsFault: string | undefined }
  | { readonly rebuilding: Rebuilding }
