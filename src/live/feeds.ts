import { Injectable } from '@nestjs/common'
import { cursorOf, placeOf } from '../api/cursor.js'
import { filterOf, shownBy } from '../api/event-filter.js'
import type { OperationContext } from '../api/pipeline.js'
import { Sight, viewerOf } from '../api/sight.js'
import { Directory, organisationStream } from '../commands/directory.js'
import { incidentStream } from '../commands/handle-incident.js'
import { Rejected } from '../decider/facet.js'
import { Bounded } from '../event-store/bounded.js'
import { EventStore, type Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Viewer } from '../incident/membership.js'
import type { EventFilter, Mode } from '../schema.generated.js'
import { latestSeen } from '../views/latest-seen.js'
import { Views } from '../views/views.js'
import type { Ended, Over, Stop } from './ending.js'
import { Follower, type Start, type Taker, type Wanted } from './follower.js'
import { LiveLog } from './live-log.js'

/** Who asks, and as whom they look at the log. */
type Seeing = Pick<Wanted, 'principal' | 'viewer'>
type Asker = Pick<OperationContext, 'principal' | 'correlationId'>

/** What is in earnest: exercises reach those outside only when they ask for them. */
export const modesTold: Mode[] = ['LIVE', 'RETROSPECTIVE']

/** Of which filters it is remembered that they were asked with; each has up to some kilobytes. */
const filtersMax = 100

/** Followers of the log, whatever transport they come by. */
@Injectable()
export class Feeds {
  /** One for all who ask with the same: of thousands, each would be fetched from far in memory. */
  readonly #filters = new Bounded<string, Wanted['shows']>(filtersMax)

  constructor(
    private readonly log: LiveLog,
    private readonly store: EventStore,
    private readonly sight: Sight,
    private readonly views: Views,
    private readonly directory: Directory,
  ) {}

  /**
   * Where to begin what is wanted: behind a cursor, or now. Rejects with `Rejected`: INVALID_CURSOR for what is none, and
   * REFRESH_REQUIRED {cursor} for one of another history, with where to begin instead.
   */
  async begin(after: string | null | undefined, wanted: Seeing): Promise<Start> {
    await this.log.start()
    if (after == null) return this.#now(wanted.viewer)
    const place = placeOf(after)
    const position = await this.sight.position(place, wanted.principal).catch((error: unknown) => {
      if (error instanceof Rejected) return undefined
      throw error
    })
    if (position !== undefined) return { position, cursor: after }
    const { cursor } = await this.#now(wanted.viewer)
    throw new Rejected(
      'REFRESH_REQUIRED',
      'This place is not in the log, or not for you: read anew what you need, and go on from `details.cursor`.',
      { cursor },
    )
  }

  /** What the views show now is known up to here, and what comes after it is told. */
  known(): Promise<Position> {
    return this.log.start()
  }

  /**
   * Now, for who is told how things stand. What they may see last may lie far behind: in between others
   * were at work, of whom they need not hear, so it is no reason to read the log.
   */
  async beginNow({ principal }: Asker): Promise<Start> {
    const known = await this.known()
    return notBefore(known, await this.#now({ ...viewerOf(principal), isAdmin: false }))
  }

  /** Behind the last event of what was read after so much was known. */
  beginAt(event: StoredEvent, known: Position): Start {
    return notBefore(known, startAt(event))
  }

  /** What an event filter lets through of the log, live. Rejects with `Rejected` as the query `events` does. */
  async wanted(filter: EventFilter | null | undefined, asker: Asker, as: string): Promise<Wanted> {
    const given = { ...filter, mode: filter?.mode ?? modesTold }
    const shows = this.#shownBy(filterOf(given, asker.principal, this.directory))
    const viewer = await this.sight.lister(asker, given.includeRestricted, as)
    const { principal } = asker
    return { viewer, told: viewerOf(principal), principal, shows, readsLog: true }
  }

  #shownBy(filter: EventFilter): Wanted['shows'] {
    const key = JSON.stringify(filter)
    const shows = this.#filters.get(key) ?? shownBy(filter)
    this.#filters.set(key, shows)
    return shows
  }

  /** Events from there on, as they are told to who asks. Undefined once aborted, else why it ended. */
  follow(
    start: Start,
    wanted: Wanted,
    taker: Taker,
    signal: AbortSignal,
  ): Promise<Ended | undefined> {
    return new Promise((ended, failed) =>
      this.followed(start, wanted, taker, signal, { ended, failed }),
    )
  }

  /** The same, without a promise: of thousands who follow nothing waits. */
  followed(start: Start, wanted: Wanted, taker: Taker, signal: Stop, over: Over): void {
    new Follower(this.log, this.sight, wanted, start, taker, over).run(signal)
  }

  /** Behind the last event that they may see: what comes now comes after it. */
  async #now(viewer: Viewer): Promise<Start> {
    for (const node of this.log.latest())
      if (node.toldTo({ viewer, told: viewer })) return startAt(node.event)
    const seen = latestSeen(this.views.db, viewer)
    const places = [
      { stream: organisationStream, revision: this.directory.revision },
      ...(seen ? [{ stream: incidentStream(seen.id), revision: seen.revision }] : []),
    ]
    const found = await Promise.all(
      places.map(({ stream, revision }) => this.store.read(stream, revision, 1)),
    )
    const [latest] = found.flat().toSorted((a, b) => (a.position > b.position ? -1 : 1))
    return startAt(latest!)
  }
}

const notBefore = (known: Position, { position, cursor }: Start): Start => ({
  position: position > known ? position : known,
  cursor,
})

const startAt = (event: StoredEvent): Start => ({
  position: event.position,
  cursor: cursorOf(event),
})
