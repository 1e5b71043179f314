import { Appends } from './appends.js'
import { EventStore, type Position } from './event-store.js'

/** One thing that must work for the program to be ready. It answers from memory, at once. */
export interface Condition {
  readonly name: string
  check(): { readonly ok: boolean; readonly detail?: string }
}

/** How a rebuild of the views goes, or how it ended. */
export interface Rebuilding {
  readonly state: 'BUILDING' | 'DONE' | 'FAILED'
  /** Of the log that is in the new views. */
  readonly position: Position
  readonly error?: string
}

/** A number that metrics show: read when it is asked for. */
export interface Reading {
  readonly name: `ledger_${string}`
  readonly help: string
  read(): number | bigint
}

/** What the views depend on. */
export interface FollowedState {
  /** Why they cannot follow the log; undefined while they do. */
  readonly viewsFault: string | undefined
  /** The check of the log, where this program makes one, and the first damage that it found. */
  readonly check?: { readonly damage?: { readonly position: Position } }
}

/** A store as the running program keeps it: the port, with the views that follow it and its care. */
export abstract class OperatedStore extends EventStore {
  readonly appends = new Appends()
  /** The position of the last event that is known here, at once. */
  abstract readonly lastPosition: Position
  /** How it fares. */
  abstract readonly state: FollowedState
  /** What must work of it, for health. */
  abstract readonly conditions: readonly Condition[]
  /** What it counts, for metrics. */
  abstract readonly readings: readonly Reading[]
  /** Whether this process does what happens by itself: at most one of those on a store at a time. */
  abstract readonly holdsDuties: boolean
  /** Waiting will not make it work: somebody has to mend it, a wrong password for example. */
  abstract readonly isHopeless: boolean
  /** Calls whenever another process may have written to one of the few streams that are no incident's. */
  abstract watchOthers(moved: () => void): void
  /** Makes all views anew while the old ones serve; does nothing more if that is under way. */
  abstract rebuildViews(told: (progress: Rebuilding) => void): Promise<void>
  /** Others who want the data folder are told to ask here. */
  abstract announce(address: string): void
  /** What was appended before is settled; followers and later calls are told StoreUnavailable. */
  abstract close(): Promise<void>
}
