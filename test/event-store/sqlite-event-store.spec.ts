import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Database } from '../../src/sqlite.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { eventStoreContract, sealed } from './event-store.contract.js'

const newFolder = () => mkdtempSync(join(tmpdir(), 'ledger-'))

eventStoreContract('the embedded store', async () => {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  return { store, close: async () => (await store.close(), rmSync(folder, { recursive: true })) }
})

async function broken(edit: string): Promise<string> {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  await store.append('incident-a', -1, sealed('incident-a', 3))
  await store.close()
  const db = new Database(join(folder, 'log.sqlite'))
  expect(db.prepare(edit).run().changes).toBe(1)
  db.close()
  return folder
}

test('an append that breaks half-way leaves nothing, and its neighbours in the commit stay', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const twice = [...sealed('incident-a', 1), ...sealed('incident-a', 1)]
  const tries = [
    store.append('incident-b', -1, sealed('incident-b', 1)),
    store.append('incident-a', -1, twice),
    store.append('incident-c', -1, sealed('incident-c', 1)),
  ]
  const settled = (await Promise.allSettled(tries)).map(({ status }) => status)
  expect(settled).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await store.readAll(0n, 10)).map(event => event.stream)).toEqual([
    'incident-b',
    'incident-c',
  ])
  await store.close()
})

test('a log that lost an acknowledged event is not served', async () => {
  const folder = await broken('delete from events where position = 3')
  await expect(SqliteEventStore.open(folder)).rejects.toThrow(
    'was acknowledged and is not in the log',
  )
})

test('an edited event is never read', async () => {
  const folder = await broken(
    `update events set bytes = replace(bytes, 'alice', 'mallory') where position = 2`,
  )
  rmSync(join(folder, 'views.sqlite'), { force: true })
  await expect(SqliteEventStore.open(folder)).rejects.toThrow('position 2 was changed')
})
