import { type Appended, WrongRevision } from '../event-store.js'
import type { SealedEvent, StoredEvent } from '../stored-event.js'
import { readBack } from './read-back.js'

/** What goes together: no more than an append of the ledger may be without a setting of the server. */
const groupEventsMax = 500
const groupBytesMax = 256 * 1024

interface Writer {
  append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<Appended>
}
interface Reader {
  read(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]>
}
interface Waiting {
  readonly expected: number
  readonly events: readonly SealedEvent[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/**
 * One append to a stream at a time. The server compares revisions, not hashes: of two that are under way
 * on one another, it would refuse the first because somebody else was there, and take the second, which
 * is sealed on the first. What waits meanwhile and follows on one another goes together in the next.
 */
export class AppendQueues {
  /** A stream is here while something of it is under way. */
  readonly #waiting = new Map<string, Waiting[]>()

  constructor(
    private readonly writer: Writer,
    private readonly reader: Reader,
  ) {}

  append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const one = { expected, events, resolve, reject }
      const waiting = this.#waiting.get(stream)
      if (waiting) return void waiting.push(one)
      const queue = [one]
      this.#waiting.set(stream, queue)
      void this.#serve(stream, queue)
    })
  }

  async #serve(stream: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const group = queue.splice(0, groupLength(queue))
      if (group.length === 1 || !(await this.#together(stream, group)))
        for (const one of group) await this.#alone(stream, one)
    }
    this.#waiting.delete(stream)
  }

  async #alone(stream: string, { expected, events, resolve, reject }: Waiting): Promise<void> {
    await this.writer.append(stream, expected, events).then(resolve, reject)
  }

  /** False if somebody was there before: one of them may have been, and is found done by itself. */
  async #together(stream: string, group: readonly Waiting[]): Promise<boolean> {
    const events = group.flatMap(({ events }) => events)
    const from = events[0]!.revision
    try {
      await this.writer.append(stream, from - 1, events)
      const stored = await readBack(() => this.reader.read(stream, from, events.length))
      for (const { events, resolve } of group) {
        const { revision } = events.at(-1)!
        resolve({ revision, position: stored[revision - from]!.position })
      }
    } catch (error) {
      if (error instanceof WrongRevision) return false
      for (const { reject } of group) reject(error)
    }
    return true
  }
}

/** How many from the first on follow on one another, and fit. */
function groupLength(queue: readonly Waiting[]): number {
  let [length, events, bytes] = [0, 0, 0]
  for (const one of queue) {
    events += one.events.length
    bytes += one.events.reduce((sum, event) => sum + event.bytes.length, 0)
    const isNext = length === 0 || follows(queue[length - 1]!, one)
    if (length > 0 && (!isNext || events > groupEventsMax || bytes > groupBytesMax)) break
    length++
  }
  return length
}

const follows = (before: Waiting, after: Waiting) =>
  after.expected === before.events.at(-1)!.revision &&
  after.events[0]!.previousHash === before.events.at(-1)!.hash
