import { Injectable } from '@nestjs/common'
import { incidentIdOf } from '../api/event.answer.js'
import { Hidden } from '../api/hidden.js'
import { incidentStream } from '../commands/handle-incident.js'
import { Bounded } from '../event-store/bounded.js'
import { EventStore, type Position, StoreDamaged } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { otherNamed } from '../incident/counterparts.js'
import { type Incident, incidents } from '../incident/incident.js'
import type { Viewer } from '../incident/membership.js'
import { visibilityNow } from '../replays/visibility-now.js'
import { Views } from '../views/views.js'

/** What is known of who may see an incident. */
export type Seen = Pick<Incident, 'visibility'>

/** Who may see what of an event, when it was asked. */
export interface Audience {
  /** Of its incident; undefined: it is of none. */
  readonly now?: Seen
  /** Just before it, where it may have changed that. */
  readonly before?: Seen
  /** Of the other incident that it names. */
  readonly other?: { readonly id: string; readonly now: Seen }
}

const open: Seen = incidents.initial
/** Of an incident whose stream is damaged nobody knows who may see it: events of others go on without it. */
const closed: Seen = { visibility: { level: 'RESTRICTED', members: new Map(), changedAt: '' } }
const orClosed = (error: unknown): Seen => {
  if (error instanceof StoreDamaged) return closed
  throw error
}
/** To whom only that is open which is open to everybody. */
const stranger: Viewer = { actor: { type: 'SYSTEM', id: 'nobody' }, isAdmin: false }
/** Beside or by these it is recorded who may see an incident. */
const settling: ReadonlySet<string> = new Set([
  'IncidentDeclared',
  'VisibilitySet',
  'MembershipGranted',
  'MembershipRevoked',
])

/** Restricted incidents of which it is kept what their streams say; of others it is read again. */
const keptMax = 1_000

/** What a stream says of who may see it, up to a revision. */
interface Said {
  readonly settled: readonly StoredEvent[]
  readonly revision: number
}

/** Whether they came of one request: many may be of one trace. */
const isBeside = (one: StoredEvent, other: StoredEvent): boolean =>
  one.correlationId === other.correlationId && one.recordedAt === other.recordedAt

/** Until the views show an event; then it is told nevertheless. */
const viewsWaitMs = 1000

/** Tells of an event who may see it, for everybody at once. */
@Injectable()
export class Audiences {
  readonly #hidden: Hidden
  readonly #said = new Bounded<string, Said>(keptMax)

  constructor(
    private readonly store: EventStore,
    private readonly views: Views,
  ) {
    this.#hidden = new Hidden(store, views)
  }

  /**
   * Waits until the views show the event. Asks them, and the stream itself of what is restricted, or where
   * it is just being settled who may see it.
   */
  async of(event: StoredEvent): Promise<Audience> {
    const { stream, type, data, position } = event
    await this.views.soonCaughtUp(position, viewsWaitMs)
    const id = incidentIdOf(stream)
    if (id === null) return {}
    if (settling.has(type))
      return this.#settledBy(event).catch((error: unknown) => ({ now: orClosed(error) }))
    const otherId = otherNamed({ type, data })
    const now = await this.#now(id, position).catch(orClosed)
    if (otherId === undefined) return { now }
    return { now, other: { id: otherId, now: await this.#now(otherId, position).catch(orClosed) } }
  }

  async #settledBy(event: StoredEvent): Promise<Audience> {
    const settled = await this.#settledIn(event.stream)
    const before = settled.filter(one => one.revision < event.revision && !isBeside(one, event))
    const now = visibilityNow(settled)
    // What has just been declared nobody saw before.
    return before.length > 0 ? { now, before: visibilityNow(before) } : { now }
  }

  async #now(id: string, upTo: Position): Promise<Seen> {
    const hidden = await this.#hidden.among([id], stranger, upTo)
    return hidden.has(id) ? visibilityNow(await this.#settledIn(incidentStream(id))) : open
  }

  /** Only what is new is read: to read the whole for each event would cost more with every one. */
  async #settledIn(stream: string): Promise<readonly StoredEvent[]> {
    const said = this.#said.get(stream) ?? { settled: [], revision: -1 }
    const events = await this.store.read(stream, said.revision + 1)
    const settled = [...said.settled, ...events.filter(({ type }) => settling.has(type))]
    this.#said.set(stream, { settled, revision: said.revision + events.length })
    return settled
  }
}
