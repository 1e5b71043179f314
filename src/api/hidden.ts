import type { EventStore, Position } from '../event-store/event-store.js'
import { Rejected } from '../decider/facet.js'
import { incidentStream } from '../commands/handle-incident.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { type Viewer, isOpenTo } from '../incident/membership.js'
import { visibilityNow } from '../replays/visibility-now.js'
import { type KnownSight, sightOf } from '../views/seen-by.js'
import type { Views } from '../views/views.js'

/** Until the views know what was just recorded; then the streams themselves are asked. */
const viewsWaitMs = 1000

/** Which incidents are not open to somebody, an administrator being nobody special here. */
export class Hidden {
  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
  ) {}

  /** As far as the views know, at once. */
  has(id: string, viewer: Viewer): boolean {
    return this.#known(viewer, [id])?.hidden.has(id) === true
  }

  /** Of these; what the views do not know for sure, the streams tell. `upTo` is what they must show. */
  async among(
    ids: readonly string[],
    viewer: Viewer,
    upTo: Position = 0n,
  ): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set()
    const isShown = await this.views.soonCaughtUp(upTo, viewsWaitMs)
    const known = isShown ? this.#known(viewer, ids) : undefined
    const hidden = new Set(known?.hidden)
    for (const id of known?.unsure ?? ids) {
      const now = visibilityNow(await this.store.read(incidentStream(id), 0))
      if (isOpenTo(now, viewer)) hidden.delete(id)
      else hidden.add(id)
    }
    return hidden
  }

  /**
   * Whether somebody could see an event when it was the last. Who may see an incident is recorded
   * beside its declaration, so what came of one request counts together.
   */
  async wasOpen(
    { stream, revision, correlationId }: StoredEvent,
    viewer: Viewer,
  ): Promise<boolean> {
    const events = await this.store.read(stream, 0)
    const next = events.findIndex(
      event => event.revision > revision && event.correlationId !== correlationId,
    )
    return isOpenTo(visibilityNow(next < 0 ? events : events.slice(0, next)), viewer)
  }

  /** Undefined while there are no views. */
  #known(viewer: Viewer, ids: readonly string[]): KnownSight | undefined {
    try {
      return sightOf(this.views.db, viewer, ids)
    } catch (error) {
      if (error instanceof Rejected) return undefined
      throw error
    }
  }
}
