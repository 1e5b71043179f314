import type { Database, Statement } from '../../sqlite.js'
import type { Position } from '../event-store.js'
import { chain, firstHash, uuidOf } from '../stored-event.js'
import { type Head, type HeadFile, emptyHead } from './head-file.js'
import { runningAfter } from './log-file.js'
import { type LogRow, envelopeIn, rowColumns } from './log-row.js'
import type { FirstBad, Progress, Verified } from './verify.js'

/** Some milliseconds of work at the usual size of an event. */
const chunkEventsMax = 500
const chunkBytesMax = 2 * 1024 * 1024

/**
 * One walk over the whole log, in its order, as far as it went when the walk began: whoever writes meanwhile
 * checks what they write, and would keep it from ever coming to an end.
 */
export class Verification {
  readonly #noted: Head | undefined
  readonly #end: Position
  #at: Head = emptyHead
  /** The last event of each stream so far. */
  readonly #streams = new Map<string, { revision: number; hash: string }>()
  #firstBad: FirstBad | undefined
  readonly #first: Statement<[], Position>
  readonly #page: Statement<[Position, number], LogRow>
  readonly #indexed: Statement<[string, number], Position>
  readonly #running: Statement<[Position], string>

  constructor(db: Database, headFile: HeadFile | undefined) {
    // Read before the end: all that it counts must be in the log.
    this.#noted = headFile?.read()
    this.#end = db
      .prepare<[], Position>('select coalesce(max(position), 0) from events')
      .pluck()
      .safeIntegers()
      .get()!
    this.#first = db
      .prepare<[], Position>('select coalesce(min(position), 1) from events')
      .pluck()
      .safeIntegers()
    this.#page = db
      .prepare<[Position, number], LogRow>(
        `select ${rowColumns} from events where position > ? order by position limit ?`,
      )
      .safeIntegers()
    this.#indexed = db
      .prepare<[string, number], Position>(
        'select position from events where stream = ? and revision = ?',
      )
      .pluck()
      .safeIntegers()
    this.#running = db
      .prepare<[Position], string>('select running from events where position = ?')
      .pluck()
  }

  /** False at the end of the log, or of what is good of it. */
  chunk(): boolean {
    const before = this.#at.position
    if (before === 0n) this.#firstBad = this.#early()
    if (this.#firstBad) return false
    const limit = Math.min(chunkEventsMax, Number(this.#end - before))
    let bytes = 0
    for (const row of this.#page.iterate(before, limit)) {
      this.#firstBad = this.#check(row)
      if (this.#firstBad) return false
      if ((bytes += row.bytes!.length) >= chunkBytesMax) break
    }
    if (this.#at.position > before) return true
    this.#firstBad = this.#checkHead()
    return false
  }

  progress(): Progress {
    return { checked: Number(this.#at.position), total: Number(this.#end) }
  }

  verified(): Verified {
    const found = { events: Number(this.#at.position), streams: this.#streams.size }
    return this.#firstBad ? { ...found, firstBad: this.#firstBad } : found
  }

  /** The log begins at 1. The walk over it would not meet what is before, and a stream that is read does. */
  #early(): FirstBad | undefined {
    const position = this.#first.get()!
    return position < 1n ? { position, what: 'is before the first place of the log' } : undefined
  }

  #check(row: LogRow): FirstBad | undefined {
    const position = this.#at.position + 1n
    if (row.position !== position) return { position, what: 'is missing' }
    const envelope = row.bytes && envelopeIn(row.bytes)
    if (!envelope) return { position, what: 'was changed: its bytes are not an event' }
    const { stream, revision, type } = envelope
    const place = { position, stream: String(stream), revision: Number(revision) }
    const before = this.#streams.get(stream) ?? { revision: -1, hash: firstHash(stream) }
    const hash = chain(before.hash, row.bytes!)
    const running = runningAfter(this.#at.running, hash)
    if (row.hash !== hash)
      return {
        ...place,
        what: 'was changed: its hash is not that of its bytes and what it follows',
      }
    if (revision !== before.revision + 1)
      return { ...place, what: `does not follow revision ${before.revision} of its stream` }
    if (row.stream !== stream || row.revision !== BigInt(revision) || row.type !== type)
      return { ...place, what: 'was changed: its columns are not those of its bytes' }
    if (row.id !== uuidOf(hash)) return { ...place, what: 'was changed: its id is not its own' }
    if (row.running !== running) return { ...place, what: 'was changed: its running hash is wrong' }
    if (this.#indexed.get(stream, revision) !== position)
      return { ...place, what: 'is not found through its stream: the index is damaged' }
    this.#streams.set(stream, { revision, hash })
    this.#at = { position, running }
    return undefined
  }

  #checkHead(): FirstBad | undefined {
    const noted = this.#noted
    if (!noted && this.#at.position > 0n)
      return {
        position: this.#at.position,
        what: 'is the last, and no head record (log.head) says so',
      }
    const { position, running } = noted ?? emptyHead
    if (position > this.#at.position)
      return { position: this.#at.position + 1n, what: 'was acknowledged and is not in the log' }
    const kept = position === 0n ? emptyHead.running : this.#running.get(position)
    if (kept === running) return undefined
    return { position, what: 'is not the one that was acknowledged (log.head)' }
  }
}
