import type { Database } from '../../sqlite.js'
import { type Position, StoreDamaged, StoreUnavailable } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'
import { FolderLock } from '../folder-lock.js'
import { HeadFile } from './head-file.js'
import { headOf, logIsIn, lookAtLog } from './log-file.js'
import { LogReader } from './log-reader.js'

/** The log of a folder, only read. */
export class OfflineLog {
  readonly #reader: LogReader

  private constructor(
    private readonly lock: FolderLock | undefined,
    private readonly db: Database,
  ) {
    this.#reader = new LogReader(db)
  }

  /**
   * Nobody serves it then, nor can as long as this is open. Throws FolderLocked, StoreUnavailable where
   * there is no log, and StoreDamaged if its end is lost.
   */
  static open(folder: string): OfflineLog {
    // Before the lock, which makes the folder.
    assertThere(folder)
    const lock = FolderLock.acquire(folder)
    try {
      return new OfflineLog(lock, wholeLog(folder))
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** The same beside whoever serves it: it may grow meanwhile. */
  static look(folder: string): OfflineLog {
    assertThere(folder)
    return new OfflineLog(undefined, wholeLog(folder))
  }

  async read(stream: string, from: number, limit?: number): Promise<readonly StoredEvent[]> {
    return this.#reader.read(stream, from, limit)
  }

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.#reader.readAll(after, limit)
  }

  async head(): Promise<Position> {
    return this.#reader.head()
  }

  async close(): Promise<void> {
    this.db.close()
    this.lock?.release()
  }
}

function assertThere(folder: string): void {
  if (!logIsIn(folder)) throw new StoreUnavailable(`${folder} holds no ledger (no log.sqlite).`)
}

/** A log that lost its end looks whole, but for the head record. */
function wholeLog(folder: string): Database {
  const db = lookAtLog(folder)
  const file = HeadFile.look(folder)
  try {
    // Before the log: whoever serves it notes its end after writing it.
    const noted = file?.read()
    const { position } = db.transaction(() => headOf(db, noted))()
    if (!file && position > 0n) throw new StoreDamaged('The head record (log.head) is missing.')
    return db
  } catch (error) {
    db.close()
    throw error
  } finally {
    file?.close()
  }
}
