import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { StoreDamaged, StoreFull, StoreUnavailable } from '../../../src/event-store/event-store.js'
import { copyLog } from '../../../src/event-store/sqlite/log-copy.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import { after, sealed } from '../sealed.js'
import { edit, newFolder, writeLog } from './folder.js'

test('a copy that is made under writing holds all that was acknowledged before, and its own head', async () => {
  const folder = newFolder()
  writeLog(folder, 20, 200).close()
  const store = await SqliteEventStore.open(folder)
  let writing = true
  let acknowledged = 4000
  const writers = Array.from({ length: 4 }, async (_, n) => {
    const events = sealed(`incident-w${n}`, 1)
    for (let revision = -1; writing; revision++) {
      await store.append(`incident-w${n}`, revision, events.slice(-1))
      acknowledged++
      events.push(...after(events, 1))
    }
  })
  for (let copy = 0; copy < 3; copy++) {
    const into = newFolder()
    const before = acknowledged
    let told = 0
    const { position } = await copyLog(folder, into, () => told++)
    expect(Number(position)).toBeGreaterThanOrEqual(before)
    expect(told).toBeGreaterThan(0)
    expect(readdirSync(into).toSorted()).toEqual(['log.head', 'log.sqlite'])
    for (const name of readdirSync(into))
      expect(statSync(join(into, name)).mode & 0o777).toBe(0o600)
    expect(verify(into)).toMatchObject({ events: Number(position) })
    expect(verify(into).firstBad).toBeUndefined()
    const log = new LogWriter(into)
    expect(log.head.position).toBe(position)
    log.close()
  }
  writing = false
  await Promise.all(writers)
  await store.close()
  expect(acknowledged).toBeGreaterThan(4000)
})

test('a log that lost what its head record says is not copied', async () => {
  const folder = newFolder()
  writeLog(folder, 2, 5).close()
  edit(folder, 'delete from events where position = 10')
  await expect(copyLog(folder, newFolder())).rejects.toThrow(StoreDamaged)
  await expect(copyLog(newFolder(), newFolder())).rejects.toThrow(StoreUnavailable)
})

const whereRoot = process.getuid?.() === 0 && process.platform === 'linux' ? test : test.skip
whereRoot('a copy for which there is no room is told as such', async () => {
  const [folder, into] = [newFolder(), newFolder()]
  writeLog(folder, 20, 200).close()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'none', into])
  try {
    await expect(copyLog(folder, into)).rejects.toThrow(StoreFull)
  } finally {
    execFileSync('umount', ['-l', into])
  }
})
