import type { Database } from '../../sqlite.js'
import { type Position, StoreDamaged, StoreUnavailable } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'
import { FolderLock } from '../folder-lock.js'
import { HeadFile } from './head-file.js'
import { headOf, logIsIn, lookAtLog } from './log-file.js'
import { LogReader } from './log-reader.js'

/** The log of a folder that nobody serves, nor can as long as this is open. It is only read. */
export class OfflineLog {
  readonly #reader: LogReader

  private constructor(
    private readonly lock: FolderLock,
    private readonly db: Database,
  ) {
    this.#reader = new LogReader(db)
  }

  /** Throws FolderLocked, StoreUnavailable where there is no log, and StoreDamaged if its end is lost. */
  static open(folder: string): OfflineLog {
    // Before the lock, which makes the folder.
    if (!logIsIn(folder)) throw new StoreUnavailable(`${folder} holds no ledger (no log.sqlite).`)
    const lock = FolderLock.acquire(folder)
    try {
      const db = lookAtLog(folder)
      assertWhole(folder, db)
      return new OfflineLog(lock, db)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.#reader.readAll(after, limit)
  }

  async head(): Promise<Position> {
    return this.#reader.head()
  }

  async close(): Promise<void> {
    this.db.close()
    this.lock.release()
  }
}

/** A log that lost its end looks whole, but for the head record. */
function assertWhole(folder: string, db: Database): void {
  const file = HeadFile.look(folder)
  try {
    const { position } = headOf(db, file?.read())
    if (!file && position > 0n) throw new StoreDamaged('The head record (log.head) is missing.')
  } catch (error) {
    db.close()
    throw error
  } finally {
    file?.close()
  }
}
