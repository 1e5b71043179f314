import { setTimeout as rest } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fault } from '../support/eventstoredb/faults.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { Replicas, eventually, readiness } from '../support/replicas.js'
import { type Server, ran } from '../support/server.js'
import { codeOf } from '../support/app.js'

let store: TestServer
let replicas: Replicas
let [a, b, c] = [] as unknown as [Server, Server, Server]
beforeAll(async () => {
  store = await TestServer.start()
  replicas = new Replicas(store.url)
  ;[a, b, c] = (await replicas.startReady(3)) as [Server, Server, Server]
})
afterAll(async () => {
  await replicas.end()
  await store.stop()
})

const declared = (server: Server, title: string, options?: object) =>
  replicas.act(server, 'declareIncident', undefined, { title }, options)
const list = `query ($atLeast: Cursor) {
  incidents(first: 100, atLeast: $atLeast) { nodes { id reference title revision } } }`
const one = `query ($id: ID!, $atLeast: Cursor) {
  incident(id: $id, atLeast: $atLeast) { revision timeline { nodes { sentence } } } }`

/** It is a second on a machine that does nothing else; what waited for a look at the log takes more. */
const soonMs = 4000

describe('three replicas on one store', () => {
  test('are all ready, and one of them holds the administrator’s key', async () => {
    for (const server of replicas.all) expect(await readiness(server)).toMatchObject({ ok: true })
    expect(replicas.all.filter(({ key }) => key !== '')).toHaveLength(1)
  })

  test('show what one has recorded on the others, at once to whoever brings the receipt', async () => {
    for (let round = 0; round < 20; round++) {
      const { incident, position } = await declared(a, `Round ${round}`)
      for (const other of [b, c]) {
        const { incidents } = await replicas.told(other, list, { atLeast: position })
        expect(incidents.nodes.map(({ id }: any) => id)).toContain(incident.id)
        const { incident: seen } = await replicas.told(other, one, { id: incident.id })
        expect(seen.revision).toBe(incident.revision)
      }
    }
  })

  test('show it soon to whoever brings nothing', async () => {
    const { incident } = await declared(b, 'Seen by itself')
    const seen = await eventually(
      async () => (await replicas.told(c, list)).incidents.nodes.map(({ id }: any) => id),
      ids => ids.includes(incident.id),
      soonMs,
    )
    expect(seen).toContain(incident.id)
  })

  test('take one command sent to two at once as one', async () => {
    const { incident } = await declared(a, 'Sent twice')
    for (let round = 0; round < 50; round++) {
      const options = { commandId: `twice-${round}` }
      const input = { text: `Round ${round}` }
      const send = (server: Server) =>
        replicas.act(server, 'recordObservation', incident.id, input, options)
      const [one, other] = await Promise.all([send(a), send(b)])
      expect(other.events).toEqual(one.events)
      expect(one.events).toHaveLength(1)
    }
    const { incident: seen } = await replicas.told(c, one, { id: incident.id })
    expect(seen.revision).toBe(incident.revision + 50)
  })

  test('take a declaration sent to two at once as one', async () => {
    for (let round = 0; round < 20; round++) {
      const options = { commandId: `declared-${round}` }
      const [one, other] = await Promise.all(
        [b, c].map(server => declared(server, `Declared ${round}`, options)),
      )
      expect(other.incident).toEqual(one.incident)
      expect(other.events).toEqual(one.events)
    }
  })

  test('give each incident a reference of its own', async () => {
    const receipts = await Promise.all(
      Array.from({ length: 60 }, (_, i) => declared(replicas.all[i % 3]!, `Numbered ${i}`)),
    )
    const references = receipts.map(({ incident }) => incident.reference)
    expect(new Set(references).size).toBe(60)
  })

  test('know each other’s people and keys soon, and their end', async () => {
    const input = { handle: 'dana', name: 'Dana' }
    const register = `mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { revision } }`
    await replicas.told(a, register, { input })
    const create = `mutation ($input: CreateApiKeyInput!) {
      createApiKey(input: $input) { secret key { id } } }`
    const { createApiKey } = await replicas.told(a, create, {
      input: { label: 'dana', scopes: ['INCIDENTS_READ'], owner: 'dana' },
    })
    const viewer = async () =>
      (await c.ask(createApiKey.secret, '{ viewer { person { handle } } }')).status
    expect(await eventually(viewer, status => status === 200, soonMs)).toBe(200)
    const revoke = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revision } }`
    await replicas.told(b, revoke, { input: { keyId: createApiKey.key.id } })
    expect(await eventually(viewer, status => status === 401, soonMs)).toBe(401)
  })

  test('are asked on the command line, whether or not the folder holds the key', async () => {
    for (const folder of replicas.folders.slice(0, 2)) {
      const listed = await ran(['--data', folder, 'keys', 'list'], replicas.env)
      expect([listed.err, listed.code]).toEqual(['', 0])
      expect(listed.out).toMatch(/dana/)
    }
  })
})

describe('a replica that comes later', () => {
  test('is not ready before it knows what the others know, and then shows the same', async () => {
    store.faults.always('subscribe', fault.silent)
    const late = await replicas.start()
    for (let look = 0; look < 20; look++) {
      const { ok, text } = await readiness(late)
      expect([ok, text]).toEqual([
        false,
        expect.stringMatching(/Catching up|not reached|Not connected/),
      ])
      await rest(50)
    }
    store.faults.clear('subscribe')
    const ready = await eventually(
      () => readiness(late),
      ({ ok }) => ok,
    )
    expect(ready.ok).toBe(true)
    expect(await replicas.told(late, list)).toEqual(await replicas.told(a, list))
    const rebuilt = await ran(['--data', replicas.folders[0]!, 'rebuild'], replicas.env)
    expect([rebuilt.err, rebuilt.code]).toEqual(['', 0])
    expect(await replicas.told(a, list)).toEqual(await replicas.told(late, list))
  })
})

describe('while the store is gone', () => {
  test('commands are refused soon, lists are read on, and all goes on by itself', async () => {
    const { incident } = await declared(a, 'Before the store was gone')
    await eventually(
      async () => (await replicas.told(b, list)).incidents.nodes.map(({ id }: any) => id),
      ids => ids.includes(incident.id),
    )
    await store.stop()
    const send = (server: Server, n: number) =>
      replicas.command(
        server,
        'recordObservation',
        incident.id,
        { text: 'x' },
        {
          commandId: `gone-${n}`,
        },
      )
    // The first may find out; from then on it is known.
    await Promise.all([send(a, 0), send(b, 1)])
    for (const server of [a, b]) {
      const since = Date.now()
      expect(codeOf(await send(server, 2))).toBe('STORE_UNAVAILABLE')
      expect(Date.now() - since).toBeLessThan(soonMs)
      expect((await replicas.told(server, list)).incidents.nodes.length).toBeGreaterThan(0)
      expect((await readiness(server)).text).toMatch(/"name":"store","ok":false/)
    }
    await store.restart()
    for (const server of [a, b])
      await eventually(
        () => readiness(server),
        ({ ok }) => ok,
      )
    for (const n of [0, 1, 2, 2]) expect(codeOf(await send(a, n))).toBeUndefined()
    const { incident: seen } = await replicas.told(b, one, { id: incident.id })
    expect(seen.revision).toBe(incident.revision + 3)
  })
})
