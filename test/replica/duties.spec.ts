import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TestServer } from '../support/eventstoredb/server.js'
import { Replicas, eventually, metric } from '../support/replicas.js'
import type { Server } from '../support/server.js'

let store: TestServer
let replicas: Replicas
beforeAll(async () => {
  store = await TestServer.start()
  replicas = new Replicas(store.url)
  await replicas.startReady(3)
})
afterAll(async () => {
  await replicas.end()
  await store.stop()
})

/** Those who say that they do what happens by itself. */
async function holders(among: readonly Server[]): Promise<Server[]> {
  const held = await Promise.all(among.map(server => metric(server, 'ledger_duties_held')))
  return among.filter((_, i) => held[i] === 1)
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

/** A task whose timebox of a minute ends in so many seconds. */
async function taskDueIn(server: Server, seconds: number): Promise<string> {
  const { incident } = await replicas.act(
    server,
    'declareIncident',
    undefined,
    { title: 'Timeboxed' },
    { occurredAt: ago(120) },
  )
  const input = { title: 'Look', assignee: { person: 'admin' }, timeboxMinutes: 1 }
  await replicas.act(server, 'assignTask', incident.id, input, { occurredAt: ago(60 - seconds) })
  return incident.id
}

const expiries = async (server: Server, id: string): Promise<any[]> => {
  const query = `query ($id: ID!) { events(filter: { incidentId: $id }) { nodes { type occurredAt data actor { type id } } } }`
  const { events } = await replicas.told(server, query, { id })
  return events.nodes.filter(({ type }: any) => type.includes('task_timebox_expired'))
}

/** Where the lease was given back: whoever looks next need not wait until it has run out. */
const released = () => store.log.all.filter(({ type }) => type === 'LeaseReleased')

test('one of them does what happens by itself, once', async () => {
  expect(
    await eventually(
      () => holders(replicas.all),
      all => all.length === 1,
    ),
  ).toHaveLength(1)
  const id = await taskDueIn(replicas.all[2]!, 2)
  const seen = await eventually(
    () => expiries(replicas.all[1]!, id),
    all => all.length > 0,
  )
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ actor: { type: 'TIMER', id: 'task-timebox' } })
  expect(seen[0].occurredAt).toBe(seen[0].data.dueAt)
})

test('killed, it is followed by another, and nothing is done twice', async () => {
  const [holder] = await holders(replicas.all)
  const others = replicas.all.filter(server => server !== holder)
  const ids = await Promise.all([1, 3, 5].map(seconds => taskDueIn(others[0]!, seconds)))
  await holder!.end('SIGKILL')
  expect(
    await eventually(
      () => holders(others),
      all => all.length === 1,
    ),
  ).toHaveLength(1)
  for (const id of ids) {
    await eventually(
      () => expiries(others[1]!, id),
      all => all.length > 0,
    )
    expect(await expiries(others[0]!, id)).toHaveLength(1)
  }
})

test('that ends in order leaves it to another at once', async () => {
  const alive = replicas.all.filter(({ process }) => process.exitCode === null && !process.killed)
  const [holder] = await holders(alive)
  const others = alive.filter(server => server !== holder)
  expect(others).toHaveLength(1)
  // One that was too slow to keep it may have given it back before.
  const before = released().length
  expect(await holder!.end('SIGTERM')).toEqual([0, null])
  expect(released().length).toBeGreaterThan(before)
  expect(
    await eventually(
      () => holders(others),
      all => all.length === 1,
    ),
  ).toHaveLength(1)
})
