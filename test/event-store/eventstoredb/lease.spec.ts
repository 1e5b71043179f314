import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import type { Lease } from '../../../src/event-store/eventstoredb/lease.js'
import { fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { newPrefix, openOn } from './stores.js'

/** A tenth of the real ones. */
const timings = { leaseMs: 1000, renewMs: 300, lookMs: 100 }
const prefix = newPrefix()

let server: TestServer
let stores: EventStoreDBEventStore[]
let leases: Lease[]
beforeEach(async () => {
  server = await TestServer.start()
  stores = [openOn(server.url, { prefix }), openOn(server.url, { prefix })]
  leases = stores.map(store => store.lease('duties', timings))
})
afterEach(async () => {
  await Promise.all(leases.map(lease => lease.stop()))
  await Promise.all(stores.map(store => store.close()))
  await server.stop()
})

/** Never more than one holds it; whether it came to that. */
async function until(holds: () => boolean, withinMs: number) {
  const start = performance.now()
  while (!holds()) {
    expect(leases.filter(({ held }) => held).length).toBeLessThan(2)
    if (performance.now() - start > withinMs) throw new Error('It did not come to that')
    await sleep(5)
  }
  return performance.now() - start
}
async function firstHolds() {
  leases[0]!.start()
  await until(() => leases[0]!.held, 2000)
  leases[1]!.start()
}
/** As if the process had ended: it does nothing more, and says nothing of it. */
const kill = (n: number) => stores[n]!.close()

test('one of two holds it, for as long as it goes on', async () => {
  for (const lease of leases) lease.start()
  await until(() => leases.some(({ held }) => held), 2000)
  const [holder] = leases.filter(({ held }) => held)
  await expect(until(() => !holder!.held, 2500)).rejects.toThrow('It did not come to that')
  expect(leases.filter(({ held }) => held)).toEqual([holder])
})

test('many who ask at once get one holder', async () => {
  leases.push(...Array.from({ length: 10 }, () => stores[0]!.lease('duties', timings)))
  for (const lease of leases) lease.start()
  await until(() => leases.some(({ held }) => held), 2000)
  await sleep(400)
  expect(leases.filter(({ held }) => held)).toHaveLength(1)
})

test('a holder that stops hands it over at once', async () => {
  await firstHolds()
  await leases[0]!.stop()
  expect(leases[0]!.held).toBe(false)
  expect(await until(() => leases[1]!.held, 1000)).toBeLessThan(600)
})

test('a holder that is killed is followed when its time is over, and not before', async () => {
  await firstHolds()
  await sleep(400)
  await kill(0)
  const took = await until(() => leases[1]!.held, 5000)
  expect(leases[0]!.held).toBe(false)
  expect(took).toBeGreaterThan(500)
  expect(took).toBeLessThan(1500 * 2)
})

test('a holder that cannot renew it stops by itself, before another begins', async () => {
  await firstHolds()
  const changes: boolean[] = []
  server.faults.always('append', fault.silent)
  await until(() => !leases[0]!.held, 3000)
  changes.push(leases[1]!.held)
  server.faults.clear()
  await until(() => leases.some(({ held }) => held), 5000)
  expect(changes).toEqual([false])
}, 20_000)

test('a process that was busy for too long does not think that it holds it', async () => {
  await firstHolds()
  const busyUntil = performance.now() + 1200
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
  const lease = stores[0]!.lease('told', { ...timings, changed: held => told.push(held) })
  lease.start()
  while (!lease.held) await sleep(5)
  server.faults.always('append', fault.silent)
  while (lease.held) await sleep(5)
  await sleep(50)
  expect(told).toEqual([true, false])
  server.faults.clear()
  await lease.stop()
}, 20_000)

test('leases have names, and are no part of the log', async () => {
  await firstHolds()
  const other = stores[1]!.lease('other', timings)
  other.start()
  while (!other.held) await sleep(5)
  await other.stop()
  expect(await stores[0]!.readAll(0n, 10)).toEqual([])
  expect(await stores[0]!.head()).toBe(0n)
  expect(stores[0]!.state.foreign).toBe(0)
})

test('the server is told to keep its stream short', async () => {
  await firstHolds()
  await sleep(1200)
  expect(server.log.stream(`${prefix}lease-duties`).length).toBeGreaterThan(3)
  expect(server.log.visible(`${prefix}lease-duties`)).toHaveLength(2)
})
