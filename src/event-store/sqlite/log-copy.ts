import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { Database } from '../../sqlite.js'
import { errorOf } from '../fault.js'
import { syncPath } from '../sync-path.js'
import { faultOf } from './faults.js'
import { type Head, HeadFile } from './head-file.js'
import { headOf, lookAtLog } from './log-file.js'

/** Some 4 MiB: between two steps the process hears signals and moves its bar. */
const pagesAtATime = 1024

/**
 * Copies a log as it is at one moment, also while a server writes it, into an empty folder. The head
 * record of the copy is made from the copy's own running hash, since the source's may be of a moment
 * later. Everything is on disk when it resolves. Rejects with StoreUnavailable where there is no log
 * or no room, and with StoreDamaged if the source lost what its head record says.
 */
export async function copyLog(
  folder: string,
  into: string,
  told: (done: number, total: number) => void = () => {},
): Promise<Head> {
  // Before the log is looked at: all that it counts must be in the copy.
  const noted = notedIn(folder)
  const source = lookAtLog(folder)
  try {
    // An open read holds the moment; without it the copy would begin anew with every commit.
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    await source.backup(join(into, 'log.sqlite'), {
      progress({ totalPages, remainingPages }) {
        told(totalPages - remainingPages, totalPages)
        return pagesAtATime
      },
    })
  } catch (error) {
    throw errorOf(faultOf(error, into))
  } finally {
    source.close()
  }
  return settled(into, noted)
}

/** As one file without a write-ahead log, with its head record, both durable and for the owner alone. */
function settled(folder: string, noted: Head | undefined): Head {
  const path = join(folder, 'log.sqlite')
  const db = new Database(path)
  try {
    db.pragma('journal_mode = DELETE')
    const head = headOf(db, noted)
    const { file } = HeadFile.open(folder)
    file.write(head)
    file.close()
    return head
  } finally {
    db.close()
    chmodSync(path, 0o600)
    syncPath(path)
    syncPath(folder)
  }
}

export function notedIn(folder: string): Head | undefined {
  const file = HeadFile.look(folder)
  try {
    return file?.read()
  } finally {
    file?.close()
  }
}
