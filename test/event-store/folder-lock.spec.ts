import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import { FolderLock, FolderLocked, holderOf } from '../../src/event-store/folder-lock.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { newFolder, until } from './sqlite/folder.js'

const built = pathToFileURL('dist/event-store/folder-lock.js').href
const holding = (folder: string) => `
  const { FolderLock } = await import(${JSON.stringify(built)})
  FolderLock.acquire(${JSON.stringify(folder)}).announce('http://127.0.0.1:4000')
  console.log('held')
  setTimeout(() => {}, 120_000)`

test('a folder that is not there is made for its owner alone', () => {
  const folder = join(newFolder(), 'deep', 'data')
  const lock = FolderLock.acquire(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  lock.release()
})

test('a folder has one holder, whom the others are told', () => {
  const folder = newFolder()
  expect(holderOf(folder)).toBeUndefined()
  const lock = FolderLock.acquire(folder)
  expect(holderOf(folder)).toEqual({ pid: process.pid, address: undefined })
  lock.announce('http://127.0.0.1:4000')
  expect(holderOf(folder)).toEqual({ pid: process.pid, address: 'http://127.0.0.1:4000' })
  const locked = expect.objectContaining({
    message: `The data folder is in use by process ${process.pid} at http://127.0.0.1:4000. Stop that one first, or ask it.`,
  })
  expect(() => FolderLock.acquire(folder)).toThrow(FolderLocked)
  expect(() => FolderLock.acquire(folder)).toThrow(locked)
  lock.release()
  lock.release()
  expect(holderOf(folder)).toBeUndefined()
  FolderLock.acquire(folder).release()
})

test('a folder whose holder was killed is free at once, whatever it left behind', async () => {
  const folder = newFolder()
  const script = ['--input-type=module', '-e', holding(folder)]
  const holder = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(holder.stdout, 'data')
  expect(holderOf(folder)).toEqual({ pid: holder.pid, address: 'http://127.0.0.1:4000' })
  await expect(SqliteEventStore.open(folder)).rejects.toThrow(`process ${holder.pid}`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(holderOf(folder)).toBeUndefined()
  await (await SqliteEventStore.open(folder)).close()
})

test('a store is opened once, and again when it is closed', async () => {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  store.announce('here')
  await expect(SqliteEventStore.open(folder)).rejects.toThrow(FolderLocked)
  expect(holderOf(folder)?.address).toBe('here')
  await store.close()
  await (await SqliteEventStore.open(folder)).close()
})

test('many who look do not keep the holder from starting', async () => {
  const folder = newFolder()
  FolderLock.acquire(folder).release()
  let looks = 0
  const looking = setInterval(() => void (holderOf(folder), looks++), 1)
  await until(() => looks > 5)
  for (let i = 0; i < 20; i++) FolderLock.acquire(folder).release()
  clearInterval(looking)
  expect(holderOf(folder)).toBeUndefined()
})
