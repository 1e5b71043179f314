import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { OutcomeUnknown, StoreUnavailable } from '../../../src/event-store/event-store.js'
import type {
  ConnectionState,
  EventStoreDBEventStore,
} from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import { fault } from '../../support/eventstoredb/faults.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'
import { cert, key } from '../../support/eventstoredb/certificate.js'
import { atOnceMs, newPrefix, openOn } from './stores.js'

const opened: { close(): Promise<void> }[] = []
const servers: TestServer[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  for (const server of servers.splice(0)) await server.stop()
})
const open = (...asked: Parameters<typeof openOn>) => {
  const store = openOn(...asked)
  opened.push(store)
  return store
}
const started = async (...asked: Parameters<typeof TestServer.start>) => {
  const server = await TestServer.start(...asked)
  servers.push(server)
  return server
}
const appendOne = async (store: EventStoreDBEventStore) => {
  const stream = newStream()
  const events = sealed(stream, 1)
  await store.append(stream, -1, events)
  return { stream, events }
}
async function until(holds: () => boolean, withinMs = 60_000) {
  const start = performance.now()
  while (!holds()) {
    if (performance.now() - start > withinMs) throw new Error('It did not come to that')
    await sleep(5)
  }
}
/** All that can be asked; how long each took to be refused. */
async function refusals(store: EventStoreDBEventStore): Promise<number[]> {
  const stream = newStream()
  const asked = [
    () => store.append(stream, -1, sealed(stream, 1)),
    () => store.read(stream, 0),
    () => store.readAll(0n, 10),
    () => store.head(),
  ]
  const times: number[] = []
  for (const ask of asked) {
    const start = performance.now()
    const refusal = await ask().then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(StoreUnavailable)
    expect(refusal).not.toBeInstanceOf(OutcomeUnknown)
    times.push(performance.now() - start)
  }
  return times
}

describe('a server that is not there', () => {
  test('may come after the store', async () => {
    const server = await started()
    await server.stop()
    const store = open(server.url)
    expect(store.state).toEqual({ connected: false, foreign: 0 })
    for (const ms of await refusals(store)) expect(ms).toBeLessThan(atOnceMs)
    expect(store.state).toMatchObject({ connected: false, why: expect.stringMatching(/refused/i) })
    expect(store.state.lasting).toBeUndefined()
    await server.restart()
    await until(() => store.state.connected)
    await appendOne(store)
  })

  test('is told at once to all who ask, and is used again as soon as it is back', async () => {
    const server = await started()
    const states: ConnectionState[] = []
    const store = open(server.url, {
      timings: { heartbeatMs: 100 },
      stateChanged: state => states.push(state),
    })
    const before = await appendOne(store)
    await server.stop()
    await until(() => !store.state.connected)
    for (const ms of await refusals(store)) expect(ms).toBeLessThan(atOnceMs)
    await sleep(500)
    await server.restart()
    await until(() => store.state.connected)
    await appendOne(store)
    expect(idsOf(await store.read(before.stream, 0))).toEqual(idsOf(before.events))
    expect(states.map(({ connected }) => connected)).toEqual([true, false, true])
  })

  test('says nothing, and is told as down long before a call would give it up', async () => {
    const server = await started()
    const store = open(server.url, { timings: { readMs: 500, connectMs: 1500 } })
    await appendOne(store)
    server.faults.always('read', fault.silent)
    await expect(store.head()).rejects.toThrow(StoreUnavailable)
    for (const ms of await refusals(store)) expect(ms).toBeLessThan(atOnceMs)
    server.faults.clear()
    await until(() => store.state.connected)
    await appendOne(store)
  })
})

describe('a store that is closed', () => {
  test('has settled what was under way, and refuses what comes later', async () => {
    const server = await started()
    const store = open(server.url)
    await appendOne(store)
    server.faults.next('append', fault.late(300))
    const stream = newStream()
    const appending = store.append(stream, -1, sealed(stream, 1))
    const following = store.follow(0n, async () => {}, new AbortController().signal)
    const told = expect(following).rejects.toThrow('The store is closed.')
    await sleep(50)
    await store.close()
    expect(await appending).toMatchObject({ revision: 0 })
    await told
    for (const ms of await refusals(store)) expect(ms).toBeLessThan(atOnceMs)
    await store.close()
  })

  test('waits no longer than it may for a server that says nothing', async () => {
    const server = await started()
    const store = open(server.url, { timings: { closeMs: 200 } })
    await appendOne(store)
    server.faults.always('append', fault.silent)
    const stream = newStream()
    const appending = store.append(stream, -1, sealed(stream, 1))
    const told = expect(appending).rejects.toThrow(OutcomeUnknown)
    await until(() => server.calls.append === 2)
    const start = performance.now()
    await store.close()
    await told
    expect(performance.now() - start).toBeLessThan(atOnceMs)
  })

  test('keeps no process from ending', async () => {
    const server = await started()
    const module = '../../../dist/event-store/eventstoredb/eventstoredb-event-store.js'
    const program = `
      const { EventStoreDBEventStore } = await import(process.argv[1])
      const settings = { url: process.argv[2], prefix: 'x-' }
      const timings = { connectMs: 60_000, readMs: 60_000 }
      const store = EventStoreDBEventStore.open(settings, { timings })
      const following = store.follow(0n, async () => {}, new AbortController().signal)
      following.catch(error => console.log(error.message))
      await store.head()
      await store.close()`
    const told = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        program,
        fileURLToPath(new URL(module, import.meta.url)),
        server.url,
      ],
      { timeout: 100_000 },
    )
    expect(told).toEqual({ stdout: 'The store is closed.\n', stderr: '' })
  })
})

