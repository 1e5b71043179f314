import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { WrongRevision } from '../../../src/event-store/event-store.js'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'
import { openOn } from './stores.js'

let server: TestServer
let store: EventStoreDBEventStore
beforeEach(async () => {
  server = await TestServer.start()
  store = openOn(server.url, { prefix: 'ours-' })
})
afterEach(async () => {
  await store.close()
  await server.stop()
})

const theirs = (stream: string, count = 1) =>
  server.log.foreign(`ours-${stream}`, ...Array.from({ length: count }, () => ({ data: { x: 1 } })))
/** A process that knows nothing of the stream yet. */
async function anew() {
  await store.close()
  store = openOn(server.url, { prefix: 'ours-' })
}

test.each([
  ['the process that wrote before', async () => {}],
  ['another process', anew],
])('events of others in a stream are skipped and do not stop %s', async (_, meanwhile) => {
  const stream = newStream()
  const events = sealed(stream, 9)
  theirs(stream, 2)
  await meanwhile()
  await store.append(stream, -1, events.slice(0, 3))
  theirs(stream)
  await meanwhile()
  expect(await store.append(stream, 2, events.slice(3, 5))).toMatchObject({ revision: 4 })
  theirs(stream, 3)
  await meanwhile()
  const { position } = await store.append(stream, 4, events.slice(5, 6))
  expect(await store.head()).toBe(position)
  for (const [from, limit] of [
    [0, 100],
    [2, 3],
    [3, 1],
    [5, 9],
    [6, 1],
  ] as const)
    expect(idsOf(await store.read(stream, from, limit))).toEqual(
      idsOf(events.slice(0, 6).slice(from, from + limit)),
    )
  expect(idsOf(await store.readAll(0n, 100))).toEqual(idsOf(events.slice(0, 6)))
  expect(idsOf(await store.readAll(0n, 2))).toEqual(idsOf(events.slice(0, 2)))
  expect(store.state.foreign).toBe(6)
})

test.each([
  ['in the process that wrote them', async () => {}],
  ['in another process', anew],
])(
  'behind events of others a repeat is found done, and the rest refused, %s',
  async (_, meanwhile) => {
    const stream = newStream()
    const events = sealed(stream, 4)
    await store.append(stream, -1, events.slice(0, 1))
    theirs(stream)
    const first = await store.append(stream, 0, events.slice(1, 3))
    await meanwhile()
    expect(await store.append(stream, 0, events.slice(1, 3))).toEqual(first)
    expect(await store.append(stream, -1, events.slice(0, 3))).toEqual(first)
    await meanwhile()
    const others = sealed(stream, 2)
    await expect(store.append(stream, -1, others)).rejects.toEqual(new WrongRevision(2))
    await expect(store.append(stream, 1, after(others, 1))).rejects.toEqual(new WrongRevision(2))
    await expect(store.append(stream, 3, sealed(stream, 1, undefined, 4))).rejects.toEqual(
      new WrongRevision(2),
    )
    expect(await store.append(stream, 2, events.slice(3))).toMatchObject({ revision: 3 })
    expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
  },
)

test('a stream with events of others alone is empty', async () => {
  const stream = newStream()
  theirs(stream, 3)
  expect(await store.read(stream, 0)).toEqual([])
  expect(await store.readAll(0n, 10)).toEqual([])
  expect(await store.head()).toBe(0n)
  const ahead = sealed(stream, 1, undefined, 3)
  await expect(store.append(stream, 2, ahead)).rejects.toEqual(new WrongRevision(-1))
})

test('events of others are counted once each, and not beyond a bound', async () => {
  const told: number[] = []
  await store.close()
  store = openOn(server.url, {
    prefix: 'ours-',
    stateChanged: ({ foreign }) => told.push(foreign),
  })
  theirs('incident-1', 5)
  for (let n = 0; n < 3; n++) await store.readAll(0n, 10)
  await store.read('incident-1', 0)
  expect(store.state.foreign).toBe(5)
  expect(Math.max(...told)).toBe(5)
  server.log.foreign('others-1', {})
  server.log.foreign('ours-lease-duties', {})
  await store.readAll(0n, 10)
  expect(store.state.foreign).toBe(5)
  theirs('incident-1', 10_001)
  await store.readAll(0n, 10)
  expect(store.state.foreign).toBe(10_000)
})

test.each([
  ['ours-', 'ours-drills-'],
  ['', 'ours-'],
  ['', 'lease-'],
  ['a', 'ab'],
])('ledgers with the prefixes %j and %j share a server', async (short, long) => {
  const [a, b] = [openOn(server.url, { prefix: short }), openOn(server.url, { prefix: long })]
  const stream = newStream()
  const [ofA, ofB] = [sealed(stream, 3), sealed(stream, 3)]
  for (let n = 0; n < 3; n++) {
    await a.append(stream, n - 1, ofA.slice(n, n + 1))
    await b.append(stream, n - 1, ofB.slice(n, n + 1))
  }
  for (const [ledger, events] of [
    [a, ofA],
    [b, ofB],
  ] as const) {
    expect(idsOf(await ledger.read(stream, 0))).toEqual(idsOf(events))
    expect(idsOf(await ledger.readAll(0n, 10))).toEqual(idsOf(events))
    const followed: string[] = []
    const stop = new AbortController()
    const take = async ({ id }: { id: string }) => void (followed.push(id) === 3 && stop.abort())
    await ledger.follow(0n, take, stop.signal)
    expect(followed).toEqual(idsOf(events))
    await ledger.close()
  }
})

test('a prefix may hold what a regular expression would take for its own', async () => {
  const prefix = 'a.b+c (d)[e]{f}^$|#\\ü-'
  const ledger = openOn(server.url, { prefix })
  const stream = newStream()
  const events = sealed(stream, 2)
  await ledger.append(stream, -1, events)
  server.log.foreign('aXb', {})
  expect(idsOf(await ledger.readAll(0n, 10))).toEqual(idsOf(events))
  await ledger.close()
})
