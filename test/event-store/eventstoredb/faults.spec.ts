import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { OutcomeUnknown } from '../../../src/event-store/event-store.js'
import type { defaultTimings } from '../../../src/event-store/eventstoredb/timings.js'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import type { StoredEvent } from '../../../src/event-store/stored-event.js'
import { type CallKind, type Fault, fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'
import { atOnceMs, openOn } from './stores.js'

/** Shorter than the real ones, so that a server that says nothing costs little. */
const hasty = { attemptMs: 250, readMs: 250 }

let server: TestServer
let store: EventStoreDBEventStore
beforeEach(async () => {
  server = await TestServer.start()
  store = openOn(server.url)
})
afterEach(async () => {
  await store.close()
  await server.stop()
})

async function reopened(timings: Partial<typeof defaultTimings>): Promise<void> {
  await store.close()
  store = openOn(server.url, { timings })
}
const elapsed = async (doing: Promise<unknown>) => {
  const start = performance.now()
  await doing
  return performance.now() - start
}
/** Appends one event to a stream of its own; how long it took. */
async function appendOne(): Promise<{ ms: number; stream: string; id: string }> {
  const stream = newStream()
  const [event] = sealed(stream, 1)
  const ms = await elapsed(store.append(stream, -1, [event!]))
  return { ms, stream, id: event!.id }
}
const kept = (id: string) => server.log.all.filter(event => event.id === id).length
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!

/** Each ends the try it meets by itself: no timer of the store is waited for. */
const faults: Record<CallKind, Record<string, Fault>> = {
  append: {
    'a graceful end': fault.endStream,
    'a reset': fault.reset,
    UNAVAILABLE: fault.unavailable,
    'a node that does not lead': fault.notLeader,
    'a node that is not ready': fault.notReady,
    'a node that ran out of time': fault.timedOut,
    'half an answer': fault.halfThenReset,
    'a reset after it was done': fault.commitThenReset,
    'a graceful end after it was done': fault.commitThenEnd,
    'UNAVAILABLE after it was done': fault.commitThenUnavailable,
    'no time after it was done': fault.commitThenTimedOut,
  },
  read: {
    'a reset': fault.reset,
    UNAVAILABLE: fault.unavailable,
    'a node that does not lead': fault.notLeader,
    'a node that is not ready': fault.notReady,
    'half an answer': fault.halfThenReset,
    'an error after the first event': fault.cutAt(1),
    'a reset after the second event': fault.resetAt(2),
  },
  subscribe: {
    'a graceful end': fault.endStream,
    'a reset': fault.reset,
    UNAVAILABLE: fault.unavailable,
    'a node that does not lead': fault.notLeader,
    'an error after the first event': fault.cutAt(1),
    'a graceful end after the second event': fault.cutAt(2, { gracefully: true }),
    'a reset after the third event': fault.resetAt(3),
  },
}
const calls = Object.entries(faults) as [CallKind, Record<string, Fault>][]

describe('an append that no server answers', () => {
  test('settles in its own time as an unknown outcome, after it was tried again', async () => {
    await reopened({ ...hasty, appendMs: 2000 })
    await appendOne()
    server.faults.always('append', fault.silent)
    const before = server.calls.append
    const stream = newStream()
    const started = performance.now()
    const appending = store.append(stream, -1, sealed(stream, 1))
    await expect(appending).rejects.toThrow(OutcomeUnknown)
    const ms = performance.now() - started
    expect(ms).toBeGreaterThan(1750)
    expect(ms).toBeLessThan(8 * 2000)
    expect(server.calls.append - before).toBeGreaterThan(1)
  })

  test('is found done when the server had done it', async () => {
    await reopened(hasty)
    server.faults.next('append', fault.commitSilently, 3)
    const { id } = await appendOne()
    expect(kept(id)).toBe(1)
  })
})

describe.each(calls)('what meets a call to %s', (kind, all) => {
  test.each(Object.entries(all))(
    'as %s, twice, settles long before its time is over',
    async (_, meets) => {
      await appendOne()
      server.faults.next(kind, meets, 2)
      const stream = newStream()
      const events = sealed(stream, 3)
      const stop = new AbortController()
      const before = await store.head()
      const seen: StoredEvent[] = []
      const following = store.follow(
        before,
        async event => void (seen.push(event) === 3 && stop.abort()),
        stop.signal,
      )
      expect(await elapsed(store.append(stream, -1, events))).toBeLessThan(atOnceMs)
      expect(await elapsed(store.readAll(0n, 100))).toBeLessThan(atOnceMs)
      expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
      await following
      expect(idsOf(seen)).toEqual(idsOf(events))
    },
  )
})

// An unhandled rejection fails the test it happens in.
test('1,000 random faults leave nothing unsettled, nothing unhandled and nothing twice', async () => {
  await reopened(hasty)
  const rare = [fault.silent, fault.half, fault.unknownCorrelation, fault.commitSilently]
  const stop = new AbortController()
  const seen: string[] = []
  const following = store.follow(0n, async event => void seen.push(event.id), stop.signal)
  const appended: string[] = []
  let slowest = 0
  for (let n = 0; n < 1000; n++) {
    const kind = pick(['append', 'append', 'read', 'subscribe'] as const)
    server.faults.next(kind, n % 100 === 0 ? pick(rare) : pick(Object.values(faults[kind])))
    const [{ ms, stream, id }] = await Promise.all([appendOne(), store.readAll(0n, 2)])
    if (n % 10 === 0) expect(idsOf(await store.read(stream, 0))).toEqual([id])
    slowest = Math.max(slowest, n % 100 === 0 ? 0 : ms)
    appended.push(id)
  }
  server.faults.clear()
  while (seen.length < 1000) await new Promise(resolve => setTimeout(resolve, 10))
  stop.abort()
  await following
  expect(seen).toEqual(appended)
  expect(server.log.all.map(({ id }) => id)).toEqual(appended)
  expect(slowest).toBeLessThan(atOnceMs)
})

test('1,000 of 1,000 appends that were done without an answer are found, each stored once', async () => {
  const done = [
    fault.commitThenReset,
    fault.commitThenEnd,
    fault.commitThenUnavailable,
    fault.commitThenTimedOut,
  ]
  const appended: string[] = []
  for (let n = 0; n < 1000; n++) {
    server.faults.next('append', done[n % done.length]!)
    appended.push((await appendOne()).id)
  }
  expect(server.log.all.map(({ id }) => id)).toEqual(appended)
})

test('many appends at once that were done without an answer are found, each stored once', async () => {
  for (let round = 0; round < 10; round++) {
    server.faults.next('append', fault.commitThenReset, 3)
    const appended = await Promise.all(Array.from({ length: 50 }, appendOne))
    for (const { id } of appended) expect(kept(id)).toBe(1)
  }
})

test('a stream goes on behind an append whose outcome was not known', async () => {
  const stream = newStream()
  const first = sealed(stream, 2)
  server.faults.next('append', fault.commitThenReset)
  await store.append(stream, -1, first)
  server.faults.next('append', fault.commitThenEnd)
  const more = after(first, 2)
  expect(await store.append(stream, 1, more)).toMatchObject({ revision: 3 })
  expect(idsOf(await store.read(stream, 0))).toEqual(idsOf([...first, ...more]))
})
