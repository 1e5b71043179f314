import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { DutyLease } from '../../src/event-store/replica/duty-lease.js'
import { openOn } from '../event-store/eventstoredb/stores.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { eventually } from '../support/replicas.js'

let server: TestServer
beforeAll(async () => void (server = await TestServer.start()))
afterAll(() => server.stop())

test('who cannot do what happens by itself leaves it to another, and may have it again', async () => {
  const long = { leaseMs: 100_000, renewMs: 200, lookMs: 50 }
  const stores = [1, 2].map(() => openOn(server.url, { prefix: 'duties.' }))
  const [one, other] = stores.map(store => new DutyLease(() => store.lease('duties', long)))
  const held = (lease: DutyLease, isHeld: boolean) =>
    eventually(
      async () => lease.held,
      seen => seen === isHeld,
      long.leaseMs / 2,
    )
  await eventually(
    async () => one!.held || other!.held,
    held => held,
  )
  const [holder, idle] = one!.held ? [one!, other!] : [other!, one!]
  expect([holder.held, idle.held]).toEqual([true, false])
  holder.able(false)
  expect(holder.held).toBe(false)
  // It is given back: nobody waits until it has run out.
  expect(await held(idle, true)).toBe(true)
  holder.able(true)
  idle.able(false)
  expect(await held(holder, true)).toBe(true)
  await Promise.all([holder.stop(), idle.stop()])
  await Promise.all(stores.map(store => store.close()))
})
