import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { v5 } from 'uuid'
import type { Principal } from '../auth/principal.js'
import { lacking } from '../auth/scopes.js'
import { AccessLog } from '../commands/access-log.js'
import type { DecidedEvent } from '../commands/folded.js'
import { IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { Rejected } from '../decider/facet.js'
import { EventStore, type Position } from '../event-store/event-store.js'
import { RecentReads } from '../event-store/recent-reads.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { otherNamed } from '../incident/counterparts.js'
import { statusOf } from '../incident/guards.js'
import type { Incident } from '../incident/incident.js'
import { type Viewer, isOpenTo } from '../incident/membership.js'
import { visibilityNow } from '../replays/visibility-now.js'
import { incidentIdOf } from '../views/known-incidents.js'
import { Views } from '../views/views.js'
import { type LogPlace, positionOf } from './cursor.js'
import { incidentIdOf as idOfStream, withoutOther } from './event.answer.js'
import { Hidden } from './hidden.js'
import type { OperationContext } from './pipeline.js'

/**
 * A page of the log that shows nothing to somebody is passed over: so many for one request. Whoever follows
 * the log keeps their place themselves, and passes over all.
 */
const hiddenPagesMax = 100
/** From the second on, they have so many events. */
const hiddenPageSize = 2_000
/** Streams of the ledger's own that nobody is shown, not even by a cursor: what is noted of access. */
const ownNotes = /^(access|delivery)-/

type Asker = Pick<OperationContext, 'principal' | 'correlationId'>

/**
 * The one way from the API to what is stored: a resolver that has no store cannot forget who asks. What
 * somebody may not see is not there for them. What is known to be hidden is not even looked at: another
 * id is, of which there is nothing, so that it takes as long as what does not exist.
 */
@Injectable()
export class Sight {
  readonly #nowhere = randomUUID()
  readonly #hidden: Hidden
  readonly #reads: RecentReads

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
    private readonly accessLog: AccessLog,
    private readonly streams: IncidentStreams,
  ) {
    this.#hidden = new Hidden(store, views)
    this.#reads = new RecentReads(store)
  }

  /** The events of an incident; none if it is not there for who asks. What an administrator sees is noted. */
  async stream(id: string, asker: Asker, operation: string): Promise<readonly StoredEvent[]> {
    const viewer = viewerOf(asker.principal)
    const events = await this.#reads.whole(incidentStream(this.#shown(id, viewer)))
    if (isOpenTo(visibilityNow(events), viewer)) return events
    if (!viewer.isAdmin) return []
    await this.#noted(id, asker, operation)
    return events
  }

  /**
   * Whether it was there and open to them when it was last decided on here; that is known at once. What
   * is not there takes as long as what is hidden.
   */
  isOpen(id: string, { principal }: Asker): boolean {
    const state = this.streams.glimpse(incidentStream(id))
    return state !== undefined && statusOf(state) !== 'NONE' && isOpenTo(state, viewerOf(principal))
  }

  /** The id to go on with, for a command or a list: of what is hidden, one that nothing has. */
  async id(id: string, asker: Asker, operation: string): Promise<string> {
    const viewer = viewerOf(asker.principal)
    const shown = this.#shown(id, viewer)
    if (viewer.isAdmin && this.#hidden.has(id, viewer)) await this.#noted(id, asker, operation)
    return shown
  }

  /** The id of the incident that people call so, if it is there for who asks. */
  idOf(reference: string, { principal }: Asker): string | undefined {
    return incidentIdOf(this.views.whole, viewerOf(principal), reference)
  }

  /** Of an incident that was changed: an administrator's change is noted, however late the views are. */
  async changed(id: string, state: Incident, asker: Asker, operation: string): Promise<void> {
    if (!isOpenTo(state, viewerOf(asker.principal))) await this.#noted(id, asker, operation)
  }

  /**
   * Who asks a list: an administrator sees in it what everybody sees, or all, which is noted. Rejects
   * with `Rejected('SCOPE_MISSING')` who asks for all and is none.
   */
  async lister(
    asker: Asker,
    includeRestricted: boolean | null | undefined,
    operation: string,
  ): Promise<Viewer> {
    const viewer = viewerOf(asker.principal)
    if (!includeRestricted) return { ...viewer, isAdmin: false }
    if (!viewer.isAdmin) throw lacking('INCIDENTS_ADMIN')
    const { actor, correlationId } = { ...asker.principal, ...asker }
    await this.accessLog.noted({ kind: 'RESTRICTED_LIST', actor, correlationId, operation })
    return viewer
  }

  /**
   * A page of the log without what is hidden, and without the ledger's own notes; `whole` if it ends
   * where the log did, and `upTo` is how far it was looked. The last of a page may be named to who asks,
   * so it is never of something hidden. Rejects with `Rejected('LIMIT_REACHED')` after so many pages of
   * nothing else.
   */
  async log(after: Position, limit: number, viewer: Viewer, pagesMax = hiddenPagesMax) {
    const head = await this.store.head()
    for (let from = after, pages = 1; pages <= pagesMax; pages++) {
      const page = await this.store.readAll(from, pages > 1 ? hiddenPageSize : limit)
      from = page.at(-1)?.position ?? head
      const scanned = await this.#seen(page, viewer)
      if (scanned.length > 0 || from >= head) return { scanned, whole: from >= head, upTo: from }
    }
    throw new Rejected('LIMIT_REACHED', 'Too much here is not for you to see.')
  }

  /**
   * Where the store has a place; undefined if nothing is there yet, or nothing for who asks: of what is
   * hidden now, only what they could see then. Rejects with `Rejected('INVALID_CURSOR')` if another
   * event is there.
   */
  async position(place: LogPlace, principal: Principal): Promise<Position | undefined> {
    const viewer = viewerOf(principal)
    const incidentId = idOfStream(place.stream)
    if (viewer.isAdmin || incidentId === null || !this.#hidden.has(incidentId, viewer))
      return positionOf(this.store, place)
    const [event] = await this.store.read(place.stream, place.revision, 1)
    const isTheirs = event?.id === place.id && (await this.#hidden.wasOpen(event, viewer))
    return isTheirs ? event.position : undefined
  }

  /** Events as they are told to who asks: the ids of other incidents that are not there for them are null. */
  async told<Event extends DecidedEvent>(
    events: readonly Event[],
    principal: Principal,
  ): Promise<Event[]> {
    const seen = await this.among(events.map(otherNamed), principal)
    return events.map(event => {
      const other = otherNamed(event)
      return other === undefined || seen.has(other) ? event : withoutOther(event, other)
    })
  }

  /** Those of these incidents that are there for who asks; an administrator is told of all. */
  async among(
    ids: readonly (string | undefined)[],
    principal: Principal,
  ): Promise<ReadonlySet<string>> {
    const all = [...new Set(ids.filter(id => id !== undefined))]
    const viewer = viewerOf(principal)
    if (viewer.isAdmin) return new Set(all)
    const hidden = await this.#hidden.among(all, viewer)
    return new Set(all.filter(id => !hidden.has(id)))
  }

  #shown(id: string, viewer: Viewer): string {
    return !viewer.isAdmin && this.#hidden.has(id, viewer) ? v5(id, this.#nowhere) : id
  }

  async #seen(page: readonly StoredEvent[], viewer: Viewer): Promise<StoredEvent[]> {
    const ids = [...new Set(page.map(({ stream }) => idOfStream(stream)))].filter(id => id !== null)
    const hidden = viewer.isAdmin
      ? new Set()
      : await this.#hidden.among(ids, viewer, page.at(-1)?.position)
    return page.filter(({ stream }) => {
      const id = idOfStream(stream)
      return id === null ? !ownNotes.test(stream) : !hidden.has(id)
    })
  }

  async #noted(incidentId: string, asker: Asker, operation: string): Promise<void> {
    const { actor, correlationId } = { ...asker.principal, ...asker }
    const kind = 'RESTRICTED_INCIDENT'
    await this.accessLog.noted({ kind, actor, correlationId, operation, incidentId })
  }
}

/** Somebody as incidents know who may see them. */
export const viewerOf = ({ actor, scopes }: Principal): Viewer => ({
  actor,
  isAdmin: scopes.has('INCIDENTS_ADMIN'),
})
