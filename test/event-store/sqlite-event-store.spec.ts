import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { type Opened, eventStoreContract } from './event-store.contract.js'

const opened = async (folder: string): Promise<Opened> => {
  const store = await SqliteEventStore.open(folder)
  return {
    store,
    reopen: async () => (await store.close(), opened(folder)),
    close: async () => (await store.close(), rmSync(folder, { recursive: true })),
  }
}

eventStoreContract('the embedded store', () => opened(mkdtempSync(join(tmpdir(), 'ledger-'))))
