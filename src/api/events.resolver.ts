import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import type { Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Viewer } from '../incident/membership.js'
import type { EventFilter, EventOrder } from '../schema.generated.js'
import { connection } from './connection.js'
import { cursorOf, invalidCursor, placeOf } from './cursor.js'
import { filterOf, shownBy } from './event-filter.js'
import { eventAnswer } from './event.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'

/** A page looks at so many events at the most; a filter that shows few of them still moves on. */
const scannedMax = 2_000
/** At first it looks at so many, and then at so many times as many. */
const scannedFirst = 16
const growth = 16

@Resolver()
export class EventsResolver {
  constructor(
    private readonly sight: Sight,
    private readonly directory: Directory,
  ) {}

  @Query()
  async events(
    @Args('filter') given: EventFilter | null | undefined,
    @Args('order') order: EventOrder,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() context: OperationContext,
  ) {
    const filter = filterOf(given, context.principal, this.directory)
    const isLatestFirst = order === 'LATEST'
    if (isLatestFirst && filter.incidentId === null)
      throw new Rejected('INVALID_INPUT', 'The latest first come only of one incident.', {
        fields: ['order'],
      })
    const isShown = shownBy(filter)
    const viewer = await this.sight.lister(context, filter.includeRestricted, 'events')
    const start = after == null ? undefined : await this.#found(after, context)
    const { scanned, whole } =
      filter.incidentId === null
        ? await this.#log(start ?? 0n, page => firstOf(page, isShown, first).cut, viewer)
        : {
            scanned: await this.#stream(filter.incidentId, start, isLatestFirst, context),
            whole: true,
          }
    const page = firstOf(scanned, isShown, first)
    const last = page.cut ? page.shown.at(-1) : scanned.at(-1)
    const told = await this.sight.told(page.shown, context.principal)
    const edges = told.map(event => ({
      cursor: cursorOf(event),
      node: eventAnswer(event, this.directory),
    }))
    return connection(edges, page.cut || !whole, last ? cursorOf(last) : (after ?? null))
  }

  async #found(cursor: string, { principal }: OperationContext): Promise<Position> {
    const position = await this.sight.position(placeOf(cursor), principal)
    if (position === undefined) throw invalidCursor()
    return position
  }

  /**
   * Mostly the next events are those to show, and who may see what is asked of few incidents; where a
   * filter shows few, ever more are looked at.
   */
  async #log(start: Position, isEnough: (page: readonly StoredEvent[]) => boolean, viewer: Viewer) {
    for (let size = scannedFirst; size < scannedMax; size *= growth) {
      const page = await this.sight.log(start, size, viewer)
      if (page.whole || isEnough(page.scanned)) return page
    }
    return this.sight.log(start, scannedMax, viewer)
  }

  /** Of one incident its stream is enough. */
  async #stream(
    incidentId: string,
    start: Position | undefined,
    isLatestFirst: boolean,
    context: OperationContext,
  ) {
    const events = await this.sight.stream(incidentId, context, 'events')
    if (isLatestFirst)
      return events.filter(({ position }) => start === undefined || position < start).toReversed()
    return events.filter(({ position }) => position > (start ?? 0n))
  }
}

/** The first so many that are shown, and whether there was another. */
function firstOf(
  events: readonly StoredEvent[],
  isShown: (e: StoredEvent) => boolean,
  first: number,
) {
  const shown: StoredEvent[] = []
  for (const event of events)
    if (isShown(event)) {
      if (shown.length === first) return { shown, cut: true }
      shown.push(event)
    }
  return { shown, cut: false }
}
