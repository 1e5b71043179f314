import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { RecentReads } from '../../src/event-store/recent-reads.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import type { StoredEvent } from '../../src/event-store/stored-event.js'
import { newFolder } from '../support/app.js'
import { FaultyStore } from '../support/faulty-store.js'
import { after, idsOf, newStream, sealed } from './sealed.js'

let sqlite: SqliteEventStore
beforeAll(async () => void (sqlite = await SqliteEventStore.open(newFolder())))
afterAll(() => sqlite.close())

/** Counts the events that were read. */
class CountingStore extends FaultyStore {
  events = 0
  override read = async (...asked: Parameters<SqliteEventStore['read']>) => {
    const found = await sqlite.read(...asked)
    this.events += found.length
    return found
  }
}
let store: CountingStore
let reads: RecentReads
beforeEach(() => {
  store = new CountingStore(sqlite)
  reads = new RecentReads(store)
})

async function written(count: number) {
  const stream = newStream()
  const events = sealed(stream, count)
  await sqlite.append(stream, -1, events)
  return { stream, events }
}

test('of a long stream that somebody holds only what is new is read', async () => {
  const { stream, events } = await written(600)
  const held = await reads.whole(stream)
  expect(await reads.whole(stream)).toBe(held)
  const more = after(events, 2)
  await sqlite.append(stream, 599, more)
  expect(idsOf(await reads.whole(stream))).toEqual(idsOf([...events, ...more]))
  expect(held).toHaveLength(600)
  expect(store.events).toBe(600 + 1 + 3)
})

test('who asks while it is read shares it, and finds what was written before they asked', async () => {
  const { stream, events } = await written(600)
  const first = reads.whole(stream)
  const more = after(events, 1)
  await sqlite.append(stream, 599, more)
  const others = await Promise.all([reads.whole(stream), reads.whole(stream)])
  for (const found of others) expect(idsOf(found)).toEqual(idsOf([...events, ...more]))
  await first
  expect(store.events).toBeLessThan(700)
})

test('short ones, and those that are not there, are what they are', async () => {
  const { stream, events } = await written(2)
  const whole = async () => idsOf(await reads.whole(stream))
  expect(await whole()).toEqual(idsOf(events))
  await sqlite.append(stream, 1, after(events, 1))
  expect(await whole()).toHaveLength(3)
  expect(await reads.whole(newStream())).toEqual([])
})

test('of a store that lost its end and went on otherwise nothing is left of what was read', async () => {
  const { stream } = await written(600)
  const held = await reads.whole(stream)
  const other: StoredEvent[] = held.map(event => ({ ...event, id: `other ${event.revision}` }))
  store.read = async (_, from) => other.slice(from)
  expect(await reads.whole(stream)).toEqual(other)
})

test('a read that failed fails nobody who asks later', async () => {
  const { stream, events } = await written(600)
  const { read } = store
  store.read = () => Promise.reject(new Error('no'))
  await expect(reads.whole(stream)).rejects.toThrow('no')
  store.read = read
  expect(idsOf(await reads.whole(stream))).toEqual(idsOf(events))
})
