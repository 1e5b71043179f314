import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncPath } from '../event-store/sync-path.js'
import { Database, walPagesMax } from '../sqlite.js'
import { isDamaged } from './faults.js'
import { ddl, version } from './read-models.js'

/**
 * The live file is `views.<n>.sqlite` with the highest n. A new one never takes an old one's name:
 * SQLite would find the old one's write-ahead log beside it and play it into the new.
 */
const live = /^views\.(\d+)\.sqlite$/
const next = 'views.next.sqlite'
/** What SQLite keeps beside a file while it is open. */
const beside = ['', '-wal', '-shm', '-journal']

/** The generation that is live; 0 if there is none yet. */
export const generation = (folder: string): number =>
  Math.max(0, ...readdirSync(folder).map(name => Number(live.exec(name)?.[1] ?? 0)))

export const fileOf = (folder: string, generation: number) =>
  join(folder, `views.${generation}.sqlite`)

/** An empty file with every table, under a name that nobody reads. Its crash costs nothing, so it syncs nothing. */
export function createNext(folder: string): Database {
  const file = join(folder, next)
  removeFile(file)
  const db = new Database(file)
  try {
    db.pragma('journal_mode = MEMORY')
    db.pragma('synchronous = OFF')
    db.pragma('cache_size = -65536')
    db.exec(`begin;${ddl};pragma user_version = ${version};commit`)
    return db
  } catch (error) {
    // Else its space on the disk would not come back.
    discardNext(folder, db)
    throw error
  }
}

/** The file that was built takes the live one's place, whole and durable; whoever reads the old one may go on. */
export function installNext(folder: string, db: Database): void {
  db.pragma('journal_mode = WAL')
  db.close()
  syncPath(join(folder, next))
  renameSync(join(folder, next), fileOf(folder, generation(folder) + 1))
  syncPath(folder)
  sweep(folder)
}

/** Gives up what was being built. */
export function discardNext(folder: string, db: Database): void {
  db.close()
  removeFile(join(folder, next))
}

/** The live file for writing; one that is missing, damaged or of another version is begun anew. */
export function openLive(folder: string): Database {
  sweep(folder)
  const known = openKnown(folder)
  if (known) return known
  replaceLive(folder)
  return forWriting(fileOf(folder, generation(folder)))
}

/** Empty views take the live ones' place. */
export const replaceLive = (folder: string) => installNext(folder, createNext(folder))

/** What an interrupted rebuild left, and what was replaced. */
function sweep(folder: string): void {
  const current = generation(folder)
  removeFile(join(folder, next))
  for (const name of readdirSync(folder)) {
    const number = live.exec(name)?.[1]
    if (number && Number(number) < current) removeFile(join(folder, name))
  }
}

function openKnown(folder: string): Database | undefined {
  const current = generation(folder)
  if (current === 0) return undefined
  try {
    const db = forWriting(fileOf(folder, current))
    if (isOurs(db)) return db
    db.close()
  } catch (error) {
    if (!isDamaged(error)) throw error
  }
  return undefined
}

/** Whoever else holds the file is not waited for: on this thread every append would wait along. */
function forWriting(file: string): Database {
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma(`wal_autocheckpoint = ${walPagesMax}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether this program's queries fit the file. */
export const isOurs = (db: Database) => db.pragma('user_version', { simple: true }) === version

function removeFile(file: string): void {
  for (const suffix of beside) rmSync(file + suffix, { force: true })
}
