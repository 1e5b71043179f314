import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { newFolder } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { Replicas, eventually, readiness } from '../support/replicas.js'
import { ran, startServer } from '../support/server.js'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

test('a server that starts before its store answers that it is not ready, and is when the store has come', async () => {
  const store = await TestServer.start()
  const replicas = new Replicas(store.url)
  ends.push(
    () => replicas.end(),
    () => store.stop(),
  )
  await store.stop()
  const early = await replicas.start()
  const before = await readiness(early)
  expect(before.ok).toBe(false)
  expect(before.text).toMatch(/cannot be reached|refuse/i)
  expect((await fetch(`${early.url}/health/live`)).status).toBe(200)
  const asked = await early.ask('ilk_nothing', '{ viewer { scopes } }')
  expect([asked.status, asked.errors?.[0]?.extensions.code]).toEqual([503, 'STORE_UNAVAILABLE'])
  await store.restart()
  expect(
    await eventually(
      () => readiness(early),
      ({ ok }) => ok,
    ),
  ).toMatchObject({ ok: true })
})

test('of two that start at once on an empty store one registers the administrator', async () => {
  const store = await TestServer.start()
  const replicas = new Replicas(store.url)
  ends.push(
    () => replicas.end(),
    () => store.stop(),
  )
  const both = await Promise.all([replicas.start(), replicas.start()])
  expect(both.filter(({ key }) => key !== '')).toHaveLength(1)
  const { people } = await replicas.told(both[0], '{ people(search: "") { nodes { handle } } }')
  expect(people.nodes).toEqual([{ handle: 'admin' }])
})

test('a folder that served an embedded ledger serves a replica, whose views are its own', async () => {
  const folder = newFolder()
  const embedded = await startServer(folder)
  const declare = `mutation { declareIncident(input: { title: "On SQLite" }) { incident { id } } }`
  await embedded.ask(embedded.key, declare)
  await embedded.end('SIGTERM')
  const store = await TestServer.start()
  const replicas = new Replicas(store.url)
  ends.push(
    () => replicas.end(),
    () => store.stop(),
  )
  const server = await replicas.start(folder)
  const { incident, position } = await replicas.act(server, 'declareIncident', undefined, {
    title: 'On EventStoreDB',
  })
  const list = `query ($atLeast: Cursor) { incidents(atLeast: $atLeast) { nodes { id } } }`
  const { incidents } = await replicas.told(server, list, { atLeast: position })
  expect(incidents.nodes).toEqual([{ id: incident.id }])
  // The embedded ledger's key is set aside, not lost.
  expect(readFileSync(`${folder}/admin.key.old`, 'utf8').trim()).toBe(embedded.key)
})

// What else is wrong in a URL is told by the same line: the tests of the settings go through it.
test('an unknown option of the URL ends the program with one line', async () => {
  const env = { LEDGER_STORE: 'esdb://localhost?color=blue', LEDGER_DATA: newFolder() }
  const { err, code } = await ran(['serve'], env)
  expect(code).toBe(78)
  expect(err).toMatch(/LEDGER_STORE .*color/)
  expect(err.trim().split('\n')).toHaveLength(2)
  expect(err).not.toMatch(/ at .*:\d+/)
})

test('a command on a store that is not there says so in one line, and exits 1', async () => {
  const env = { LEDGER_STORE: 'esdb://user:secret@127.0.0.1:1?tls=false', LEDGER_DATA: newFolder() }
  const { err, code } = await ran(['keys', 'list'], env)
  expect(code).toBe(1)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(err).not.toMatch(/secret| at /)
})
