import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '../../../src/event-store/sqlite/log-reader.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import type { SealedEvent } from '../../../src/event-store/stored-event.js'
import { Database } from '../../../src/sqlite.js'
import { Projector } from '../../../src/views/projector.js'
import { searchShadows } from '../../../src/views/search-index.js'
import { fileOf, generation } from '../../../src/views/views-file.js'

/** A data folder with a real log, without the threads. */
export class Ledger {
  readonly folder = mkdtempSync(join(tmpdir(), 'ledger-views-'))
  readonly #writer = new LogWriter(this.folder)
  readonly log = new LogReader(this.#writer.db)
  readonly logDb = this.#writer.db

  append(events: readonly SealedEvent[]): void {
    const batch = events.map(event => ({
      stream: event.stream,
      expectedRevision: event.revision - 1,
      events: [event],
    }))
    for (const outcome of this.#writer.commit(batch))
      if (!('position' in outcome)) throw new Error(JSON.stringify(outcome))
  }

  /** The live views, for this. */
  views<T>(use: (db: Database) => T): T {
    const db = new Database(fileOf(this.folder, generation(this.folder)))
    try {
      return use(db)
    } finally {
      db.close()
    }
  }

  /** The live views, for what takes its time. */
  async reading<T>(use: (views: { readonly db: Database }) => Promise<T>): Promise<T> {
    const db = new Database(fileOf(this.folder, generation(this.folder)), { readonly: true })
    try {
      return await use({ db })
    } finally {
      db.close()
    }
  }

  /** Brings the views up to the log, as after a start. */
  project(maxEvents?: number): void {
    const projector = new Projector(this.folder, this.log)
    projector.catchUp(maxEvents)
    projector.close()
  }

  close(): void {
    this.#writer.close()
    rmSync(this.folder, { recursive: true })
  }
}

/** Runs with a ledger that holds these events, and clears it away. */
export function withLedger<T>(events: readonly SealedEvent[], use: (ledger: Ledger) => T): T {
  const ledger = new Ledger()
  try {
    ledger.append(events)
    return use(ledger)
  } finally {
    ledger.close()
  }
}

/** Every row of every table; of the index, which words stand where. */
export function tablesOf(db: Database): Record<string, string[]> {
  const names = db
    .prepare<[], string>(`select name from sqlite_master where type = 'table' order by name`)
    .pluck()
    .all()
    .filter(name => !searchShadows.test(name) && name !== 'search_words')
  db.exec(`create virtual table temp.words using fts5vocab('main', 'search_words', 'instance')`)
  return Object.fromEntries(
    [...names, 'temp.words'].map(name => [
      name,
      db
        .prepare(`select * from ${name}`)
        .all()
        .map(row => JSON.stringify(row))
        .toSorted(),
    ]),
  )
}
