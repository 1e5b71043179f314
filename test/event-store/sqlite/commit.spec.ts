import { expect, test } from '@jest/globals'
import { StoreDamaged, StoreUnavailable } from '../../../src/event-store/event-store.js'
import { errorOf } from '../../../src/event-store/fault.js'
import { faultOf } from '../../../src/event-store/sqlite/faults.js'
import { assertDurable, lookAtLog } from '../../../src/event-store/sqlite/log-file.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { verification, verify } from '../../../src/event-store/sqlite/verify.js'
import { Database } from '../../../src/sqlite.js'
import { after, sealed } from '../sealed.js'
import { appendTo, edit, newFolder, writeLog } from './folder.js'

test('every commit is synced before it returns, or the log is not opened', () => {
  const log = writeLog(newFolder(), 1, 1)
  expect(log.db.pragma('synchronous', { simple: true })).toBe(2)
  expect(log.db.pragma('journal_mode', { simple: true })).toBe('wal')
  log.db.pragma('synchronous = NORMAL')
  expect(() => assertDurable(log.db)).toThrow('synchronous')
  log.close()
  const other = new Database(':memory:')
  expect(() => assertDurable(other)).toThrow('journal_mode')
  other.close()
})

test('an append that breaks half-way leaves nothing, and its neighbours in the commit stay', () => {
  const folder = newFolder()
  const log = writeLog(folder, 1, 1)
  const [a, b, c] = ['a', 'b', 'c'].map(name => sealed(`incident-${name}`, 3))
  // In the way of the second event, where no look before the insert would see it.
  log.db.exec(`create temp trigger t before insert on events when new.stream = 'incident-b'
    and new.revision = 1 begin insert into events select position + 100, new.stream, new.revision,
    id, type, hash, running, bytes from events limit 1; end`)
  const batch = [a, b, c].map(events => ({
    stream: events![0]!.stream,
    expectedRevision: -1,
    events: events!,
  }))
  expect(log.commit(batch)).toEqual([
    { revision: 2, position: 4n },
    { wrongRevision: -1 },
    { revision: 2, position: 7n },
  ])
  log.close()
  expect(verify(folder)).toEqual({ events: 7, streams: 3 })
})

test('an append that SQLite cannot take fails the whole commit, and the next is taken', () => {
  const folder = newFolder()
  const log = writeLog(folder, 1, 1)
  const good = { stream: 'incident-a', expectedRevision: -1, events: sealed('incident-a', 1) }
  const [event] = sealed('incident-b', 1)
  const events = [{ ...event!, bytes: undefined as unknown as string }]
  const bad = { stream: 'incident-b', expectedRevision: -1, events }
  const outcomes = log.commit([good, bad])
  expect(outcomes).toMatchObject([{ fault: 'UNAVAILABLE' }, { fault: 'UNAVAILABLE' }])
  expect(log.commit([good])).toEqual([{ revision: 0, position: 2n }])
  log.close()
  expect(verify(folder)).toEqual({ events: 2, streams: 2 })
})

test('a check beside a writer ends where the log ended when it began', () => {
  const folder = newFolder()
  const log = writeLog(folder, 3, 200)
  const steps = verification(folder)
  let step = steps.next()
  for (let n = 0; !step.done && n < 100; n++) {
    expect(step.value.total).toBe(600)
    appendTo(log, `more-${n}`, 3, 200)
    step = steps.next()
  }
  expect(step).toEqual({ done: true, value: { events: 600, streams: 3 } })
  log.close()
})

test('a log in the hands of another writer is not written over', () => {
  const folder = newFolder()
  const log = writeLog(folder, 1, 2)
  edit(
    folder,
    `insert into events select 3, 'x', 0, id, type, hash, running, bytes from events limit 1`,
  )
  const append = { stream: 'incident-a', expectedRevision: -1, events: sealed('incident-a', 1) }
  expect(log.commit([append])).toMatchObject([{ fault: 'UNAVAILABLE' }])
  log.close()
})

test('a log that SQLite finds malformed is damaged, and nothing more is written to it', () => {
  const folder = newFolder()
  const log = writeLog(folder, 1, 2)
  const events = sealed('incident-a', 2)
  log.db.exec('drop table events')
  const append = { stream: 'incident-a', expectedRevision: -1, events }
  const outcomes = [...log.commit([append]), ...log.commit([append])]
  expect(outcomes).toMatchObject([{ fault: 'DAMAGED' }, { fault: 'DAMAGED' }])
  expect(log.stopped).toMatchObject({ fault: 'DAMAGED' })
  log.close()
})

test.each([
  ['SQLITE_FULL', 'FULL', false],
  ['ENOSPC', 'FULL', false],
  ['EDQUOT', 'FULL', false],
  ['EIO', 'UNAVAILABLE', true],
  ['EROFS', 'UNAVAILABLE', true],
  ['SQLITE_IOERR_FSYNC', 'UNAVAILABLE', true],
  ['SQLITE_IOERR_WRITE', 'UNAVAILABLE', true],
  ['SQLITE_BUSY', 'UNAVAILABLE', false],
  ['SQLITE_CORRUPT', 'DAMAGED', true],
  ['SQLITE_CORRUPT_INDEX', 'DAMAGED', true],
  ['SQLITE_NOTADB', 'DAMAGED', true],
])('%s is told as %s, and never where on the machine', (code, fault, lasting) => {
  const folder = newFolder()
  const error = Object.assign(new Error(`${code}: something, open '${folder}/log.sqlite'`), {
    code,
  })
  const told = faultOf(error, folder)
  expect(told).toMatchObject({ fault, lasting })
  expect(told.message).not.toContain(folder)
  expect(errorOf(told)).toBeInstanceOf(fault === 'DAMAGED' ? StoreDamaged : StoreUnavailable)
})

test('a store that is closed refuses, and what was appended before is settled', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const events = sealed('incident-a', 1)
  const appending = store.append('incident-a', -1, events)
  await store.close()
  expect(await appending).toEqual({ revision: 0, position: 1n })
  await expect(store.append('incident-a', 0, after(events, 1))).rejects.toThrow(StoreUnavailable)
  await expect(store.read('incident-a', 0)).rejects.toThrow(StoreUnavailable)
  await store.close()
})

test('appends beyond what may wait are refused at once, the others are stored', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const tries = Array.from({ length: 10_050 }, (_, i) =>
    store.append(`incident-${i}`, -1, sealed(`incident-${i}`, 1)),
  )
  const settled = await Promise.allSettled(tries)
  const refused = settled.flatMap(one => (one.status === 'rejected' ? [one.reason as Error] : []))
  expect(refused).toHaveLength(50)
  expect(refused[0]).toBeInstanceOf(StoreUnavailable)
  expect(await store.head()).toBe(10_000n)
  await store.close()
})

test('of many appends the first are written while the next are still being decided', async () => {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  const db = lookAtLog(folder)
  const written = db.prepare<[], number>('select count(*) from events').pluck()
  const appending: Promise<unknown>[] = []
  const untilMs = performance.now() + 20_000
  // This thread does nothing else meanwhile.
  while (written.get() === 0 && performance.now() < untilMs) {
    const stream = `incident-${appending.length}`
    appending.push(store.append(stream, -1, sealed(stream, 1)))
  }
  expect(written.get()).toBeGreaterThan(0)
  db.close()
  await Promise.all(appending)
  expect(await store.head()).toBe(BigInt(appending.length))
  await store.close()
})
