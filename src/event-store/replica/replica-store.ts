import type { Appended, Position } from '../event-store.js'
import { EventStoreDBEventStore } from '../eventstoredb/eventstoredb-event-store.js'
import type { Lease } from '../eventstoredb/lease.js'
import type { EventStoreDBSettings } from '../eventstoredb/settings.js'
import { FolderLock } from '../folder-lock.js'
import { type Condition, OperatedStore, type Reading, type Rebuilding } from '../operated-store.js'
import { Rebuilds } from '../rebuilds.js'
import type { SealedEvent, StoredEvent } from '../stored-event.js'
import { conditionsOf, readingsOf } from './conditions.js'
import type { Report } from './messages.js'
import { ReplicaThread } from './replica-thread.js'

/** How a replica fares, for health and metrics. */
export interface ReplicaState {
  readonly connected: boolean
  /** Why it is not connected, in one line. */
  readonly why?: string
  /** Events among ours that are not ours. */
  readonly foreign: number
  /** What the log is known to hold, and what of it the views show. */
  readonly last: Position
  readonly viewsAt: Position
  /** The views have shown all there was once; since then they only have to keep up. */
  readonly wasCaughtUp: boolean
  readonly viewsFault: string | undefined
  /** What happens by itself is done here. */
  readonly holdsDuties: boolean
}

/** One of any number of processes on an EventStoreDB: the store is shared, the views are its own. */
export class ReplicaStore extends OperatedStore {
  readonly conditions: readonly Condition[] = conditionsOf(this)
  readonly readings: readonly Reading[] = readingsOf(this)
  readonly #store: EventStoreDBEventStore
  readonly #lock: FolderLock
  readonly #thread: ReplicaThread
  readonly #duties: Lease
  readonly #rebuilds = new Rebuilds()
  readonly #watching = new Set<() => void>()
  #last: Position = 0n
  #viewsAt: Position = 0n
  /** Where the log ended when the views first had to get there; undefined until the store was asked. */
  #goal: Position | undefined
  #wasCaughtUp = false
  #viewsFault: string | undefined

  private constructor(
    settings: EventStoreDBSettings,
    folder: string,
    private readonly viewsMoved: (position: Position) => void,
  ) {
    super()
    this.#lock = FolderLock.acquire(folder)
    const stateChanged = () => this.#connectionChanged()
    this.#store = EventStoreDBEventStore.open(settings, { stateChanged })
    this.#thread = new ReplicaThread(folder, settings, report => this.#take(report))
    this.#duties = this.#store.lease('duties')
    this.#duties.start()
  }

  /** Does not wait for the server. Throws FolderLocked. */
  static open(
    settings: EventStoreDBSettings,
    folder: string,
    viewsMoved: (position: Position) => void = () => {},
  ): ReplicaStore {
    return new ReplicaStore(settings, folder, viewsMoved)
  }

  get state(): ReplicaState {
    const { connected, why, foreign } = this.#store.state
    return {
      connected,
      ...(why !== undefined && { why }),
      foreign,
      last: this.#last,
      viewsAt: this.#viewsAt,
      wasCaughtUp: this.#wasCaughtUp,
      viewsFault: this.#viewsFault,
      holdsDuties: this.holdsDuties,
    }
  }
  get lastPosition(): Position {
    return this.#last
  }
  get isHopeless(): boolean {
    return this.#store.state.lasting === true
  }
  get holdsDuties(): boolean {
    return this.#duties.held
  }

  watchOthers(moved: () => void): void {
    this.#watching.add(moved)
  }

  async rebuildViews(told: (progress: Rebuilding) => void): Promise<void> {
    const ended = this.#rebuilds.ended(told)
    this.#thread.rebuild()
    return ended
  }

  announce(address: string): void {
    this.#lock.announce(address)
  }

  async append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<Appended> {
    const appended = await this.#store.append(stream, expectedRevision, events)
    this.#seen(appended.position)
    return appended
  }
  read(stream: string, from: number, limit?: number): Promise<readonly StoredEvent[]> {
    return this.#store.read(stream, from, limit)
  }
  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.#store.readAll(after, limit)
  }
  follow(...asked: Parameters<OperatedStore['follow']>): Promise<void> {
    return this.#store.follow(...asked)
  }
  head(): Promise<Position> {
    return this.#store.head()
  }

  async close(): Promise<void> {
    await this.#duties.stop()
    await this.#thread.close()
    await this.#store.close()
    this.#lock.release()
  }

  #take(report: Report): void {
    if ('viewsAt' in report) this.#moved(report.viewsAt)
    else if ('viewsFault' in report) this.#viewsFault = report.viewsFault
    else if ('rebuilding' in report) this.#rebuilds.tell(report.rebuilding)
    else {
      this.#seen(report.seen.position)
      if (report.seen.others) this.#othersMoved()
    }
  }

  #seen(position: Position): void {
    if (position > this.#last) this.#last = position
  }

  #moved(position: Position): void {
    this.#viewsAt = position
    if (this.#goal !== undefined && position >= this.#goal) this.#wasCaughtUp = true
    this.viewsMoved(position)
  }

  /** What was written while nothing was heard is looked for. */
  #connectionChanged(): void {
    if (!this.#store.state.connected) return
    this.#othersMoved()
    if (this.#goal === undefined) void this.#findGoal()
  }

  async #findGoal(): Promise<void> {
    try {
      const head = await this.#store.head()
      this.#goal = head
      this.#seen(head)
      this.#moved(this.#viewsAt)
    } catch {
      // The connection is gone again; it is asked when it is back.
    }
  }

  #othersMoved(): void {
    for (const moved of this.#watching) moved()
  }
}
