import { mkdirSync } from 'node:fs'
import type { Appended, Position } from '../event-store.js'
import { EventStoreDBEventStore } from '../eventstoredb/eventstoredb-event-store.js'
import type { EventStoreDBSettings } from '../eventstoredb/settings.js'
import { FolderLock } from '../folder-lock.js'
import { type Condition, OperatedStore, type Reading, type Rebuilding } from '../operated-store.js'
import { Rebuilds } from '../rebuilds.js'
import type { StoredEvent } from '../stored-event.js'
import { conditionsOf, readingsOf } from './conditions.js'
import { DutyLease } from './duty-lease.js'
import type { Report } from './messages.js'
import { ReplicaThread } from './replica-thread.js'
import { replicaViews } from './views-folder.js'

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

/** A revoked key works nowhere for longer than this. */
const lookEveryMs = 1000

/** One of any number of processes on an EventStoreDB: the store is shared, the views are its own. */
export class ReplicaStore extends OperatedStore {
  readonly conditions: readonly Condition[] = conditionsOf(this)
  readonly readings: readonly Reading[] = readingsOf(this)
  readonly #store: EventStoreDBEventStore
  readonly #lock: FolderLock
  readonly #thread: ReplicaThread
  readonly #duties: DutyLease
  readonly #rebuilds = new Rebuilds()
  readonly #watching = new Set<() => void>()
  #last: Position = 0n
  #viewsAt: Position = 0n
  /** Where the log ended when the views first had to get there; undefined until the store was asked. */
  #goal: Position | undefined
  #wasCaughtUp = false
  #wasConnected = false
  readonly #looking: NodeJS.Timeout
  #viewsFault: string | undefined

  private constructor(
    settings: EventStoreDBSettings,
    folder: string,
    private readonly viewsMoved: (position: Position) => void,
  ) {
    super()
    this.#lock = FolderLock.acquire(folder)
    const stateChanged = ({ connected }: { connected: boolean }) => {
      if (connected && !this.#wasConnected) void this.#look()
      this.#wasConnected = connected
    }
    this.#store = EventStoreDBEventStore.open(settings, { stateChanged })
    this.#looking = setInterval(() => void this.#look(), lookEveryMs).unref()
    const views = replicaViews(folder, settings)
    mkdirSync(views, { recursive: true, mode: 0o700 })
    this.#thread = new ReplicaThread(views, settings, report => this.#take(report))
    this.#duties = new DutyLease(() => this.#store.lease('duties'))
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

  async append(...asked: Parameters<OperatedStore['append']>): Promise<Appended> {
    const appended = await this.appends.watched(() => this.#store.append(...asked))
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
    clearInterval(this.#looking)
    await Promise.all([this.#duties.stop(), this.#thread.close()])
    await this.#store.close()
    this.#lock.release()
  }

  #take(report: Report): void {
    if ('viewsAt' in report) this.#moved(report.viewsAt)
    else if ('viewsFault' in report) this.#faulty(report.viewsFault)
    else if ('rebuilding' in report) this.#rebuilt(report.rebuilding)
    else {
      this.#seen(report.seen.position)
      if (report.seen.others) this.#othersMoved()
    }
  }

  #faulty(fault: string | undefined): void {
    this.#viewsFault = fault
    this.#duties.able(fault === undefined)
  }

  #rebuilt(progress: Rebuilding): void {
    // The position is the same, the file another.
    if (progress.state === 'DONE') this.#moved(this.#viewsAt)
    this.#rebuilds.tell(progress)
  }

  #seen(position: Position): void {
    if (position > this.#last) this.#last = position
  }

  #moved(position: Position): void {
    this.#viewsAt = position
    if (this.#goal !== undefined && position >= this.#goal) this.#wasCaughtUp = true
    this.viewsMoved(position)
  }

  /**
   * What the views' thread does not tell, because it stands still or is far behind, is looked for here:
   * keys are revoked, and the end of the log moves on, whatever becomes of the views.
   */
  async #look(): Promise<void> {
    if (!this.#store.state.connected) return
    this.#othersMoved()
    try {
      const head = await this.#store.head()
      this.#goal ??= head
      this.#seen(head)
      this.#moved(this.#viewsAt)
    } catch {
      // It is asked again soon.
    }
  }

  #othersMoved(): void {
    for (const moved of this.#watching) moved()
  }
}
