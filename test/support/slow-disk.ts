import { join } from 'node:path'
import { Database } from '../../src/sqlite.js'

/**
 * From now on nothing gets into the folder's log, until `go` is called or SQLite's patience of five
 * seconds ends: to the ledger, a disk that takes its time.
 */
export function slowDisk(folder: string): { go(): void } {
  const other = new Database(join(folder, 'log.sqlite'))
  other.exec('begin immediate')
  return {
    go() {
      other.exec('rollback')
      other.close()
    },
  }
}
