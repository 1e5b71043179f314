import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  OutcomeUnknown,
  type Position,
  StoreDamaged,
  StoreUnavailable,
} from '../../../src/event-store/event-store.js'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import { toServer } from '../../../src/event-store/eventstoredb/recorded-event.js'
import { fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { type SealedEvent, firstHash } from '../../../src/event-store/stored-event.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'
import { atOnceMs, openOn } from './stores.js'

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

/** A stream that grows by one event at a time, and a follower of the whole log. */
class Both {
  readonly events: SealedEvent[] = []
  readonly seen: string[] = []
  readonly told: Position[] = []
  readonly #stop = new AbortController()
  readonly #following: Promise<void>
  readonly #stream = newStream()

  constructor(from = 0n) {
    this.#following = store.follow(
      from,
      async event => void this.seen.push(event.id),
      this.#stop.signal,
      position => this.told.push(position),
    )
  }

  async append(count = 1) {
    const { hash, revision } = this.events.at(-1) ?? { hash: firstHash(this.#stream), revision: -1 }
    const events = sealed(this.#stream, count, hash, revision + 1)
    await store.append(this.#stream, revision, events)
    this.events.push(...events)
  }

  /** How long it took until all was seen. */
  async seenAll(): Promise<number> {
    const started = performance.now()
    while (this.seen.length < this.events.length) await sleep(2)
    return performance.now() - started
  }

  async end() {
    this.#stop.abort()
    await this.#following
    expect(this.seen).toEqual(idsOf(this.events))
  }
}

test('200 drops at random points lose nothing and repeat nothing, and are over at once', async () => {
  await store.close()
  // A server that is dropped on purpose need not be spared.
  store = openOn(server.url, { prefix: 'ours-', timings: { resumeMinMs: 5 } })
  const both = new Both()
  await both.append()
  await both.seenAll()
  let slowest = 0
  for (let n = 0; n < 200; n++) {
    const events = Math.floor(Math.random() * 4)
    if (n % 4 === 0) server.dropAll()
    else if (n % 4 === 1) server.faults.next('subscribe', fault.resetAt(events + 1))
    else if (n % 4 === 2) server.faults.next('subscribe', fault.cutAt(events + 1))
    else server.faults.next('subscribe', fault.cutAt(events + 1, { gracefully: true }))
    const appending = both.append(1 + events)
    if (n % 4 === 0) await sleep(Math.random() * 4)
    if (n % 3 === 0) server.dropAll()
    await appending
    slowest = Math.max(slowest, await both.seenAll())
  }
  await both.end()
  expect(slowest).toBeLessThan(atOnceMs)
})

/** That it was away may be noticed only when it is back: what is refused until then was not done. */
async function onceBack(append: () => Promise<void>): Promise<void> {
  for (;;)
    try {
      return await append()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || error instanceof OutcomeUnknown) throw error
      await sleep(2)
    }
}

test('a server that was away is followed again when it is back', async () => {
  const both = new Both()
  await both.append(3)
  await both.seenAll()
  for (const awayMs of [10, 300, 1500]) {
    await server.stop()
    await sleep(awayMs)
    server.log.noise(3)
    await server.restart()
    const back = performance.now()
    await onceBack(() => both.append(2))
    await both.seenAll()
    expect(performance.now() - back).toBeLessThan(atOnceMs)
  }
  await both.end()
})

test('a subscription that silently brings nothing more is noticed and made again', async () => {
  await store.close()
  store = openOn(server.url, { prefix: 'ours-', timings: { watchMs: 300, graceMs: 100 } })
  const both = new Both()
  await both.append()
  await both.seenAll()
  const held = { at: server.log.all.length }
  server.faults.always('subscribe', fault.cutAt(0, { gracefully: false }))
  server.dropAll()
  server.faults.clear()
  server.faults.next('subscribe', fault.silent)
  await both.append(2)
  expect(await both.seenAll()).toBeLessThan(atOnceMs)
  expect(held.at).toBeLessThan(server.log.all.length)
  await both.end()
})

test.each(['EXACT', 'STALE', 'AHEAD'] as const)(
  'checkpoints that are %s lead no follower astray',
  async checkpoints => {
    server.checkpoints = checkpoints
    const both = new Both()
    for (let n = 0; n < 20; n++) {
      server.log.noise(50)
      await both.append()
      if (n % 3 === 0) server.dropAll()
      server.log.noise(50)
    }
    expect(await both.seenAll()).toBeLessThan(atOnceMs)
    await both.end()
  },
)

test('a slow handler holds up the server, and no events wait in the process', async () => {
  const stream = newStream()
  const events = sealed(stream, 3000, undefined, 0, () => 'x'.repeat(200))
  for (let i = 0; i < 3000; i += 1000) await store.append(stream, i - 1, events.slice(i, i + 1000))
  await store.head()
  const before = server.sent
  const stop = new AbortController()
  let [seen, wake] = [0, () => {}]
  const slow = new Promise<void>(resolve => (wake = resolve))
  const take = async () => {
    if (++seen === 10) await slow
    if (seen === 3000) stop.abort()
  }
  const following = store.follow(0n, take, stop.signal)
  while (seen < 10) await sleep(2)
  await sleep(500)
  expect(seen).toBe(10)
  // What is on its way fills the buffers of sockets and streams, which are of a fixed size.
  expect(server.sent - before).toBeLessThan(2500)
  wake()
  await following
  expect(seen).toBe(3000)
})

test('a handler that is at work when the follower is stopped is waited for', async () => {
  const both = new Both()
  await both.append()
  await both.seenAll()
  await both.end()
  const stop = new AbortController()
  let done = false
  const take = async () => {
    stop.abort()
    await sleep(50)
    done = true
  }
  await store.follow(0n, take, stop.signal)
  expect(done).toBe(true)
})

test('a follower of a server that is not there waits for it, and can be stopped', async () => {
  await server.stop()
  const stop = new AbortController()
  const following = store.follow(0n, async () => {}, stop.signal)
  await sleep(100)
  stop.abort()
  await following
})

test('noise and leases of others are no end of the log', async () => {
  const both = new Both()
  await both.append(2)
  server.log.noise(500)
  server.log.foreign('theirs-1', {}, {})
  server.log.foreign('ours-lease-duties', {}, {})
  const head = await store.head()
  expect(head).toBe((await store.readAll(0n, 10)).at(-1)!.position)
  await both.seenAll()
  while (both.told.at(-1) !== head) await sleep(2)
  await both.end()
})

describe('damage', () => {
  const damaged = async (change: (event: { data: Uint8Array }) => void) => {
    const stream = newStream()
    const events = sealed(stream, 3)
    await store.append(stream, -1, events)
    change(server.log.all.at(-1)! as { data: Uint8Array })
    return { stream, events }
  }
  const spoilt = (event: { data: Uint8Array }) => {
    event.data = Buffer.from('{"text":"other"}')
  }

  test('ends a follower, after what is before it', async () => {
    const { events } = await damaged(spoilt)
    const seen: string[] = []
    const { signal } = new AbortController()
    const following = store.follow(0n, async event => void seen.push(event.id), signal)
    await expect(following).rejects.toThrow(StoreDamaged)
    expect(seen).toEqual(idsOf(events.slice(0, 2)))
  })

  test('is told to readers, after what is before it', async () => {
    const { stream, events } = await damaged(spoilt)
    await expect(store.read(stream, 0)).rejects.toThrow(StoreDamaged)
    expect(idsOf(await store.read(stream, 0, 2))).toEqual(idsOf(events.slice(0, 2)))
    const page = await store.readAll(0n, 10)
    expect(idsOf(page)).toEqual(idsOf(events.slice(0, 2)))
    await expect(store.readAll(page.at(-1)!.position, 10)).rejects.toThrow(StoreDamaged)
    expect(await store.head()).toBe(BigInt(server.log.all.at(-1)!.position))
  })

  test('of a link between two events is found in a stream and in the log', async () => {
    const stream = newStream()
    const events = sealed(stream, 2)
    const [other] = after(sealed(stream, 2), 1).map(toServer)
    await store.append(stream, -1, events)
    server.log.foreign(`ours-${stream}`, { ...other!, contentType: 'application/json' })
    await expect(store.read(stream, 0)).rejects.toThrow(StoreDamaged)
    await expect(store.read(stream, 2)).rejects.toThrow(StoreDamaged)
    expect(await store.readAll(0n, 10)).toHaveLength(2)
  })
})

test('an append that was acknowledged and cannot be read back is not told as not done', async () => {
  await store.close()
  store = openOn(server.url, { prefix: 'ours-', timings: { connectMs: 900 } })
  await store.head()
  const events = sealed(newStream(), 3)
  let isCutOff = true
  server.hooks.onAppend(() => {
    if (isCutOff) server.faults.always('read', fault.unavailable)
  })
  await expect(store.append(events[0]!.stream, -1, events)).rejects.toThrow(OutcomeUnknown)
  server.faults.clear('read')
  expect(server.log.all).toHaveLength(3)
  while (!store.state.connected) await sleep(2)
  isCutOff = false
  server.faults.clear('read')
  const { revision } = await store.append(events[0]!.stream, -1, events)
  expect([revision, server.log.all.length]).toEqual([2, 3])
})
