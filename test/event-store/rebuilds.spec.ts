import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Position } from '../../src/event-store/event-store.js'
import type { Rebuilding } from '../../src/event-store/operated-store.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { sealed } from './sealed.js'
import { newFolder, until } from './sqlite/folder.js'

test('a rebuild that cannot even begin has failed, and takes nothing with it', async () => {
  const folder = newFolder()
  let shown: Position = 0n
  const store = await SqliteEventStore.open(folder, position => (shown = position))
  await store.append('incident-1', -1, sealed('incident-1', 1))
  await until(() => shown === 1n)
  // The new file of views cannot be made, as on a full disk.
  const inTheWay = join(folder, 'views.next.sqlite')
  mkdirSync(inTheWay)
  const told: Rebuilding[] = []
  const tell = (progress: Rebuilding) => void told.push(progress)
  await store.rebuildViews(tell)
  expect(told).toMatchObject([{ state: 'FAILED', error: expect.stringContaining(inTheWay) }])
  await store.append('incident-2', -1, sealed('incident-2', 1))
  rmSync(inTheWay, { recursive: true })
  await store.rebuildViews(tell)
  expect(told.at(-1)).toMatchObject({ state: 'DONE', position: 2n })
  await store.close()
})

test('whoever waits for a rebuild when the store is closed is told that it failed', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const told: Rebuilding[] = []
  const rebuilt = store.rebuildViews(progress => void told.push(progress))
  await store.close()
  await rebuilt
  expect(told.at(-1)?.state).toBe('FAILED')
})
