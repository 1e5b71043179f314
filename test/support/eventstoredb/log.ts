import { EventEmitter, once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { type Expected, type Verdict, judge } from './expected.js'
import { firstVisible, isSoftDeleted, undelete } from './hiding.js'

/** What a client proposes to store. */
export interface Proposed {
  id: string
  type: string
  contentType: string
  data: Uint8Array
  metadata: Uint8Array
}

/** What a test writes past the server: whatever is not told is made up. */
export type Foreign = Partial<Omit<Proposed, 'data'>> & { data?: unknown }

/** One event as the server keeps it. `position` is its place in $all, a byte offset. */
export interface Kept extends Proposed {
  stream: string
  revision: number
  position: number
  /** Milliseconds since 1970. */
  created: number
}

/** A real log does not begin at zero for us: the server writes records of its own first. */
const FIRST_POSITION = 2_243
/** What a record takes besides its names and bytes; odd, so that no position looks like a count. */
const RECORD_OVERHEAD_BYTES = 117

/** The streams of a server, and of a cluster: it outlives the nodes that serve it. */
export class EventLog {
  /** Every event of every stream, in the order of $all. */
  readonly all: Kept[] = []
  readonly #streams = new Map<string, Kept[]>()
  readonly #byId = new Map<string, Kept>()
  readonly #index = new Map<number, number>()
  readonly #news = new EventEmitter().setMaxListeners(0)
  #end = FIRST_POSITION

  /** The place the next event will get: a reader may start there, and finds nothing yet. */
  get end() {
    return this.#end
  }

  /** Every event of the stream, also those its metadata hides. */
  stream(name: string): readonly Kept[] {
    return this.#streams.get(name) ?? []
  }

  /** The events a reader of the stream gets; undefined if there is no such stream. */
  visible(name: string, length = this.all.length): readonly Kept[] | undefined {
    const kept = within(this.stream(name), this.all[length - 1]?.position)
    if (kept.length === 0 || isSoftDeleted(this, name)) return undefined
    return kept.slice(firstVisible(this, name, kept.length))
  }

  /** The event last stored under the id, in any stream. */
  byId(id: string) {
    return this.#byId.get(id)
  }

  /** Which event of `all` begins at the position; undefined if none does. */
  indexAt(position: number): number | undefined {
    return position === this.#end ? this.all.length : this.#index.get(position)
  }

  /** Stores the events, finds them stored, or refuses them, as the real server decides it. */
  append(stream: string, expected: Expected, proposed: readonly Proposed[]): Verdict {
    const verdict = judge(this, stream, expected, proposed)
    if (verdict !== 'APPEND') return verdict
    if (proposed.length > 0 && isSoftDeleted(this, stream)) undelete(this, stream)
    const added = proposed.map(event => this.#keep(stream, event))
    this.wake()
    const last = this.stream(stream).at(-1)
    return { revision: last?.revision, position: (added.at(-1) ?? this.all.at(-1))?.position }
  }

  /** Somebody else's events: another writer than the one under test. Bytes are kept as they are. */
  foreign(stream: string, ...events: Foreign[]) {
    return this.append(stream, 'any', events.map(propose))
  }

  /** Events such as the server writes about itself; they stand in $all among ours. */
  noise(count: number) {
    const stats = Array.from({ length: count }, () => ({ type: '$statsCollected' }))
    return this.foreign('$stats-127.0.0.1:2113', ...stats)
  }

  /** Settles at the next append, or when the signal says that nobody waits any more. */
  async news(signal: AbortSignal): Promise<void> {
    await once(this.#news, 'appended', { signal }).catch(() => undefined)
  }

  /** Has those who wait for news look again: what they may see has changed. */
  wake() {
    this.#news.emit('appended')
  }

  #keep(stream: string, proposed: Proposed): Kept {
    const earlier = this.#streams.get(stream) ?? []
    const place = { revision: earlier.length, position: this.#end, created: Date.now() }
    const event = { ...proposed, stream, ...place }
    this.#streams.set(stream, earlier)
    earlier.push(event)
    this.#index.set(event.position, this.all.push(event) - 1)
    this.#byId.set(event.id, event)
    this.#end += sizeOf(event) + RECORD_OVERHEAD_BYTES + Buffer.byteLength(stream)
    return event
  }
}

/** The size the server counts an event at: two bytes per character of its type. */
export function sizeOf({ type, data, metadata }: Proposed) {
  return type.length * 2 + data.length + metadata.length
}

function propose(event: Foreign): Proposed {
  const { data: told = {} } = event
  const data = told instanceof Uint8Array ? told : Buffer.from(JSON.stringify(told))
  const blank = { id: randomUUID(), type: 'foreign', contentType: 'application/json' }
  return { ...blank, metadata: new Uint8Array(), ...event, data }
}

/** The events up to and with the position: what a node that lags has of them. */
function within(events: readonly Kept[], position: number | undefined): readonly Kept[] {
  const last = events.at(-1)
  if (position === undefined || last === undefined) return []
  return last.position <= position ? events : events.filter(event => event.position <= position)
}
