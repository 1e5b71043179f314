import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { configFrom } from '../../src/config.js'
import { Appends } from '../../src/event-store/appends.js'
import { OperatedStore } from '../../src/event-store/operated-store.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { LocalSecret } from '../../src/auth/principal.js'
import { createApp } from '../../src/serve.js'
import { sealed } from '../event-store/sealed.js'
import { newFolder, until } from '../support/app.js'
import { FaultyStore } from '../support/faulty-store.js'
import { slowDisk } from '../support/slow-disk.js'

const folder = newFolder()
const local = new LocalSecret()
let app: Awaited<ReturnType<typeof createApp>>
let url: string
beforeAll(async () => {
  const bounds = { LEDGER_SHED_LOOP_MS: '400', LEDGER_SHED_WRITE_MS: '300' }
  const config = configFrom({ LEDGER_DATA: folder, LEDGER_LOG: 'silent', ...bounds })
  app = await createApp(config, { localSecret: local })
  await app.listen(0, '127.0.0.1')
  url = await app.getUrl()
  await until(async () => !(await (await ask(list)).text()).includes('errors'))
})
afterAll(() => app.close())

const ask = (query: string, at = url) =>
  fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${local.value}` },
    body: JSON.stringify({ query }),
  })
/** How a WebSocket is answered that is refused. */
async function upgraded(): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  socket.on('error', () => {})
  const [, { statusCode }] = await once(socket, 'unexpected-response')
  return statusCode
}
const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
const list = '{ incidents { nodes { id } } }'
const overloaded = (behind: string) => ({
  errors: [
    {
      message: 'Too much is asked at once; try again.',
      extensions: { code: 'OVERLOADED', details: { behind } },
    },
  ],
})
const shed = async (behind: string) => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^ledger_shed_total{behind="${behind}"} (\\d+)$`, 'm').exec(text)?.[1])
}

test('while the disk is slow commands are refused, and queries answered', async () => {
  const disk = slowDisk(folder)
  const first = ask(declare)
  await until(() => app.get(OperatedStore).appends.oldestMs > 300)
  const refused = await ask(declare)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toEqual(overloaded('WRITES'))
  await until(async () => (await ask(list)).status === 200)
  expect(await shed('WRITES')).toBe(1)
  disk.go()
  expect(await (await first).json()).toEqual({ data: { declareIncident: { revision: 1 } } })
  await until(async () => (await ask(declare)).status === 200)
})

test('what a start took, or one long answer, is not held against the next requests', async () => {
  const bounds = { LEDGER_DATA: newFolder(), LEDGER_LOG: 'silent', LEDGER_SHED_LOOP_MS: '100' }
  const config = configFrom(bounds)
  const starting = await createApp(config, { localSecret: local })
  await starting.init()
  const http = starting.getHttpAdapter().getInstance()
  await http.ready()
  const statuses = new Set<number>()
  for (const _ of ['start', 'answer']) {
    // Just behind the beginning of a sample, which it then fills alone.
    const { eventLoopDelay } = http.memoryUsage()
    await until(() => http.memoryUsage().eventLoopDelay !== eventLoopDelay)
    for (const end = performance.now() + 1500; performance.now() < end;);
    await until(() => http.isUnderPressure())
    if (!http.server.listening) await starting.listen(0, '127.0.0.1')
    const at = await starting.getUrl()
    for (let n = 0; n < 20; n++) {
      statuses.add((await ask(list, at)).status)
      await setTimeout(50)
    }
    expect(http.isUnderPressure()).toBe(false)
  }
  await starting.close()
  expect([...statuses]).toEqual([200])
})

test('while the event loop is late all is refused but what watches and mends, and then nothing more', async () => {
  const isBlocked = { now: true }
  const block = () => {
    for (const end = performance.now() + 800; performance.now() < end;);
    if (isBlocked.now) setImmediate(block)
  }
  setImmediate(block)
  await until(async () => (await ask(list)).status === 503)
  const statusOf = async (path: string, method = 'GET') =>
    (await fetch(url + path, { method })).status
  // All at once: each turn of this event loop takes what it is blocked for.
  const [refused, ...statuses] = await Promise.all([
    ask(list),
    upgraded(),
    statusOf('/health/live'),
    statusOf('/health/ready'),
    statusOf('/metrics'),
    statusOf('/admin/rebuild', 'POST'),
  ])
  isBlocked.now = false
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toEqual(overloaded('REQUESTS'))
  expect(statuses).toEqual([503, 200, 200, 200, 401])
  await until(async () => (await ask(list)).status === 200)
  expect(await shed('REQUESTS')).toBeGreaterThanOrEqual(2)
})

test('appends that wait are counted, with the age of the first, and each is timed', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const slow = Object.assign(new FaultyStore(store), { slowMs: 60 })
  const appends = new Appends()
  const took: number[] = []
  appends.took = seconds => took.push(seconds)
  const append = (stream: string) =>
    appends.watched(() => slow.append(stream, -1, sealed(stream, 1)))
  expect([appends.waiting, appends.oldestMs]).toEqual([0, 0])
  slow.faults.push('NOT_DONE')
  const failing = append('incident-a').catch(() => {})
  const done = [append('incident-b'), append('incident-c')]
  expect(appends.waiting).toBe(3)
  await failing
  expect(appends.waiting).toBe(2)
  expect(appends.oldestMs).toBeGreaterThan(4)
  await Promise.all(done)
  expect([appends.waiting, appends.oldestMs]).toEqual([0, 0])
  expect(took.filter(seconds => seconds > 0.05)).toHaveLength(2)
  expect(took).toHaveLength(3)
  await store.close()
})
