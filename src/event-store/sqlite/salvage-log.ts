import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../sqlite.js'
import { type Position, StoreDamaged } from '../event-store.js'
import { codeOf } from '../fault.js'
import type { SealedEvent } from '../stored-event.js'
import type { SeenHead } from '../verify-store.js'
import { notedIn } from './log-copy.js'
import { lookAtLog } from './log-file.js'
import { type LogRow, rowColumns } from './log-row.js'
import { type LostEnd, Salvage } from './salvage.js'

export interface Salvaged {
  /** Events and streams that can be trusted. */
  readonly kept: number
  readonly streams: number
  /** Events that were there and are not among them; 0 if only what is around the events is damaged. */
  readonly lost: number
  /** Of these, whose stream is not known. */
  readonly unknown: number
  readonly ends: readonly LostEnd[]
  /** Without a head record nobody knows whether the log lost its end. */
  readonly endKnown: boolean
}

/**
 * Reads what can be read of a damaged log, one event at a time, since a page that is gone takes others
 * with it. What is kept is given to `keep`, in log order. `seen` is what the views know: of events that
 * left no trace in the log it names the streams. Throws StoreUnavailable where there is no log.
 */
export function salvageLog(
  folder: string,
  seen: readonly SeenHead[] = [],
  keep: (event: SealedEvent) => void = () => {},
  told: (at: number, of: number) => void = () => {},
): Salvaged {
  const salvage = new Salvage()
  const noted = notedAsFarAs(folder)
  const db = lookAtLog(folder)
  let rows = 0
  try {
    for (const row of readableRows(db, Math.max(noted ?? 0, rowsMax(folder)))) {
      rows++
      const event = salvage.take(row)
      if (event) keep(event)
      if (rows % toldEvery === 0) told(rows, Math.max(noted ?? 0, rows))
    }
  } finally {
    db.close()
  }
  for (const { stream, revision } of seen) salvage.wasSeen(stream, revision)
  const { kept, streams, ends } = salvage
  const named = ends.reduce((sum, { events }) => sum + events, 0)
  const lost = Math.max((noted ?? 0) - kept, rows - kept, named)
  return { kept, streams, lost, unknown: lost - named, ends, endKnown: noted !== undefined }
}

const toldEvery = 500

/**
 * In log order; passes over what cannot be read, and over a place in the log that cannot be: a page that
 * is damaged may give rows over and over again.
 */
function* readableRows(db: Database, positionMax: number): Generator<LogRow> {
  const sql = `select ${rowColumns} from events where position > ? order by position limit 1`
  const next = tried(() => db.prepare<[Position], LogRow>(sql).safeIntegers())
  for (let at: Position = 0n; next !== 'UNREADABLE' && at < positionMax;) {
    const row = tried(() => next.get(at))
    if (row === undefined) return
    const isPlace = row !== 'UNREADABLE' && row.position > at && row.position <= positionMax
    if (isPlace) yield row
    at = isPlace ? row.position : at + 1n
  }
}

function tried<Result>(read: () => Result): Result | 'UNREADABLE' {
  try {
    return read()
  } catch (error) {
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR|ERROR)/.test(codeOf(error))) return 'UNREADABLE'
    throw error
  }
}

/** By the head record; undefined if there is none that can be read. */
function notedAsFarAs(folder: string): number | undefined {
  try {
    const head = notedIn(folder)
    return head && Number(head.position)
  } catch (error) {
    if (error instanceof StoreDamaged) return undefined
    throw error
  }
}

/** The bytes of an event and its hashes take more than this, so the files cannot hold more rows. */
const rowBytesMin = 300

function rowsMax(folder: string): number {
  const bytes = ['log.sqlite', 'log.sqlite-wal']
    .map(name => join(folder, name))
    .reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0)
  return Math.ceil(bytes / rowBytesMin)
}