describe('more than one store in a process', () => {
  const timings = { heartbeatMs: 100 }
  test('do not disturb each other', async () => {
    const [one, two] = [await started(), await started()]
    const [a, b, c] = [open(one.url), open(one.url), open(two.url, { timings })]
    for (const store of [a, b, c]) await appendOne(store)
    await two.stop()
    await b.close()
    one.faults.next('append', fault.reset)
    await Promise.all([appendOne(a), appendOne(a)])
    await until(() => !c.state.connected)
    expect(a.state.connected).toBe(true)
    await appendOne(a)
  })

  test('have connections of their own, for each kind of calls', async () => {
    const server = await started()
    const [a, b] = [open(server.url), open(server.url)]
    const stop = new AbortController()
    const following = [a, b].map(store => store.follow(0n, async () => {}, stop.signal))
    await Promise.all([appendOne(a), appendOne(b)])
    await until(() => server.calls.subscribe === 2)
    server.faults.next('append', fault.reset, 5)
    await appendOne(a)
    server.faults.next('read', fault.reset)
    await b.head()
    await sleep(100)
    expect(server.calls.subscribe).toBe(2)
    stop.abort()
    await Promise.all(following)
  })

  test('on one ledger see at once what either writes', async () => {
    const server = await started()
    const prefix = newPrefix()
    const [a, b] = [open(server.url, { prefix }), open(server.url, { prefix })]
    const seen: string[] = []
    const stop = new AbortController()
    const following = b.follow(0n, async event => void seen.push(event.id), stop.signal)
    const { stream, events } = await appendOne(a)
    expect(idsOf(await b.read(stream, 0))).toEqual(idsOf(events))
    await b.append(stream, 0, after(events, 1))
    expect(await a.read(stream, 0)).toHaveLength(2)
    await until(() => seen.length === 2, atOnceMs)
    stop.abort()
    await following
  })
})

describe('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, cert)
  afterAll(() => rmSync(folder, { recursive: true }))
  const secure = { tls: { cert, key }, credentials: { user: 'ledger', password: 'changeit' } }
  const urlOf = (server: TestServer, options: string, who = 'ledger:changeit@') =>
    `esdb://${who}localhost:${server.port}?${options}`
  const ca = `tls=true&tlsCAFile=${encodeURIComponent(caFile)}`
  const why = async (url: string, timings = {}) => {
    const store = open(url, { timings })
    await until(() => store.state.why !== undefined)
    await expect(store.head()).rejects.toThrow(StoreUnavailable)
    expect(JSON.stringify(store.state)).not.toContain('changeit')
    return store.state
  }

  test('the store is used with its credentials, and says what is wrong with others', async () => {
    const server = await started(secure)
    const store = open(urlOf(server, ca))
    const { stream, events } = await appendOne(store)
    expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
    expect(await why(urlOf(server, ca, 'ledger:wrong@'))).toMatchObject({
      connected: false,
      lasting: true,
      why: expect.stringMatching(/refuses our credentials/),
    })
    expect(await why(urlOf(server, ca, ''))).toMatchObject({ connected: false, lasting: true })
    expect(await why(urlOf(server, 'tls=true'))).toMatchObject({
      connected: false,
      lasting: true,
      why: expect.stringMatching(/TLS.*certificate/i),
    })
    // Whatever it is told, if it is told: that it is TLS cannot be known.
    const told = await why(urlOf(server, 'tls=false'), { connectMs: 900 })
    expect(told).toMatchObject({ connected: false })
  })

  test('a server that speaks none is told so', async () => {
    const server = await started()
    expect(await why(urlOf(server, 'tls=true'))).toMatchObject({
      connected: false,
      lasting: true,
      why: expect.stringMatching(/TLS/),
    })
  })
})
