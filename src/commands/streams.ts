import { type Made, Rejected } from '../decider/facet.js'
import { type EventStore, type Position, WrongRevision } from '../event-store/event-store.js'
import type { Asked } from './asked.js'
import { type Trace, spanned } from '../tracing.js'
import { Attempt, DoneBefore, VersionConflict } from './attempt.js'
import { type DecidedEvent, Folded } from './folded.js'
import { FoldedCache } from './folded-cache.js'
import type { Message, Subject, Surroundings } from './subject.js'

/** What a command came to: the state after it, and what was recorded. */
export interface Taken<State> {
  readonly state: State
  readonly events: readonly DecidedEvent[]
  readonly revision: number
  /** Of the last event recorded; null if nothing was. */
  readonly position: Position | null
  /** It was done before, and more has happened since. */
  readonly isPast?: boolean
}
/** What must be made before a command can be decided; asked again only for another attempt. */
export type Making = (revision: number) => Promise<Made>

const attemptsMax = 5
const conflictEventsMax = 100
const nothing: Making = async () => ({})

/**
 * Load, decide, append; again if somebody else was first. Commands on one stream are decided one after
 * another against the pending state, so that many share a commit; a failed one drops it.
 */
export class Streams<State, Command extends Message> {
  readonly #cache: FoldedCache<State>

  constructor(
    private readonly store: EventStore,
    private readonly subject: Subject<State, Command>,
    private readonly surroundings: Surroundings,
  ) {
    this.#cache = new FoldedCache(
      stream => new Folded(stream, store, subject as Subject<State, Message>),
    )
  }

  /** One command. Rejects with `Rejected`, or with what the store rejects with. */
  async execute(
    stream: string,
    command: Command,
    asked: Asked,
    making: Making = nothing,
  ): Promise<Taken<State>> {
    const { trace } = asked
    const decide = (attempt: Attempt<State, Command>) =>
      spanned('decide', trace, { 'ledger.command': command.type }, () =>
        attempt.take(command, asked),
      )
    const taken = await this.attempt(stream, making, decide, trace)
    const { result } = taken
    return result instanceof DoneBefore ? this.#again(stream, result) : taken
  }

  /**
   * Several commands, in one append or none. `take` is called again from the start if somebody else
   * was first.
   */
  async attempt<Result>(
    stream: string,
    making: Making,
    take: (attempt: Attempt<State, Command>) => Result,
    trace?: Trace,
  ): Promise<Taken<State> & { result: Result }> {
    for (let tries = 1; tries <= attemptsMax; tries++) {
      const folded = await this.#cache.load(stream)
      const made = making === nothing ? {} : await making(folded.revision)
      if (folded.isDropped) continue
      const attempt = new Attempt(folded, this.subject, this.surroundings, made)
      const outcome = tried(() => take(attempt))
      const { state, revision } = folded
      if ('error' in outcome) {
        if (attempt.sealed.length > 0) this.#cache.drop(folded)
        if (await this.#stands(folded)) throw await this.#told(stream, outcome.error)
      } else if (attempt.sealed.length > 0) {
        const done = await this.#append(folded, attempt, trace)
        if (done) return { ...done, result: outcome.result }
      } else if (await this.#stands(folded)) {
        return { state, events: [], revision, position: null, result: outcome.result }
      }
    }
    throw busy()
  }

  /** The state as it is stored now, whoever wrote it. Rejects as `execute` does. */
  async stateOf(stream: string): Promise<State> {
    for (let tries = 1; tries <= attemptsMax; tries++) {
      const folded = await this.#cache.load(stream)
      const { state } = folded
      if (await this.#stands(folded)) return state
    }
    throw busy()
  }

  /** The state as it was decided on here last, at once, if it is still kept: others may have written since. */
  glimpse(stream: string): State | undefined {
    return this.#cache.peek(stream)
  }

  /** Undefined if another process was first: what was pending here is dropped. */
  async #append(
    folded: Folded<State>,
    { events, sealed, expectedRevision }: Attempt<State, Command>,
    trace: Trace | undefined,
  ): Promise<Taken<State> | undefined> {
    const { snapshot } = folded
    const { state, revision } = snapshot
    const appending = spanned('append', trace, { 'ledger.events': sealed.length }, () =>
      this.store.append(folded.stream, expectedRevision, sealed),
    )
    folded.pending = appending.then(
      () => folded.stored(snapshot),
      error => {
        folded.failed = true
        if (error instanceof WrongRevision) this.#cache.renew(folded)
        else this.#cache.drop(folded)
      },
    )
    this.#cache.grown(folded)
    try {
      return { state, events, revision, position: (await appending).position }
    } catch (error) {
      if (error instanceof WrongRevision) return undefined
      throw error
    }
  }

  /**
   * Whether an answer that writes nothing holds: all it was decided on is on disk, and nobody else
   * wrote there. What was decided here meanwhile came after it, and does not matter.
   */
  async #stands(folded: Folded<State>): Promise<boolean> {
    const { others } = folded
    const news = await this.store.read(folded.stream, folded.durable + 1)
    // Whatever of the news was written here is known to be by then.
    await folded.pending
    for (const event of news) folded.learn(event)
    return !folded.failed && folded.others === others
  }

  async #again(stream: string, { from, to }: DoneBefore): Promise<Taken<State>> {
    const all = await this.store.read(stream, 0)
    const stored = all.slice(0, to + 1)
    const state = stored.reduce<State>(
      (state, event) => (this.subject.knows(event) ? this.subject.evolve(state, event) : state),
      this.subject.initial,
    )
    const { position } = stored.at(-1)!
    const isPast = all.length > stored.length
    return { state, events: stored.slice(from), revision: to, position, isPast }
  }

  async #told(stream: string, error: unknown): Promise<unknown> {
    if (!(error instanceof VersionConflict)) return error
    const since = await this.store.read(stream, Math.max(error.expected + 1, 0))
    const events = since.slice(0, conflictEventsMax)
    return new Rejected('VERSION_CONFLICT', 'This moved on since you looked.', {
      revision: since.at(-1)?.revision ?? (await this.#cache.load(stream)).revision,
      events: events.map(event => ({
        id: event.id,
        type: this.subject.wireType(event),
        revision: event.revision,
        recordedAt: event.recordedAt,
      })),
    })
  }
}

const busy = () => new Rejected('BUSY', 'Too many changed this at once; try again.')

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

function tried<Result>(take: () => Result): Outcome<Result> {
  try {
    return { result: take() }
  } catch (error) {
    return { error }
  }
}
