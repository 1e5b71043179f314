import { existsSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { FolderLock } from '../../../src/event-store/folder-lock.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import { newFolder } from '../../support/app.js'
import { sealed } from '../sealed.js'

async function written(): Promise<string> {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  await store.append('incident-a', -1, sealed('incident-a', 3))
  await store.close()
  return folder
}

test('a log whose head record is gone is neither served nor verified', async () => {
  const folder = await written()
  rmSync(join(folder, 'log.head'))
  expect(verify(folder).firstBad?.what).toContain('log.head')
  await expect(SqliteEventStore.open(folder)).rejects.toThrow('log.head')
  expect(existsSync(join(folder, 'log.head'))).toBe(false)
})

test('an empty head record vouches for nothing until a start has looked', async () => {
  const folder = await written()
  truncateSync(join(folder, 'log.head'))
  expect(verify(folder).firstBad?.what).toContain('log.head')
  await (await SqliteEventStore.open(folder)).close()
  expect(verify(folder)).toEqual({ events: 3, streams: 1 })
})

test('a folder is made with all above it, and where none can be made that is said', () => {
  const folder = join(newFolder(), 'a', 'b')
  FolderLock.acquire(folder).release()
  expect(existsSync(folder)).toBe(true)
  if (process.platform === 'linux')
    expect(() => FolderLock.acquire('/proc/ledger/x')).toThrow('ENOENT')
})
