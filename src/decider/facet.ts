import type { RejectionCode } from '../schema.generated.js'

export type ActorType = 'USER' | 'API_KEY' | 'AUTOMATION' | 'ALERT_SOURCE' | 'SYSTEM' | 'TIMER'

export interface Actor {
  readonly type: ActorType
  /** A person's id for USER, a key's for API_KEY, a fixed name for SYSTEM and TIMER. */
  readonly id: string
  /** The key that acted for the person. */
  readonly via?: string
}

/** How well a time is known; absent means exactly. */
export type Timing = 'APPROXIMATE' | 'UNKNOWN'

/** Everything a decision may know besides the state: no clock and no chance of its own. */
export interface Context {
  readonly actor: Actor
  /** When it happened: as claimed, else the server's clock (ISO 8601, UTC). */
  readonly now: string
  /** The actor holds `incidents:admin` and has said why in the command's options. */
  readonly overrides: boolean
  readonly newId: () => string
}

/** An event as evolve and narrate see it. */
export interface Recorded<Data> {
  readonly id: string
  readonly revision: number
  readonly occurredAt: string
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

export type Name = (person: string) => string

/** What a field holds, so that sealing and redaction find it. PLAIN is a decision too. */
export type Sensitivity = 'PERSON' | 'TEXT' | 'COMMAND_ONLY' | 'PLAIN'

/** The fields that can hold anything: numbers, flags and enumerations cannot hide a person. */
type OpenFields<Data> = {
  [F in keyof Data]-?: string extends Data[F]
    ? F
    : Data[F] extends string | number | boolean | null
      ? never
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

/**
 * One subject: what can be asked, what can happen, what is remembered. `Emits` are the events its
 * decisions may also record in another facet's name. A missing member is a compile error.
 */
export interface Facet<State, Slice, Commands, Events, Emits = Events> {
  readonly initial: Slice
  readonly payloads: { readonly [C in keyof Commands]: new () => Commands[C] }
  /** State and authority, without the payload; throws `Rejected`. Also answers `viewerCan`. */
  readonly may: { readonly [C in keyof Commands]: (state: State, context: Context) => void }
  /** No events if it already is so; throws `Rejected` if it cannot be. */
  readonly decide: {
    readonly [C in keyof Commands]: (
      state: State,
      command: Readonly<Commands[C]>,
      context: Context,
    ) => readonly MessagesOf<Emits>[]
  }
  /** Never refuses: the event has already happened. */
  readonly evolve: {
    readonly [E in keyof Events]: (slice: Slice, event: Recorded<Readonly<Events[E]>>) => Slice
  }
  readonly narrate: {
    readonly [E in keyof Events]: (event: Recorded<Readonly<Events[E]>>, name: Name) => Sentence
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
