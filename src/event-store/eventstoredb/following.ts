import type { Position } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'
import { type Answer, Answers, end, quiet } from './answers.js'
import { ChainWatch } from './chain-watch.js'
import type { Connection } from './connection.js'
import { failureOf } from './failure.js'
import type { Head } from './head.js'
import type { InsideClient } from './inside-client.js'
import type { OurEvents } from './our-events.js'
import { type ServerPosition, subscription } from './requests.js'
import { recordIn } from './server-record.js'
import { type Timings, unless } from './timings.js'

/** What a follower needs of the store. */
export interface Followed {
  readonly connection: Connection
  readonly ours: OurEvents
  readonly head: Head
  readonly timings: Timings
}

/** Who follows, and how it is told. */
export interface Follower {
  readonly handler: (event: StoredEvent) => Promise<void>
  readonly caughtUp: (position: Position) => void
  readonly signal: AbortSignal
}

/** What the follower itself threw, on its way out past what a connection throws. */
export class HandlerFailed extends Error {
  constructor(readonly thrown: unknown) {
    super()
  }
}

/**
 * One follower's way along the log. A subscription that is lost says so once, or never, and is not
 * taken up again by the client: each is good until it ends, and the next begins where it got to.
 */
export class Following {
  #handled: Position
  /** The last event that came, ours or not: the next subscription begins behind it. */
  #seen: ServerPosition
  #told: Position | undefined
  readonly #watch = new ChainWatch()

  constructor(
    private readonly store: Followed,
    private readonly follower: Follower,
    after: Position,
  ) {
    this.#handled = after
    this.#seen = { commit: after, prepare: after }
  }

  /** How far it got: who comes further than before need not wait before it goes on. */
  get seen(): Position {
    return this.#seen.commit
  }

  /** Until the subscription ends, in whatever way; throws a Failure, what the port throws, or HandlerFailed. */
  async followOnce(): Promise<void> {
    const { signal } = this.follower
    const target = await unless(signal, this.store.head.read())
    const client = await unless(signal, this.store.connection.follows.client())
    try {
      const request = subscription(this.#seen, this.store.ours.names.filter)
      await this.#take(await Answers.to(client, request), target)
    } catch (error) {
      this.#failed(client, error)
      throw error
    }
  }

  /** A client that failed is replaced, but for one that learns from it who leads. */
  #failed(client: InsideClient, error: unknown): void {
    if (error instanceof HandlerFailed) return
    const failure = failureOf(error)
    if (!failure.isOfConnection) return
    if (failure.kind !== 'NOT_LEADER') this.store.connection.follows.renew(client)
    this.store.connection.suspect(failure)
  }

  async #take(answers: Answers, target: Position): Promise<void> {
    const { signal } = this.follower
    const cancel = () => answers.cancel()
    signal.addEventListener('abort', cancel)
    try {
      while (!signal.aborted) {
        if (!answers.hasNext) this.#tellCaughtUp(target)
        const answer = signal.aborted ? end : await this.#next(answers)
        if (answer === end) return
        await this.#handle(answer)
      }
    } finally {
      signal.removeEventListener('abort', cancel)
      answers.cancel()
    }
  }

  /** The next message; the end also of a subscription that says nothing of what the log has. */
  async #next(answers: Answers): Promise<Answer | typeof end> {
    const { watchMs, graceMs } = this.store.timings
    for (;;) {
      const answer = await answers.next(watchMs)
      if (answer !== quiet) return answer
      const head = await unless(this.follower.signal, this.store.head.read())
      if (head <= this.#handled) continue
      const late = await answers.next(graceMs)
      return late === quiet ? end : late
    }
  }

  async #handle(answer: Answer): Promise<void> {
    const record = recordIn(answer)
    const recorded = record && this.store.ours.of(record)
    if (recorded && recorded.event.position > this.#handled) {
      this.#watch.check(recorded)
      await this.#hand(recorded.event)
      this.#handled = recorded.event.position
    }
    // Never from a checkpoint: there are servers whose checkpoints name the place of the next event.
    if (record && record.position.commit > this.#seen.commit) this.#seen = record.position
  }

  async #hand(event: StoredEvent): Promise<void> {
    if (this.follower.signal.aborted) return
    await this.follower.handler(event).catch(error => {
      throw new HandlerFailed(error)
    })
  }

  /** Before it waits: it has handled all that anybody here knows of. */
  #tellCaughtUp(target: Position): void {
    if (this.#told === this.#handled) return
    if (this.#handled < target || this.#handled < this.store.ours.last) return
    this.#told = this.#handled
    this.follower.caughtUp(this.#handled)
  }
}
