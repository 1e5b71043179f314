import type { StoredEvent } from '../event-store/stored-event.js'
import type { Start, Wanted } from './follower.js'

/** What a subscription's field asks for: which events to follow, and what each is answered with. */
export interface Asked {
  readonly start: Start
  readonly wanted: Wanted
  /** Whether who asks makes a difference to the answer, beyond what they may see. */
  readonly isPersonal: boolean
  /** What is told before any event. */
  readonly first: unknown
  /** What is told of an event. Throws `Rejected` for what ends it. */
  answer(event: StoredEvent, cursor: string): unknown
  /** What is told of an event that took its incident from their sight; nothing if left out. */
  lost?(event: StoredEvent, cursor: string): unknown
  /** What is told when nothing was for a while. */
  scanned?(cursor: string): unknown
}

/** graphql wants to be given something to iterate; it is followed instead, so that answers can be shared. */
export class Following implements AsyncIterable<never> {
  constructor(
    /** The field of `Subscription` that is answered. */
    readonly field: string,
    readonly asked: Asked,
  ) {}

  [Symbol.asyncIterator](): never {
    throw new TypeError('What is followed is not iterated')
  }
}
