import type { Policy } from '../incident/policy.js'
import type { RejectionCode } from '../schema.generated.js'

export type ActorType = 'USER' | 'API_KEY' | 'AUTOMATION' | 'ALERT_SOURCE' | 'SYSTEM' | 'TIMER'

/** Made with its members in this order, that of canonical JSON: so an event need not be sorted to be sealed. */
export interface Actor {
  /** A person's id for USER, a key's for API_KEY, a fixed name for SYSTEM and TIMER. */
  readonly id: string
  readonly type: ActorType
  /** What acted for the person: a key's id, or the id of another person with a token. */
  readonly via?: string
}

/** How well a time is known; absent means exactly. */
export type Timing = 'APPROXIMATE' | 'UNKNOWN'

/** What some commands need and only the surroundings can make. */
export interface Made {
  /** Of a new incident: `INC-12`. */
  readonly reference?: string
  /** Of a new API key; the secret itself never comes here. */
  readonly keyId?: string
  readonly secretDigest?: string
  /** The other incident that the command is about; absent if there is none that the asker may see. */
  readonly other?: Other
}

/** Another incident as it was just before a decision about it: its own stream may move on meanwhile. */
export interface Other {
  readonly id: string
  /** It is the very incident that is asked. */
  readonly isSelf: boolean
  readonly status: string
  readonly mode: string
  /** Whether one more incident may refer to it. */
  readonly hasRoom: boolean
  /** Its parent, the parent of that, and so on. */
  readonly above: readonly string[]
  /** One of those is the incident that is asked. */
  readonly isBelow: boolean
}

/** Who asks and all that comes from outside: no clock and no chance of a decision's own. */
export interface Asking {
  readonly actor: Actor
  /** The server's clock. */
  readonly clock: string
  /** When it happened, if the client says so. */
  readonly claimed?: string | undefined
  /** Of the stream before this command; -1 for the first one. */
  readonly revision: number
  /** An administrator said why this shall be done whoever's right it is. */
  readonly overrides: boolean
  readonly newId: () => string
  /** The id of the person whose id or handle this is; throws `Rejected('UNKNOWN_PERSON')`. */
  readonly person: (idOrHandle: string) => string
  /** Whatever the directory calls this person now: a handle, a name; nothing of whom it does not know. */
  readonly called: (person: string) => readonly string[]
  /** The same id, if it is that of a key that belongs to nobody; throws `Rejected`. */
  readonly key: (id: string) => string
  /** An event of this stream, if the id is one's. */
  readonly event: (id: string) => { readonly type: string } | undefined
  /** What is settled beforehand; decisions on the organisation itself have it in their state. */
  readonly policy: Policy
  /** What only the surroundings can make. */
  readonly made: Made
}

/** Everything a decision may know besides the state. */
export interface Context extends Asking {
  /** When it happened: as claimed, else the later of the clock and the subject's last event. */
  readonly now: string
}

/** An event as evolve and narrate see it. */
export interface Recorded<Data> {
  readonly id: string
  readonly revision: number
  readonly occurredAt: string
  readonly timing?: Timing
  readonly recordedAt: string
  readonly actor: Actor
  readonly data: Data
}

/** One line of a timeline: what is so, or what somebody said about it. */
export interface Sentence {
  readonly kind: 'FACT' | 'COMMENTARY'
  readonly text: string
}

export const fact = (text: string): Sentence => ({ kind: 'FACT', text })
export const commentary = (text: string): Sentence => ({ kind: 'COMMENTARY', text })

/** How somebody is called: of a person's id, or of an actor; or another incident. */
export type Name = (who: string | Actor | Named) => string
export interface Named {
  readonly incident: string
}

/** What a field holds, so that sealing and redaction find it. PLAIN is a decision too. */
export type Sensitivity = 'PERSON' | 'TEXT' | 'COMMAND_ONLY' | 'PLAIN'

/** What an erased field reads as; evolve and narrate cope with it as with any string. */
export const ERASED = '[erased]'

/** The fields that can hold anything: numbers, flags and enumerations cannot hide a person. */
type OpenFields<Data> = {
  [F in keyof Data]-?: string extends Data[F]
    ? F
    : NonNullable<Data[F]> extends string | number | boolean
      ? string extends NonNullable<Data[F]>
        ? F
        : never
      : F
}[keyof Data]

/** `{ Name: Data }` becomes the union of `{ type: 'Name', data: Data }`. */
export type MessagesOf<Map> = {
  [T in keyof Map]: { readonly type: T; readonly data: Readonly<Map[T]> }
}[keyof Map]

/** The same for stored events. */
export type RecordedOf<Map> = {
  [T in keyof Map]: Recorded<Readonly<Map[T]>> & { readonly type: T }
}[keyof Map]

/** A command whose outcome is there already is taken and writes nothing. */
export type Permit = void | 'ALREADY_SO'

/**
 * One subject: what can be asked, what can happen, what is remembered. `Emits` are the events its
 * decisions may also record in another facet's name; `Duties` are the commands that the ledger gives
 * itself. A missing member is a compile error.
 */
export interface Facet<State, Slice, Commands, Events, Emits = Events, Duties = {}> {
  readonly initial: Slice
  /**
   * The input classes, validated at the edge; the mutations derive from them. A duty has none, so no
   * client can send it, and `viewerCan` does not list it.
   */
  readonly payloads: { readonly [C in keyof Commands]: new () => Commands[C] }
  /** State and authority, without the payload; throws `Rejected`. Also answers `viewerCan`. */
  readonly may: {
    readonly [C in keyof (Commands & Duties)]: (state: State, context: Context) => Permit
  }
  /** When the command's subject last changed: its events may not claim to be older than that. */
  readonly after: {
    readonly [C in keyof (Commands & Duties)]: (
      state: State,
      command: Readonly<(Commands & Duties)[C]>,
      asking: Asking,
    ) => string | undefined
  }
  /** No events if it already is so; throws `Rejected` if it cannot be. */
  readonly decide: {
    readonly [C in keyof (Commands & Duties)]: (
      state: State,
      command: Readonly<(Commands & Duties)[C]>,
      context: Context,
    ) => readonly MessagesOf<Emits>[]
  }
  /** Never refuses: the event has already happened. */
  readonly evolve: {
    readonly [E in keyof Events]: (slice: Slice, event: Recorded<Readonly<Events[E]>>) => Slice
  }
  /** With the state just after the event, for the words that it does not carry itself. */
  readonly narrate: {
    readonly [E in keyof Events]: (
      event: Recorded<Readonly<Events[E]>>,
      name: Name,
      after: State,
    ) => Sentence
  }
  readonly sensitive: {
    readonly [E in keyof Events]: { readonly [F in OpenFields<Events[E]>]: Sensitivity }
  }
}

/** A refusal is an answer, not a fault. The codes are the SDL's, where clients read them. */
export class Rejected extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string,
    readonly details: object = {},
  ) {
    super(message)
  }
}

/** Refused for who asks, not for what: an administrator may override it, with a reason. */
export class NotAuthorised extends Rejected {}
