import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type App, PushedClock, newFolder, startApp, until } from '../support/app.js'
import { metric } from '../support/replicas.js'
import { RawSocket } from './raw-socket.js'

let app: App
const clock = new PushedClock()
beforeAll(async () => void (app = await startApp(newFolder(), clock)))
afterAll(() => app.close())

const query = `subscription ($after: Cursor) {
  incidentEvents(after: $after) { cursor event { id type } }
}`
const cursors = (socket: RawSocket, id: string) =>
  socket.frames.flatMap(frame =>
    frame.id === id && frame.payload?.data ? [frame.payload.data.incidentEvents] : [],
  )
async function following(who: string, after?: string) {
  const socket = await RawSocket.for(app.url, app.secrets[who] ?? who)
  socket.send({ id: 'live', type: 'subscribe', payload: { query, variables: { after } } })
  await socket.frame(({ id }) => id === 'live')
  return socket
}
const eventsOf = (socket: RawSocket) =>
  cursors(socket, 'live').flatMap(({ event }) => (event ? [event.id] : []))

test('a subscription says from where on, then each event once; who comes again goes on behind the last', async () => {
  const socket = await following('partner')
  expect(cursors(socket, 'live')).toEqual([{ cursor: expect.any(String), event: null }])
  const id = await app.declared({ title: 'One' })
  await until(() => eventsOf(socket).length >= 1)
  const { cursor } = cursors(socket, 'live').at(-1)
  await socket.close()
  await app.act('alice', 'recordObservation', id, { text: 'while away' })
  const again = await following('partner', cursor)
  await app.act('alice', 'recordObservation', id, { text: 'live again' })
  const stored = (await app.store.read(`incident-${id}`, 0)).map(event => event.id)
  await until(() => eventsOf(again).at(-1) === stored.at(-1))
  expect([...eventsOf(socket), ...eventsOf(again)]).toEqual(stored)
  await again.close()
})

test('it ends when its client has enough, and the others on its socket go on', async () => {
  const socket = await following('partner')
  socket.send({ id: 'other', type: 'subscribe', payload: { query } })
  await socket.frame(({ id }) => id === 'other')
  socket.send({ id: 'live', type: 'complete' })
  await until(async () => (await metric(app, 'ledger_websocket_operations')) === 1)
  const before = cursors(socket, 'live').length
  await app.declared({ title: 'Two' })
  await until(() => cursors(socket, 'other').some(({ event }) => event))
  expect(cursors(socket, 'live')).toHaveLength(before)
  await socket.close()
  await until(async () => (await metric(app, 'ledger_websocket_operations')) === 0)
})

test('a cursor of another history is refused with where to begin, and the socket goes on', async () => {
  const socket = await RawSocket.for(app.url, app.secrets['partner']!)
  const told = await socket.ask('1', { query, variables: { after: 'nonsense' } })
  expect(told).toMatchObject({ next: [], errors: [{ extensions: { code: 'INVALID_CURSOR' } }] })
  expect(await socket.ask('2', { query: '{ viewer { scopes } }' })).toHaveProperty('next.0.data')
  await socket.close()
})

test('without the scope it is refused', async () => {
  const socket = await RawSocket.for(app.url, app.secrets['carol']!)
  expect(await socket.ask('1', { query })).toMatchObject({
    errors: [{ extensions: { code: 'SCOPE_MISSING', details: { needs: 'EVENTS_SUBSCRIBE' } } }],
  })
  await socket.close()
})

test('the client of graphql-ws iterates it', async () => {
  const client = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${app.secrets['partner']}` },
  })
  const types = []
  for await (const { data } of client.iterate<any>({ query })) {
    const { event } = data.incidentEvents
    if (!event) await app.declared({ title: 'Three' })
    else types.push(event.type)
    if (types.some(type => type.endsWith('declared.v1'))) break
  }
  expect(types).toContain('dev.incidentledger.incident.declared.v1')
  await client.dispose()
})

describe('a credential that is over closes the socket with 4403, and says nothing more', () => {
  const createKey = `mutation ($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret key { id } }
  }`
  const newKey = async (more = {}) => {
    const input = { label: 'x', scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'], ...more }
    return (await app.told('root', createKey, { input })).createApiKey
  }

  test('when it is revoked', async () => {
    const { secret, key } = await newKey()
    const socket = await following(secret)
    const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { keyId: $id }) { revision } }'
    await app.told('root', revoke, { id: key.id })
    expect(await socket.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED' })
    const { length } = eventsOf(socket)
    await app.declared({ title: 'Unseen' })
    expect(eventsOf(socket)).toHaveLength(length)
  })

  test('when it expires', async () => {
    const expiresAt = new Date(Date.parse(clock.now()) + 600_000).toISOString()
    const { secret } = await newKey({ expiresAt })
    const socket = await following(secret)
    clock.push(11)
    expect(await socket.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED' })
  })
})

test('who stops reading is cut off, having been told all up to there, and nobody else notices', async () => {
  const id = await app.declared({ title: 'Long' })
  // More than the network takes by itself, told to each of fifty.
  const text = 'x'.repeat(3000)
  for (let i = 0; i < 150; i++) await app.act('alice', 'recordObservation', id, { text })
  const [stuck, other] = [await following('partner'), await following('bob')]
  stuck.ws.pause()
  const all = `subscription ($after: Cursor) {
    incidentEvents(after: $after, filter: { incidentId: "${id}" }) { cursor event { id data } }
  }`
  const { events } = await app.told('partner', '{ events(first: 1) { edges { cursor } } }')
  const variables = { after: events.edges[0].cursor }
  const ids = Array.from({ length: 49 }, (_, i) => String(i))
  for (const id of ids) stuck.send({ id, type: 'subscribe', payload: { query: all, variables } })
  await until(async () => (await metric(app, 'ledger_websocket_closed_total{code="4410"}')) === 1)
  const stored = (await app.store.read(`incident-${id}`, 0)).map(event => event.id)
  await app.act('alice', 'recordObservation', id, { text: 'still told' })
  await until(() => eventsOf(other).length === 1)
  stuck.ws.resume()
  await stuck.closed
  const told = ids.map(id => cursors(stuck, id).flatMap(({ event }) => (event ? [event.id] : [])))
  for (const one of told) expect(one).toEqual(stored.slice(0, one.length))
  expect(told.flat().length).toBeLessThan(ids.length * stored.length)
  await other.close()
})
