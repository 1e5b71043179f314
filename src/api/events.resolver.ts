import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Directory, organisationStream } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import type { Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { wireType } from '../replays/wire-type.js'
import type { EventFilter, EventOrder } from '../schema.generated.js'
import { connection } from './connection.js'
import { cursorOf, invalidCursor, placeOf } from './cursor.js'
import { eventAnswer, incidentIdOf } from './event.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'

/** A page looks at so many events at the most; a filter that shows few of them still moves on. */
const scannedMax = 2_000
const typesMax = 100

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
    const filter = {
      ...given,
      incidentId: given?.incidentId?.toLowerCase() ?? null,
      actor: given?.actor == null ? null : this.#actorIn(given.actor),
    }
    if (filter.includeOrganisation && !context.principal.scopes.has('AUDIT_READ'))
      throw new Rejected('SCOPE_MISSING', 'This needs AUDIT_READ.', { needs: 'AUDIT_READ' })
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
        ? await this.sight.log(start ?? 0n, scannedMax, viewer)
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

  /** Who is no person may be a key, or a part of the ledger. */
  #actorIn(idOrHandle: string): string {
    return this.directory.known(idOrHandle) ?? idOrHandle
  }

  async #found(cursor: string, { principal }: OperationContext): Promise<Position> {
    const position = await this.sight.position(placeOf(cursor), principal)
    if (position === undefined) throw invalidCursor()
    return position
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

/** The ledger's own streams are shown to nobody. */
function shownBy(filter: EventFilter) {
  const { incidentId, types, mode, includeOrganisation } = filter
  if (types && types.length > typesMax)
    throw new Rejected('INVALID_INPUT', `At most ${typesMax} types.`, { fields: ['types'] })
  return (event: StoredEvent): boolean => {
    const id = incidentIdOf(event.stream)
    if (id === null && (event.stream !== organisationStream || !includeOrganisation)) return false
    if (incidentId != null && id !== incidentId) return false
    if (mode && !mode.includes(event.mode)) return false
    if (!isBy(event, filter) || !isOfThen(event, filter)) return false
    const kind = id === null ? 'organisation' : 'incident'
    return !types || types.includes(wireType(kind, event.type, event.schemaVersion))
  }
}

const isBy = ({ actor }: StoredEvent, { actor: id, actorType, via }: EventFilter) =>
  (id == null || actor.id === id) &&
  (actorType == null || actorType.includes(actor.type)) &&
  (via == null || actor.via === via)

const isOfThen = ({ recordedAt, occurredAt }: StoredEvent, filter: EventFilter) =>
  isWithin(recordedAt, filter.recordedFrom, filter.recordedBefore) &&
  isWithin(occurredAt, filter.occurredFrom, filter.occurredBefore)

const isWithin = (instant: string, from?: string | null, before?: string | null) =>
  (from == null || instant >= from) && (before == null || instant < before)
