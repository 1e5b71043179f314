import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { StoreDamaged } from '../../../src/event-store/event-store.js'
import { LogReader } from '../../../src/event-store/sqlite/log-reader.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import type { StoredEvent } from '../../../src/event-store/stored-event.js'
import { Database } from '../../../src/sqlite.js'
import { sealed } from '../sealed.js'
import { edit, newFolder, until, writeLog } from './folder.js'

test('a log that nobody touched is found good, in chunks that tell how far they are', () => {
  const folder = newFolder()
  writeLog(folder, 10, 120).close()
  const told: number[] = []
  const verified = verify(folder, ({ checked, total }) => told.push(checked / total))
  expect(verified).toEqual({ events: 1200, streams: 10 })
  expect(told.length).toBeGreaterThan(2)
  expect(told.at(-1)).toBe(1)
})

test('1,000 of 1,000 flipped bits are found where they are, and never read as events', () => {
  const folder = newFolder()
  writeLog(folder, 5, 20).close()
  const db = new Database(join(folder, 'log.sqlite'))
  const reader = new LogReader(db)
  const take = db.prepare<[number], { stream: string; bytes: Buffer }>(
    'select stream, cast(bytes as blob) as bytes from events where position = ?',
  )
  const put = db.prepare('update events set bytes = cast(? as text) where position = ?')
  for (let flip = 0; flip < 1000; flip++) {
    const position = randomInt(1, 101)
    const { stream, bytes } = take.get(position)!
    const flipped = Buffer.from(bytes)
    flipped[randomInt(bytes.length)]! ^= 1 << randomInt(8)
    put.run(flipped, position)
    expect(verify(folder).firstBad?.position).toBe(BigInt(position))
    expect(() => reader.read(stream, 0)).toThrow(StoreDamaged)
    expect(() => reader.readAll(BigInt(position - 1), 1)).toThrow(StoreDamaged)
    put.run(bytes, position)
  }
  db.close()
  expect(verify(folder)).toEqual({ events: 100, streams: 5 })
})

test.each([
  ['a changed hash', 'update events set hash = substr(hash, 2) || substr(hash, 1, 1)'],
  ['a hash that is no text', 'update events set hash = 5'],
  ['bytes that are no text', `update events set bytes = x'00ff'`],
  ['bytes that are a number', 'update events set bytes = 7'],
  ['bytes that are another value of JSON', `update events set bytes = 'null'`],
  ['another stream', `update events set stream = 'incident-x'`],
  ['another revision', 'update events set revision = 90'],
  ['another id', `update events set id = 'x'`],
  ['another type', `update events set type = 'TaskAssigned'`],
  ['another running hash', `update events set running = hash`],
  ['another position', 'update events set position = 1000'],
  ['a row that is gone', 'delete from events'],
])('%s is found, and what is around it is still read', (_, change) => {
  const folder = newFolder()
  writeLog(folder, 2, 5).close()
  const sound = new Database(join(folder, 'log.sqlite'), { readonly: true })
  const before = new LogReader(sound).readAll(0n, 4)
  sound.close()
  expect(edit(folder, `${change} where position = 5`)).toBe(1)
  expect(verify(folder).firstBad).toMatchObject({ position: 5n })
  const db = new Database(join(folder, 'log.sqlite'), { readonly: true })
  const reader = new LogReader(db)
  expect(reader.readAll(0n, 100).slice(0, 4)).toEqual(before)
  expect(reader.read('incident-1', 0)).toHaveLength(5)
  // The running hash is about the order of the log alone: the stream is good without it.
  if (!change.includes('running') && !change.includes('position = 1000'))
    expect(() => reader.read('incident-0', 0)).toThrow(StoreDamaged)
  db.close()
})

test('a row before the first place of the log is found', () => {
  const folder = newFolder()
  writeLog(folder, 2, 5).close()
  // A stream that is read is told it.
  const early = `insert into events select -1, stream, 5, 'x', type, hash, running, bytes from events where position = 9`
  expect(edit(folder, early)).toBe(1)
  expect(verify(folder)).toEqual({
    events: 0,
    streams: 0,
    firstBad: { position: -1n, what: 'is before the first place of the log' },
  })
  expect(edit(folder, 'delete from events where position < 0')).toBe(1)
  expect(verify(folder)).toEqual({ events: 10, streams: 2 })
})

test('a log that may not be opened is not called damaged', () => {
  const folder = newFolder()
  writeLog(folder, 1, 1).close()
  mkdirSync(join(folder, 'log.sqlite-wal'))
  expect(() => verify(folder)).toThrow('unable to open database file')
})

test.each([1, 2, 3, 7])(
  'who reads on in pages of %i comes to a changed event, and past it once it is as it was',
  size => {
    const folder = newFolder()
    writeLog(folder, 3, 8).close()
    const db = new Database(join(folder, 'log.sqlite'))
    const reader = new LogReader(db)
    const whole = new LogReader(db).readAll(0n, 100)
    const bytes = db
      .prepare<[number], string>('select bytes from events where position = ?')
      .pluck()
    const put = db.prepare('update events set bytes = ? where position = ?')
    for (let bad = 1; bad <= whole.length; bad++) {
      const was = bytes.get(bad)!
      put.run(was.replace('{', '{ '), bad)
      const read: StoredEvent[] = []
      const on = () => {
        const page = reader.readAll(BigInt(read.length), size)
        read.push(...page)
        return page.length > 0
      }
      expect(() => {
        while (on());
      }).toThrow(StoreDamaged)
      expect(on).toThrow(StoreDamaged)
      expect(read).toEqual(whole.slice(0, bad - 1))
      put.run(was, bad)
      while (on());
      expect(read).toEqual(whole)
    }
    db.close()
  },
)

test('two events that changed places are found', () => {
  const folder = newFolder()
  writeLog(folder, 2, 5).close()
  edit(folder, 'update events set position = -3 where position = 3')
  edit(folder, 'update events set position = 3 where position = 5')
  edit(folder, 'update events set position = 5 where position = -3')
  expect(verify(folder).firstBad).toMatchObject({ position: 3n, stream: 'incident-0' })
})

test('the check after a start finds a flipped bit while the store is served', async () => {
  const folder = newFolder()
  writeLog(folder, 5, 20).close()
  edit(folder, `update events set bytes = replace(bytes, 'alice', 'alicf') where position = 42`)
  const store = await SqliteEventStore.open(folder)
  await store.append('incident-new', -1, sealed('incident-new', 1))
  await until(() => store.state.check.done)
  expect(store.state.check.damage).toMatchObject({ position: 42n, stream: 'incident-1' })
  await expect(store.read('incident-1', 0)).rejects.toThrow(StoreDamaged)
  expect(await store.read('incident-2', 0)).toHaveLength(20)
  await store.close()
})

test('the check after a start finds nothing wrong with a good log that grows meanwhile', async () => {
  const folder = newFolder()
  writeLog(folder, 50, 60).close()
  const store = await SqliteEventStore.open(folder)
  for (let i = 0; !store.state.check.done; i++)
    await store.append(`incident-new${i}`, -1, sealed(`incident-new${i}`, 1))
  expect(store.state.check.damage).toBeUndefined()
  expect(store.state.check.checked).toBeGreaterThanOrEqual(3000)
  await store.close()
})
