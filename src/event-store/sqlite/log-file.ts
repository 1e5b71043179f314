import { hash as digest } from 'node:crypto'
import { existsSync } from 'node:fs'
import { Database, walPagesMax } from '../../sqlite.js'
import { type Position, StoreDamaged, StoreUnavailable } from '../event-store.js'
import { syncPath } from '../sync-path.js'
import { type Head, emptyHead } from './head-file.js'
import { holdsViews } from './install-log.js'

const ddl = `create table if not exists events(
  position integer primary key, stream text not null, revision integer not null, id text not null,
  type text not null, hash text not null, running text not null, bytes text not null, unique(stream, revision))`

/** At a start this many of the last events are checked before serving; the rest in the background. */
const tailEventsMax = 1000

/** The next running hash: SHA-256(running hash ‖ hash of the event). */
export const runningAfter = (running: string, hash: string): string =>
  digest('sha256', Buffer.from(running + hash, 'hex'))

const pathIn = (folder: string) => `${folder}/log.sqlite`

export const logIsIn = (folder: string): boolean => existsSync(pathIn(folder))

/** For reading beside a server, or without one. */
export function lookAtLog(folder: string): Database {
  if (!logIsIn(folder)) throw new StoreUnavailable('There is no log in this folder.')
  return new Database(pathIn(folder), { readonly: true })
}

/** For writing; made where there is none and never was. */
export function openLog(folder: string, noted: Head | undefined): Database {
  // Making an empty one would hide that the log is gone.
  if (noted && noted.position > 0n && !logIsIn(folder)) throw lost(noted.position)
  if (!logIsIn(folder) && holdsViews(folder)) throw gone()
  const db = new Database(pathIn(folder))
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('fullfsync = ON') // Where a plain fsync stops at the drive's cache (macOS).
    assertDurable(db)
    db.pragma(`wal_autocheckpoint = ${walPagesMax}`)
    db.exec(ddl)
    syncPath(folder)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** An acknowledgement means that the disk has it only with these two. */
export function assertDurable(db: Database): void {
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new Error('SQLite refuses synchronous = FULL')
  if (db.pragma('journal_mode', { simple: true }) !== 'wal')
    throw new Error('SQLite refuses journal_mode = WAL')
}

/** Where the log ends. It may be ahead of the head record (a crash in between), never behind it. */
export function headOf(db: Database, noted: Head | undefined): Head {
  const row = db.prepare<[Position], Head>(
    'select position, running from events where position = ?',
  )
  const last =
    db
      .prepare<[], Head>('select position, running from events order by position desc limit 1')
      .safeIntegers()
      .get() ?? emptyHead
  if (noted && noted.position > 0n) {
    const kept = row.safeIntegers().get(noted.position)
    if (!kept) throw lost(noted.position)
    if (kept.running !== noted.running)
      throw new StoreDamaged(
        `Event ${noted.position} is not the one that was acknowledged. Restore a backup.`,
      )
  }
  checkTail(db, last)
  return last
}

function checkTail(db: Database, last: Head): void {
  const tail = db
    .prepare<[number], Head & { hash: string }>(
      'select position, running, hash from events order by position desc limit ?',
    )
    .safeIntegers()
    .all(tailEventsMax + 1)
    .toReversed()
  let before = last.position > tailEventsMax ? tail.shift()! : emptyHead
  for (const row of tail) {
    const follows = row.position === before.position + 1n
    if (!follows || row.running !== runningAfter(before.running, row.hash))
      throw new StoreDamaged(`Event ${before.position + 1n} was changed or lost. Restore a backup.`)
    before = row
  }
}

const gone = () =>
  new StoreDamaged(
    'The log is gone (log.sqlite), and views that were made from it are there: events are lost. Restore a backup, or begin anew in another folder.',
  )

const lost = (position: Position) =>
  new StoreDamaged(
    `Event ${position} was acknowledged and is not in the log: events are lost. Restore a backup.`,
  )
