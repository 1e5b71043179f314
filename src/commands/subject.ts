import type { Decided } from '../decider/decider.js'
import type { Asking } from '../decider/facet.js'
import type { Asked } from './asked.js'
import type { Envelope, Mode, StoredEvent } from '../event-store/stored-event.js'
import type { Policy } from '../incident/policy.js'

export interface Message {
  readonly type: string
  readonly data: object
}

/** A kind of stream: how it is decided and folded, whatever it is about. */
export interface Subject<State, Command extends Message> {
  readonly initial: State
  decide(state: State, command: Command, asking: Asking): Decided<Message>
  /**
   * Whether the stream is there for who asks. Throws `Rejected` if not, before anything else is looked
   * at, so that a refusal never tells of what they may not see.
   */
  admit(state: State, command: Command, asked: Asked): void
  evolve(state: State, event: Omit<StoredEvent, 'position'>): State
  /** Whether this version understands the event; if not, the stream is read-only here. */
  knows(event: Envelope): boolean
  /** The mode of the next event. */
  modeOf(state: State, events: readonly Message[]): Mode
  /** As clients call the event's type. */
  wireType(event: Envelope): string
  /** Whether commands may name earlier entries: then their ids are kept at hand. */
  readonly namesEntries: boolean
  /** How many events a stream may hold before a command of this type is refused. */
  eventsMax(commandType: string): number
}

/** What every decision needs from outside. */
export interface Surroundings {
  readonly clock: () => string
  /** The id of the person whose id or handle this is; throws `Rejected('UNKNOWN_PERSON')`. */
  readonly person: (idOrHandle: string) => string
  readonly called: (person: string) => readonly string[]
  /** The same id, if it is that of a key that belongs to nobody; throws `Rejected`. */
  readonly key: (id: string) => string
  /** What the organisation has settled now; asked in one turn with `policyRevision`, so they agree. */
  readonly policy: () => Policy
  /** The organisation's revision now; undefined for streams that are not decided under it. */
  readonly policyRevision: () => number | undefined
}
