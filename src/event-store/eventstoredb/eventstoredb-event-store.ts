import { type Appended, EventStore, type Position, StoreUnavailable } from '../event-store.js'
import type { SealedEvent, StoredEvent } from '../stored-event.js'
import { Appender } from './appender.js'
import { Connection, type ConnectionState as Reached } from './connection.js'
import { follow } from './follow.js'
import { Foreign } from './foreign.js'
import { Head } from './head.js'
import { Lease, type LeaseOptions } from './lease.js'
import { LeaseStream } from './lease-stream.js'
import { LedgerReader } from './ledger-reader.js'
import { LedgerWriter } from './ledger-writer.js'
import { Names } from './names.js'
import { OurEvents } from './our-events.js'
import { Places } from './places.js'
import { Reader } from './reader.js'
import { type EventStoreDBSettings, mistakeIn } from './settings.js'
import { type Timings, defaultTimings, pause } from './timings.js'

/** How the store fares, for health and metrics. */
export interface ConnectionState extends Reached {
  /** Events among ours that somebody else wrote, as far as they were seen; at most 10,000 are counted. */
  readonly foreign: number
}

export interface OpenOptions {
  readonly timings?: Partial<Timings>
  readonly stateChanged?: (state: ConnectionState) => void
}

/** The log on an EventStoreDB, single or a cluster, which others may use besides. */
export class EventStoreDBEventStore extends EventStore {
  readonly #timings: Timings
  readonly #connection: Connection
  readonly #foreign: Foreign
  readonly #ours: OurEvents
  readonly #reader: Reader
  readonly #appender: Appender
  readonly #head: Head
  readonly #log: LedgerReader
  readonly #writer: LedgerWriter
  readonly #underWay = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  private constructor(settings: EventStoreDBSettings, options: OpenOptions) {
    super()
    const changed = () => options.stateChanged?.(this.state)
    this.#timings = { ...defaultTimings, ...options.timings }
    this.#foreign = new Foreign(changed)
    this.#ours = new OurEvents(new Names(settings.prefix), this.#foreign)
    this.#connection = new Connection(settings.url, this.#timings, changed)
    this.#reader = new Reader(this.#connection, this.#timings)
    this.#appender = new Appender(this.#connection, this.#timings)
    this.#head = new Head(this.#reader, this.#ours)
    const places = new Places()
    this.#log = new LedgerReader(this.#reader, this.#ours, places)
    this.#writer = new LedgerWriter(this.#appender, this.#log, this.#ours, places)
  }

  /** Does not wait for the server. A TypeError for a connection string with a mistake in it. */
  static open(settings: EventStoreDBSettings, options: OpenOptions = {}): EventStoreDBEventStore {
    const mistake = mistakeIn(settings.url)
    if (mistake) throw new TypeError(mistake)
    return new EventStoreDBEventStore(settings, options)
  }

  get state(): ConnectionState {
    return { ...this.#connection.state, foreign: this.#foreign.count }
  }

  /** Something that one process at a time may do; see Lease. */
  lease(name: string, options?: LeaseOptions): Lease {
    const stream = this.#ours.names.lease(name)
    return new Lease(new LeaseStream(stream, this.#appender, this.#reader), options)
  }

  async append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<Appended> {
    if (events.length === 0) throw new TypeError('An append needs at least one event')
    this.#assertOpen()
    const appending = this.#writer.append(stream, expectedRevision, events)
    this.#underWay.add(appending)
    try {
      return await appending
    } finally {
      this.#underWay.delete(appending)
    }
  }

  async read(stream: string, from: number, limit?: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    return this.#log.read(stream, from, limit)
  }
  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    return this.#log.readAll(after, limit)
  }
  async head(): Promise<Position> {
    this.#assertOpen()
    return this.#head.read()
  }

  async follow(
    after: Position,
    handler: (event: StoredEvent) => Promise<void>,
    signal: AbortSignal,
    caughtUp: (position: Position) => void = () => {},
  ): Promise<void> {
    if (signal.aborted) return
    this.#assertOpen()
    const [connection, ours, head, timings] = [
      this.#connection,
      this.#ours,
      this.#head,
      this.#timings,
    ]
    return follow({ connection, ours, head, timings }, { handler, caughtUp, signal }, after)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const over = new AbortController()
    const settled = Promise.allSettled(this.#underWay)
    await Promise.race([settled, pause(this.#timings.closeMs, over.signal)])
    over.abort()
    this.#connection.close()
  }

  #assertOpen(): void {
    if (this.#closed) throw closed()
  }
}

const closed = () => new StoreUnavailable('The store is closed.')
