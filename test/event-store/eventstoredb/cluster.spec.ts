import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { StoreUnavailable } from '../../../src/event-store/event-store.js'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import { type SealedEvent, firstHash } from '../../../src/event-store/stored-event.js'
import { TestCluster } from '../../support/eventstoredb/cluster.js'
import { idsOf, newStream, sealed } from '../sealed.js'
import { atOnceMs, openOn } from './stores.js'

let cluster: TestCluster
let store: EventStoreDBEventStore
beforeEach(async () => {
  cluster = await TestCluster.start()
  store = openOn(cluster.url)
})
afterEach(async () => {
  await store.close()
  await cluster.stop()
})

const stream = newStream()
/** Appends until the store can; how long it took. */
async function appendNext(events: SealedEvent[]): Promise<number> {
  const { hash, revision } = events.at(-1) ?? { hash: firstHash(stream), revision: -1 }
  const [next] = sealed(stream, 1, hash, revision + 1)
  const started = performance.now()
  for (;;) {
    try {
      await store.append(stream, revision, [next!])
      events.push(next!)
      return performance.now() - started
    } catch (error) {
      if (performance.now() - started > 6 * atOnceMs) throw error
      await sleep(10)
    }
  }
}
function follow() {
  const seen: string[] = []
  const stop = new AbortController()
  const following = store.follow(0n, async event => void seen.push(event.id), stop.signal)
  return {
    seen,
    end: async (events: SealedEvent[]) => {
      while (seen.length < events.length) await sleep(5)
      stop.abort()
      await following
      expect(seen).toEqual(idsOf(events))
    },
  }
}

test.each<[string, () => unknown]>([
  ['moves to another node', () => cluster.moveLeader()],
  [
    'is killed, and another node leads',
    async () => {
      await cluster.leader!.stop()
      cluster.moveLeader()
    },
  ],
  [
    'is lost for a while',
    () => {
      cluster.loseLeader()
      setTimeout(() => cluster.moveLeader(), 300)
    },
  ],
])('when the leader %s, nothing is lost and nothing is twice', async (_, change) => {
  const events: SealedEvent[] = []
  const follower = follow()
  for (let n = 0; n < 5; n++) await appendNext(events)
  await change()
  expect(await appendNext(events)).toBeLessThan(2 * atOnceMs)
  for (let n = 0; n < 5; n++) await appendNext(events)
  expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
  await follower.end(events)
  expect(cluster.log.all).toHaveLength(events.length)
})

test('a follower of the cluster that lags is never read from', async () => {
  for (const node of cluster.followers) node.view.pause()
  const [lagging] = cluster.followers
  const single = openOn(lagging!.url)
  const name = newStream()
  const events = sealed(name, 3)
  for (let n = 0; n < 3; n++) {
    await single.append(name, n - 1, events.slice(n, n + 1))
    expect(await single.read(name, 0)).toHaveLength(n + 1)
    expect((await single.readAll(0n, 10)).at(-1)!.position).toBe(await single.head())
  }
  await single.close()
})

test('a cluster that comes up after the store is found', async () => {
  const late = await TestCluster.start()
  await late.stop()
  const early = openOn(late.url, { timings: { connectMs: 1500 } })
  await expect(early.head()).rejects.toThrow(StoreUnavailable)
  expect(early.state).toMatchObject({ connected: false, why: expect.stringMatching(/discover/) })
  for (const node of late.nodes) await node.restart()
  const started = performance.now()
  while (!early.state.connected) await sleep(5)
  expect(performance.now() - started).toBeLessThan(atOnceMs)
  const name = newStream()
  await early.append(name, -1, sealed(name, 1))
  await early.close()
  await late.stop()
})
