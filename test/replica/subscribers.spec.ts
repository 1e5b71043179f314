import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { names, subscriber } from '../endurance/support/subscribers.mjs'
import { following, transports } from '../live/transports.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { puller } from '../support/feeds.js'
import { Replicas, eventually } from '../support/replicas.js'
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

const declare = async (server: Server) =>
  (await replicas.act(server, 'declareIncident', undefined, { title: 'Slow' })).incident.id
/** That each writer makes, in turn on the incidents of all. */
const notes = 12

test('subscribers on three replicas are told every event once and in order, also those whose replica is killed', async () => {
  const gone = new Set<Server>()
  /** A load balancer that sends who comes again to a replica that is there. */
  const balanced = (home: number) => ({
    get url() {
      return [...replicas.all.slice(home), ...replicas.all].find(one => !gone.has(one))!.url
    },
    headers: { authorization: `Bearer ${replicas.key}` },
  })
  const subscribers = replicas.all.flatMap((_, home) =>
    names.map(name => subscriber(name, balanced(home))),
  )
  await eventually(
    async () => subscribers.every(one => one.hasBegun()),
    begun => begun,
  )
  const ids = await Promise.all(replicas.all.map(declare))
  const write = async (server: Server) => {
    for (let n = 0; n < notes && !gone.has(server); n++) {
      const input = { text: `Note ${n}` }
      // What a killed one does not answer is not counted on.
      const sent = replicas.command(server, 'recordObservation', ids[n % ids.length], input)
      await sent.catch(error => gone.has(server) || Promise.reject(error))
    }
  }
  const [first, second, third] = replicas.all as [Server, Server, Server]
  const writing = Promise.all(replicas.all.map(write))
  await eventually(
    async () => subscribers.every(one => one.ids.length > ids.length),
    isSo => isSo,
  )
  gone.add(third)
  await third.end('SIGKILL')
  await writing
  await Promise.all([first, second].map(write))
  const log = await puller({ url: first.url, secrets: {} })('/events?limit=1000', replicas.key)
  const all = log.events.map(({ id }) => id)
  await eventually(
    async () => subscribers.every(one => one.ids.length >= all.length),
    isSo => isSo,
  )
  for (const one of subscribers) {
    expect([one.name, one.ids, one.refusals]).toEqual([one.name, all, []])
    void one.end()
  }
  expect(all.length).toBeGreaterThan(3 * notes)
})

/** It takes a second at the most; this is of a machine that does other things too. */
const soonMs = 5_000

test('a key that is revoked through one replica ends its streams on another', async () => {
  const [first, second] = replicas.all as [Server, Server]
  const input = { label: 'short', scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'] }
  const create = `mutation ($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret key { id } } }`
  const { secret, key } = (await replicas.told(first, create, { input })).createApiKey
  await eventually(
    async () => (await second.ask(secret, '{ viewer { scopes } }')).status,
    status => status === 200,
  )
  const streams = Object.keys(transports).map(name => following(name, second.url, secret))
  await Promise.all(streams.map(({ begun }) => begun))
  const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { keyId: $id }) { revision } }'
  await replicas.told(first, revoke, { id: key.id })
  const since = performance.now()
  const codes = await Promise.all(streams.map(({ ended }) => ended))
  expect(performance.now() - since).toBeLessThan(soonMs)
  expect(codes).toEqual(streams.map(() => 'UNAUTHENTICATED'))
})
