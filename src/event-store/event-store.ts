import type { SealedEvent, StoredEvent } from './stored-event.js'

/** Opaque outside the adapters: only compared. */
export type Position = bigint
export interface Appended {
  /** Of the last event of the append. */
  readonly revision: number
  readonly position: Position
}

/** The stream is not where the append expected it. -1 is an empty stream. */
export class WrongRevision extends Error {
  constructor(readonly actual: number) {
    super(`The stream is at revision ${actual}`)
  }
}
/** Nothing was written, and nothing can be for now. */
export class StoreUnavailable extends Error {}
/** Nothing was written, because the disk is full; reading goes on, and writing as soon as there is room. */
export class StoreFull extends StoreUnavailable {}
/** It may or may not have been written: the same append again tells. */
export class OutcomeUnknown extends StoreUnavailable {}
/** What is stored is not what was written. */
export class StoreDamaged extends Error {}

/** All that the product asks of storage; `test/event-store/event-store.contract.ts` says what it means. */
export abstract class EventStore {
  /**
   * Durable when it resolves. An append whose events are all there already, each in its place, is
   * found done and answered again. Rejects with WrongRevision (also when only some are there, or in
   * another order, or when they do not follow `expectedRevision` or the event that is there, by its
   * hash: of two appends on one another the second never outlives the first), StoreUnavailable, StoreFull,
   * OutcomeUnknown or StoreDamaged, and with a TypeError when there is nothing to append.
   */
  abstract append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<Appended>
  /**
   * The stream from this revision on, every link of its chain checked; StoreDamaged if one is broken.
   * At most `limit` of them; all if it is left out.
   */
  abstract read(stream: string, from: number, limit?: number): Promise<readonly StoredEvent[]>
  /**
   * The whole log after a position, at most `limit` events. Fewer may come while there is more: only
   * an empty page is the end. StoreDamaged if the very next event is; what is before it is still given.
   */
  abstract readAll(after: Position, limit: number): Promise<readonly StoredEvent[]>
  /**
   * Everything after a position, then what comes, one at a time, until aborted: no gap, no repeat.
   * `caughtUp` is called each time the handler has seen all that is there. Resolves once aborted;
   * rejects with what the handler threw, StoreDamaged, or StoreUnavailable when the store is closed.
   */
  abstract follow(
    after: Position,
    handler: (event: StoredEvent) => Promise<void>,
    signal: AbortSignal,
    caughtUp?: (position: Position) => void,
  ): Promise<void>
  /** The position of the last event; 0 is before the first. */
  abstract head(): Promise<Position>
}
