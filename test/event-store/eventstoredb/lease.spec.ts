import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import type { Lease } from '../../../src/event-store/eventstoredb/lease.js'
import { fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { newPrefix, openOn } from './stores.js'

/** So long that a machine that is busy does not end it. */
const long = { leaseMs: 60_000, renewMs: 200, lookMs: 100 }
/** So short that its end can be waited for. */
const short = { ...long, leaseMs: 1500 }
const prefix = newPrefix()

let server: TestServer
let stores: EventStoreDBEventStore[]
let leases: Lease[]
beforeEach(async () => {
  server = await TestServer.start()
  stores = [openOn(server.url, { prefix }), openOn(server.url, { prefix })]
  leases = []
})
const leased = (timings: typeof long) =>
  (leases = stores.map(store => store.lease('duties', timings)))

afterEach(async () => {
  await Promise.all(leases.map(lease => lease.stop()))
  await Promise.all(stores.map(store => store.close()))
  await server.stop()
})

/** Never more than one holds it; whether it came to that. */
async function until(holds: () => boolean, withinMs = long.leaseMs / 2) {
  const start = performance.now()
  while (!holds()) {
    expect(leases.filter(({ held }) => held).length).toBeLessThan(2)
    if (performance.now() - start > withinMs) throw new Error('It did not come to that')
    await sleep(5)
  }
  return performance.now() - start
}
async function firstHolds(timings = long) {
  leased(timings)
  leases[0]!.start()
  await until(() => leases[0]!.held)
  leases[1]!.start()
}
/** As if the process had ended: it does nothing more, and says nothing of it. */
const kill = (n: number) => stores[n]!.close()

test('one of two holds it, for as long as it goes on', async () => {
  for (const lease of leased({ ...short, leaseMs: 2000 })) lease.start()
  await until(() => leases.some(({ held }) => held))
  const [holder] = leases.filter(({ held }) => held)
  await expect(until(() => !holder!.held, 3000)).rejects.toThrow('It did not come to that')
  expect(leases.filter(({ held }) => held)).toEqual([holder])
})

test('many who ask at once get one holder', async () => {
  leased(long).push(...Array.from({ length: 10 }, () => stores[0]!.lease('duties', long)))
  for (const lease of leases) lease.start()
  await until(() => leases.some(({ held }) => held))
  await sleep(400)
  expect(leases.filter(({ held }) => held)).toHaveLength(1)
})

test('a holder that stops hands it over at once', async () => {
  await firstHolds()
  await leases[0]!.stop()
  expect(leases[0]!.held).toBe(false)
  // Long before its time would be over.
  await until(() => leases[1]!.held)
})

test('a holder that is killed is followed when its time is over, and not before', async () => {
  await firstHolds(short)
  await sleep(400)
  await kill(0)
  await until(() => leases[1]!.held)
  expect(leases[0]!.held).toBe(false)
})

test('a holder that cannot renew it stops by itself, before another begins', async () => {
  await firstHolds(short)
  const changes: boolean[] = []
  server.faults.always('append', fault.silent)
  await until(() => !leases[0]!.held)
  changes.push(leases[1]!.held)
  server.faults.clear()
  await until(() => leases.some(({ held }) => held))
  expect(changes).toEqual([false])
})

test('a process that was busy for too long does not think that it holds it', async () => {
  await firstHolds(short)
  const busyUntil = performance.now() + short.leaseMs
  while (performance.now() < busyUntil);
  expect(leases[0]!.held).toBe(false)
})

test('a renewal whose outcome was not known costs nobody the lease', async () => {
  await firstHolds()
  for (let n = 0; n < 3; n++) {
    server.faults.next('append', fault.commitThenReset)
    await sleep(400)
    expect(leases.map(({ held }) => held)).toEqual([true, false])
  }
})

test('whether it is held is told as it changes', async () => {
  const told: boolean[] = []
  const lease = stores[0]!.lease('told', { ...short, changed: held => told.push(held) })
  lease.start()
  while (!lease.held) await sleep(5)
  server.faults.always('append', fault.silent)
  await until(() => told.length > 1)
  await sleep(50)
  expect(told).toEqual([true, false])
  server.faults.clear()
  await lease.stop()
})

test('leases have names, and are no part of the log', async () => {
  await firstHolds()
  const other = stores[1]!.lease('other', long)
  other.start()
  while (!other.held) await sleep(5)
  await other.stop()
  expect(await stores[0]!.readAll(0n, 10)).toEqual([])
  expect(await stores[0]!.head()).toBe(0n)
  expect(stores[0]!.state.foreign).toBe(0)
})

test('the server is told to keep its stream short', async () => {
  await firstHolds()
  const name = `${prefix}lease-duties`
  await until(() => server.log.stream(name).length > 3 && server.log.visible(name)?.length === 2)
})
