import type { Chains } from './chains.js'
import type { Position } from './event-store.js'
import type { SealedEvent, StoredEvent } from './stored-event.js'

/** An append may hold a megabyte in EventStoreDB if nobody raised that, and metadata come on top. */
const runBytesMax = 256 * 1024
const runEventsMax = 500
/** What is appended together waits in memory. */
const bytesMax = 4 * 1024 * 1024

/** Appends that go together: each run is events of one stream that stand side by side in the log. */
export class Runs {
  readonly runs: SealedEvent[][] = []
  /** Where the last event is in the log. */
  end: Position = 0n
  #bytes = 0
  #runBytes = 0

  constructor(private readonly runsMax: number) {}

  /** False if it is full: the event begins the next one. */
  take(event: SealedEvent, position: Position): boolean {
    const bytes = Buffer.byteLength(event.bytes)
    const joins = this.#joins(event, bytes)
    if (!joins && this.runs.length === this.runsMax) return false
    if (this.#bytes > 0 && this.#bytes + bytes > bytesMax) return false
    if (joins) this.runs.at(-1)!.push(event)
    else this.runs.push([event])
    this.#runBytes = bytes + (joins ? this.#runBytes : 0)
    this.#bytes += bytes
    this.end = position
    return true
  }

  #joins({ stream }: SealedEvent, bytes: number): boolean {
    const run = this.runs.at(-1)
    if (run?.[0]!.stream !== stream || run.length === runEventsMax) return false
    return this.#runBytes + bytes <= runBytesMax
  }
}

/** A log in its order, as few appends as that leaves. */
export async function* runsOf(
  log: AsyncIterable<StoredEvent>,
  chains: Chains,
  runsMax: number,
): AsyncGenerator<Runs> {
  let runs = new Runs(runsMax)
  for await (const event of log) {
    const sealed = chains.next(event)
    if (runs.take(sealed, event.position)) continue
    yield runs
    runs = new Runs(runsMax)
    runs.take(sealed, event.position)
  }
  if (runs.runs.length > 0) yield runs
}
