import { statfsSync } from 'node:fs'
import { StoreDamaged } from '../event-store.js'
import { type Fault, codeOf, errorOf } from '../fault.js'

/** What SQLite or the file system threw, in the words of the port. `folder` is where there may be no room. */
export function faultOf(error: unknown, folder?: string): Fault {
  if (error instanceof StoreDamaged) return damaged(error.message)
  const code = codeOf(error)
  if (isFull(code, folder)) return { fault: 'FULL', message: 'The disk is full.', lasting: false }
  // Our statements are fixed: one that SQLite does not understand met a schema that is not ours.
  if (/^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(code))
    return damaged(`The log is damaged (${code}). Restore a backup.`)
  // After a failed write or sync nobody knows what the disk holds, so trying again proves nothing.
  if (/^(SQLITE_IOERR|E[A-Z]+$)/.test(code))
    return unavailable(`The disk failed (${code}): nothing is written until a restart.`, true)
  return unavailable(`The log cannot be used (${code}).`, false)
}

/** Runs a read, and throws the port's errors for SQLite's. */
export function guarded<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw errorOf(faultOf(error))
  }
}

const damaged = (message: string): Fault => ({ fault: 'DAMAGED', message, lasting: true })
const unavailable = (message: string, lasting: boolean): Fault => ({
  fault: 'UNAVAILABLE',
  message,
  lasting,
})

/** Less room than this is none: SQLite grows its files by pages and its index by 32 KiB. */
const roomBytesMin = 64 * 1024

function isFull(code: string, folder: string | undefined): boolean {
  if (['SQLITE_FULL', 'ENOSPC', 'EDQUOT'].includes(code)) return true
  // SQLite does not pass the reason on: the disk itself has to be asked.
  if (folder === undefined || !/^SQLITE_IOERR_(WRITE|SHMSIZE|SHMMAP|TRUNCATE)$/.test(code))
    return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < roomBytesMin
}
