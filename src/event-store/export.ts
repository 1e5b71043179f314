import { createHash, hash as digest } from 'node:crypto'
import { type EventStore, type Position, StoreDamaged } from './event-store.js'
import { isOwnStream } from './own-streams.js'
import { type StoredEvent, firstHash, resealed } from './stored-event.js'

/** What an export holds, and how its manifest says so. */
export interface Exporting {
  /** One stream; left out: all that are shown. */
  readonly stream?: string
  readonly shows: (stream: string) => boolean | Promise<boolean>
  /** Events behind this place are no part of it. */
  readonly upTo: Position
  /** What was asked for; of who asked and when there is nothing, so the same again is the same bytes. */
  readonly about: {
    readonly program: string
    readonly incident: string | null
    readonly incidents: 'ONE' | 'VISIBLE' | 'ALL'
    readonly organisation: boolean
  }
  /** The place of the last event as clients keep it: with it the same export can be asked for again. */
  readonly cursorOf: (event: StoredEvent) => string
}

/** What a finished export comes to. */
export interface Exported {
  readonly events: number
  readonly streams: number
  readonly at: string | null
  /** SHA-256 of all bytes of it. */
  readonly sha256: string
}

/** Of the lines; readers refuse one they do not know. */
export const exportFormat = 1
/** So many events are read, checked and written at a time: some milliseconds of work. */
const pageMax = 100
/** What the first event's running hash follows. */
const beginning = '00'.repeat(32)

/**
 * History as lines of JSON: each event with the very bytes that its hash is of, then a manifest, then the
 * SHA-256 of all lines before. Every chain is checked on the way. `running` binds the order of the events:
 * SHA-256(running hash before ‖ hash). Memory grows with the number of streams, not of events. Throws
 * what the store throws; what was given until then has no manifest, and so does not look whole.
 */
export async function* exportLines(
  store: Pick<EventStore, 'read' | 'readAll'>,
  exporting: Exporting,
  told: (at: Position) => void = () => {},
): AsyncGenerator<Buffer, Exported> {
  const [lines, file] = [createHash('sha256'), createHash('sha256')]
  const walk = new Walk()
  for await (const page of pagesOf(store, exporting)) {
    const shown: StoredEvent[] = []
    for (const event of page)
      if (!isOwnStream(event.stream) && (await exporting.shows(event.stream))) shown.push(event)
    const bytes = Buffer.from(shown.map(event => walk.line(event)).join(''))
    for (const sum of [lines, file]) sum.update(bytes)
    if (bytes.length > 0) yield bytes
    told(page.at(-1)!.position)
  }
  const manifest = Buffer.from(line({ manifest: walk.manifest(exporting) }))
  for (const sum of [lines, file]) sum.update(manifest)
  yield manifest
  const last = Buffer.from(line({ sha256: lines.digest('hex') }))
  yield last
  return { ...walk.summary(exporting), sha256: file.update(last).digest('hex') }
}

const line = (value: object) => `${JSON.stringify(value)}\n`

/** Pages of events up to the place, none of them empty. */
async function* pagesOf(
  store: Pick<EventStore, 'read' | 'readAll'>,
  { stream, upTo }: Exporting,
): AsyncGenerator<readonly StoredEvent[]> {
  let last: StoredEvent | undefined
  for (;;) {
    const page =
      stream === undefined
        ? await store.readAll(last?.position ?? 0n, pageMax)
        : await store.read(stream, (last?.revision ?? -1) + 1, pageMax)
    const within = page.filter(({ position }) => position <= upTo)
    if (within.length > 0) yield within
    if (page.length === 0 || within.length < page.length) return
    last = page.at(-1)
  }
}

class Walk {
  readonly #streams = new Map<string, { last: number; hash: string }>()
  #running = beginning
  #events = 0
  #last: StoredEvent | undefined

  line(event: StoredEvent): string {
    const { stream, revision } = event
    const before = this.#streams.get(stream) ?? { last: -1, hash: firstHash(stream) }
    if (revision !== before.last + 1)
      throw new StoreDamaged(`Revision ${before.last + 1} of ${stream} is missing`)
    const { hash, id, bytes } = resealed(before.hash, event)
    this.#streams.set(stream, { last: revision, hash })
    this.#running = digest('sha256', Buffer.from(this.#running + hash, 'hex'))
    this.#events++
    this.#last = event
    return `{"hash":"${hash}","id":"${id}","running":"${this.#running}","event":${bytes}}\n`
  }

  manifest({ about, cursorOf }: Exporting): object {
    const { streams, ...summary } = this.summary({ cursorOf })
    return {
      format: exportFormat,
      ...about,
      ...summary,
      running: this.#running,
      streams: [...this.#streams].map(([stream, { last, hash }]) => ({
        stream,
        first: 0,
        last,
        hash,
      })),
    }
  }

  summary({ cursorOf }: Pick<Exporting, 'cursorOf'>): Omit<Exported, 'sha256'> {
    const at = this.#last ? cursorOf(this.#last) : null
    return { events: this.#events, streams: this.#streams.size, at }
  }
}
