import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client'
import {
  OutcomeUnknown,
  StoreUnavailable,
  WrongRevision,
} from '../../../src/event-store/event-store.js'
import { failureOf } from '../../../src/event-store/eventstoredb/failure.js'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import { subscription } from '../../../src/event-store/eventstoredb/requests.js'
import { type Envelope, firstHash, seal } from '../../../src/event-store/stored-event.js'
import { fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'
import { atOnceMs, openOn } from './stores.js'

/**
 * The traps of the client, by their numbers in the notes on it: each first as the client itself falls
 * into it, where that can be shown in short, then as the store does not. An unhandled rejection fails
 * the test it happens in.
 */
let server: TestServer
let store: EventStoreDBEventStore
beforeEach(async () => {
  server = await TestServer.start()
  store = openOn(server.url, { prefix: 'ours-' })
  await store.head()
})
afterEach(async () => {
  await store.close()
  await server.stop()
})

const appendOne = async (to = store) => {
  const stream = newStream()
  const events = sealed(stream, 1)
  return { stream, events, appended: await to.append(stream, -1, events) }
}
const rawClient = () => EventStoreDBClient.connectionString(server.url)
const rawEvent = () => jsonEvent({ type: 'Counted', data: { n: 1 } })
const until = async (holds: () => boolean) => {
  while (!holds()) await sleep(2)
}
const settledIn = <T>(ms: number, promise: Promise<T>) =>
  Promise.race([
    promise.then(
      () => 'DONE',
      () => 'REJECTED',
    ),
    sleep(ms, 'PENDING'),
  ])

describe('1. the appends of one store', () => {
  test('(another client of the process takes those of a client down with its own)', async () => {
    const [a, b] = [rawClient(), rawClient()]
    await a.appendToStream('a', rawEvent())
    await b.appendToStream('b', rawEvent())
    // An answer that came late would be thrown at nobody, and end the process.
    server.faults.next('append', fault.silent)
    const pending = settledIn(atOnceMs, a.appendToStream('a', rawEvent()))
    await until(() => server.calls.append === 3)
    await b.dispose()
    expect(await pending).toBe('REJECTED')
    await a.dispose()
  })

  test('are untouched by what happens to another, and to any client, of the process', async () => {
    const other = openOn(server.url, { prefix: 'others-' })
    const client = rawClient()
    await appendOne(other)
    await client.appendToStream('c', rawEvent())
    await appendOne()
    server.faults.next('append', fault.late(200))
    const pending = appendOne()
    await until(() => server.calls.append === 4)
    server.faults.next('append', fault.unavailable)
    await appendOne(other)
    await other.close()
    await client.dispose()
    const { stream, events, appended } = await pending
    expect(appended.revision).toBe(0)
    expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
    expect(server.calls.append).toBe(6)
  })
})

test('2. an event that cannot be serialised is refused when it is sealed, and none hangs', async () => {
  const envelope = JSON.parse(sealed('incident-1', 1)[0]!.bytes) as Envelope
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  for (const data of [{ n: 1n }, { n: NaN }, cycle])
    expect(() => seal(firstHash('incident-1'), { ...envelope, data })).toThrow()
  const gone = seal(firstHash('incident-1'), { ...envelope, data: { n: undefined, m: 1 } })
  await store.append('incident-1', -1, [gone])
  expect((await store.read('incident-1', 0))[0]!.data).toEqual({ m: 1 })
})

describe('3. a server that is frozen', () => {
  const timings = { attemptMs: 300, appendMs: 2000, readMs: 300, connectMs: 900 }
  let hasty: EventStoreDBEventStore
  beforeEach(async () => {
    hasty = openOn(server.url, { timings })
    await until(() => hasty.state.connected)
  })
  afterEach(() => hasty.close())

  test('does not hold up an append, whose outcome is told as unknown', async () => {
    await appendOne(hasty)
    for (const kind of ['append', 'read', 'subscribe'] as const)
      server.faults.always(kind, fault.silent)
    await expect(appendOne(hasty)).rejects.toThrow(OutcomeUnknown)
  })

  test('does not hold up a read', async () => {
    server.faults.always('read', fault.silent)
    await expect(hasty.read('incident-1', 0)).rejects.toThrow(StoreUnavailable)
    await expect(hasty.head()).rejects.toThrow(StoreUnavailable)
    expect(hasty.state).toMatchObject({ connected: false, why: expect.any(String) })
  })
})

test('4. a server that ends the stream of appends with OK holds up neither that append nor the next', async () => {
  const client = rawClient()
  server.faults.next('append', fault.endStream)
  expect(await settledIn(500, client.appendToStream('a', rawEvent()))).toBe('PENDING')
  server.faults.next('append', fault.endStream)
  const started = performance.now()
  await appendOne()
  await appendOne()
  // Its own timer would come much later.
  expect(performance.now() - started).toBeLessThan(atOnceMs)
})

test('5. a wrong revision tells the real one', async () => {
  const { stream, events } = await appendOne()
  await store.append(stream, 0, after(events, 4))
  for (const fresh of [store, openOn(server.url, { prefix: 'ours-' })]) {
    const other = sealed(stream, 1, undefined, 1)
    await expect(fresh.append(stream, 0, other)).rejects.toEqual(new WrongRevision(4))
    const ahead = sealed('incident-none', 1, undefined, 8)
    await expect(fresh.append('incident-none', 7, ahead)).rejects.toEqual(new WrongRevision(-1))
    if (fresh !== store) await fresh.close()
  }
})

test.each<[string, unknown, object]>([
  ['a refused connection', { code: 14, message: '' }, { kind: 'DOWN' }],
  ['a failed discovery', new Error('Failed to discover after 1 attempts.'), { kind: 'DOWN' }],
  [
    'a starting server',
    { code: 2, details: 'Exception was thrown by handler.' },
    { kind: 'OTHER' },
  ],
  ['an error with nothing in it', new Error(''), { kind: 'OTHER' }],
  ['nothing', undefined, { kind: 'OTHER' }],
  ['a deadline', { code: 4, details: '' }, { kind: 'SILENT' }],
  ['no credentials', { code: 16, details: 'Bad' }, { kind: 'DENIED', isLasting: true }],
  ['no permission', { code: 7, details: 'Access Denied' }, { kind: 'DENIED', isLasting: true }],
  [
    'a certificate nobody knows',
    { code: 14, details: 'No connection established. Last error: self-signed certificate' },
    { kind: 'TLS', isLasting: true, isFinal: true },
  ],
  ['a server without batches', { code: 12, details: '' }, { kind: 'TOO_OLD', isLasting: true }],
])('6. an error without a type is told by its code: %s', (_, error, expected) => {
  const failure = failureOf(error)
  expect({
    kind: failure.kind,
    isLasting: failure.isLasting,
    isFinal: failure.isFinal,
  }).toMatchObject(expected)
  expect(failure.message).toMatch(/^\S.+\S$/)
})

test('6. an append larger than the server takes says which of its settings to raise', async () => {
  const stream = newStream()
  const large = sealed(stream, 6, undefined, 0, () => 'x'.repeat(200 * 1024))
  await expect(store.append(stream, -1, large)).rejects.toThrow(/MaxAppendSize \(1048576 bytes/)
  await expect(store.append(stream, -1, large)).rejects.not.toBeInstanceOf(OutcomeUnknown)
  expect(await store.read(stream, 0)).toEqual([])
  expect(store.state.connected).toBe(true)
})

test('7. of the whole log only what is ours is read, wherever the page begins and ends', async () => {
  const ours: string[] = []
  for (let n = 0; n < 5; n++) {
    server.log.noise(7)
    server.log.foreign('theirs-1', {}, {})
    ours.push(...idsOf((await appendOne()).events))
  }
  const before = server.sent
  for (const limit of [1, 2, 100]) {
    const ids: string[] = []
    for (let page = await store.readAll(0n, limit); page.length > 0;) {
      ids.push(...idsOf(page))
      page = await store.readAll(page.at(-1)!.position, limit)
    }
    expect(ids).toEqual(ours)
  }
  // It is the server that leaves out the others': 55 events stand in the log.
  expect(server.sent - before).toBeLessThan(2 * (5 + 5 + 5 + 6))
})

describe('8. a subscription', () => {
  test('(of the client with its defaults is told of its place all the time)', async () => {
    const client = rawClient()
    let reached = 0
    const filter = streamNameFilter({
      prefixes: ['ours-'],
      checkpointReached: async () => void reached++,
    })
    const subscription = client.subscribeToAll({ filter })
    subscription.on('error', () => {}).resume()
    server.log.noise(1000)
    await until(() => reached > 20)
    await subscription.unsubscribe()
    await client.dispose()
  })

  test('of the store is told of its place seldom, and of its end without a word of the server', async () => {
    const stop = new AbortController()
    const told: bigint[] = []
    const following = store.follow(
      0n,
      async () => {},
      stop.signal,
      at => told.push(at),
    )
    server.log.noise(1000)
    const { appended } = await appendOne()
    while (told.at(-1) !== appended.position) await sleep(2)
    server.log.noise(1000)
    await sleep(50)
    stop.abort()
    await following
    expect(told.length).toBeLessThan(4)
    const asked = subscription({ commit: 0n, prepare: 0n }, /^ours-/)
      .getOptions()!
      .getFilter()!
    expect(asked.getCheckpointintervalmultiplier()).toBeGreaterThan(100)
  })
})

test('9. a subscription that is lost, or ended as if all were well, goes on', async () => {
  const seen: string[] = []
  const stop = new AbortController()
  const following = store.follow(0n, async event => void seen.push(event.id), stop.signal)
  const appended: string[] = []
  for (const how of [fault.cutAt(1), fault.cutAt(1, { gracefully: true }), fault.resetAt(1)]) {
    server.faults.next('subscribe', how)
    server.dropAll()
    for (let n = 0; n < 3; n++) appended.push(...idsOf((await appendOne()).events))
  }
  while (seen.length < appended.length) await sleep(2)
  stop.abort()
  await following
  expect(seen).toEqual(appended)
})

describe('10. of what else surprises', () => {
  test('an append of nothing is refused, where the server would call it a success', async () => {
    await expect(store.append(newStream(), -1, [])).rejects.toThrow(TypeError)
  })

  test('revisions are numbers and positions bigints', async () => {
    const { stream, appended } = await appendOne()
    expect(appended).toEqual({ revision: 0, position: expect.any(BigInt) })
    const [event] = await store.read(stream, 0)
    expect(event).toMatchObject({ revision: 0, position: appended.position })
  })

  test('known events with a new one behind them are refused, all of them', async () => {
    const { stream, events } = await appendOne()
    const both = [...events, ...after(events, 1)]
    await expect(store.append(stream, -1, both)).rejects.toEqual(new WrongRevision(0))
    expect(await store.read(stream, 0)).toHaveLength(1)
  })

  test('a stream whose beginning was cut off is damaged, not shorter', async () => {
    const { stream, events } = await appendOne()
    await store.append(stream, 0, after(events, 4))
    const client = rawClient()
    await client.setStreamMetadata(`ours-${stream}`, { truncateBefore: 2 })
    await expect(store.read(stream, 0)).rejects.toThrow(/Revision 0 of a stream is missing/)
    expect(await store.read(stream, 4)).toHaveLength(1)
    await client.setStreamMetadata(`ours-${stream}`, { truncateBefore: 99 })
    await expect(store.read(stream, 0)).rejects.toThrow(/was deleted/)
    await client.dispose()
  })

  test('a stream that was deleted is damaged, not empty', async () => {
    const { stream } = await appendOne()
    const client = rawClient()
    await client.deleteStream(`ours-${stream}`)
    await expect(store.read(stream, 0)).rejects.toThrow(/was deleted/)
    await client.dispose()
  })
})

test('11. an append whose position is not told is read back', async () => {
  const { stream, events } = await appendOne()
  const answer = server.log.append.bind(server.log)
  server.log.append = (...asked) => ({ ...answer(...asked), position: undefined })
  const single = sealed(newStream(), 1)
  const told = await store.append(single[0]!.stream, -1, single)
  expect(told.position).toBe((await store.read(single[0]!.stream, 0))[0]!.position)
  const more = after(events, 5)
  const { position } = await store.append(stream, 0, more)
  expect(position).toBe((await store.read(stream, 5))[0]!.position)
  expect(await store.append(stream, 0, more.slice(0, 2))).toEqual({
    revision: 2,
    position: (await store.read(stream, 2))[0]!.position,
  })
})

test('12. the first call on a fresh connection is made alone', async () => {
  const fresh = openOn(server.url)
  // The connection for reads is open now, that for appends is not.
  await fresh.head()
  const before = { ...server.calls }
  const first: string[] = []
  const seen = () => first.push(server.calls.read > before.read ? 'READ' : 'APPEND')
  server.hooks.onAppend(seen)
  const appends = Array.from({ length: 200 }, () => appendOne(fresh))
  await Promise.all(appends)
  expect(first[0]).toBe('READ')
  expect(server.calls.append - before.append).toBe(200)
  await fresh.close()
})
