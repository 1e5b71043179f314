import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { configFrom } from '../../src/config.js'
import { type App, PushedClock, newFolder, startApp, until } from '../support/app.js'
import { metric } from '../support/replicas.js'
import { RawSocket } from './raw-socket.js'

const usual = configFrom({}).live
const started = (settings: object) => startApp(newFolder(), new PushedClock(), settings)
const scopes = '{ viewer { scopes } }'
const people = '{ people { nodes { id } } }'
const subscribe = (query: string, id = '1') => ({ id, type: 'subscribe', payload: { query } })

describe('what the sub-protocol does not know', () => {
  let app: App
  beforeAll(async () => void (app = await started({})))
  afterAll(() => app.close())

  test.each<[string, object | string, number, string]>([
    ['no JSON', '{', 4400, 'Invalid message received'],
    ['nothing', '', 4400, 'Invalid message received'],
    ['bytes', Buffer.from('{"type":"ping"}'), 4400, 'Invalid message received'],
    ['another type', { type: 'start' }, 4400, 'Invalid message received'],
    ['a type of the server', { type: 'connection_ack' }, 4400, 'Invalid message received'],
    ['a document that is no text', subscribe({} as never), 4400, 'Invalid message received'],
    ['a list', [], 4400, 'Invalid message received'],
    ['100 KiB', ' '.repeat(100 * 1024), 1009, ''],
    ['a second first message', { type: 'connection_init' }, 4429, ''],
  ])('%s closes its socket and no other', async (_, message, code, reason) => {
    const [socket, other] = await Promise.all(
      ['alice', 'bob'].map(who => RawSocket.for(app.url, app.secrets[who]!)),
    )
    socket!.send(message)
    const closed = await socket!.closed
    expect(closed.code).toBe(code)
    if (reason) expect(closed.reason).toBe(reason)
    expect(await other!.ask('1', { query: scopes })).toHaveProperty('next.0.data')
    await other!.close()
  })

  test('to ask before the first message closes with 4401, another sub-protocol with 4406', async () => {
    const early = await RawSocket.opened(app.url)
    early.send(subscribe(scopes))
    expect(await early.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
    const old = new RawSocket(
      new (early.ws.constructor as any)(`${app.url.replace('http', 'ws')}/graphql`),
    )
    expect((await old.closed).code).toBe(4406)
  })

  test('a ping is answered, with what it holds', async () => {
    const socket = await RawSocket.for(app.url, app.secrets['alice']!)
    socket.send({ type: 'ping', payload: { a: 1 } })
    expect(await socket.frame(({ type }) => type === 'pong')).toEqual({
      type: 'pong',
      payload: { a: 1 },
    })
    await socket.close()
  })

  test('who asks without reading the answers is not read either, until then', async () => {
    const socket = await RawSocket.for(app.url, app.secrets['alice']!)
    const field = app.app.get(GraphQLSchemaHost).schema.getQueryType()!.getFields()['people']!
    const { resolve } = field
    const nodes = [{ id: 'x'.repeat(900_000) }]
    let times = 0
    field.resolve = () => (times++, { nodes })
    socket.ws.pause()
    const asked = Array.from({ length: 40 }, (_, i) => socket.ask(`${i}`, { query: people }))
    await until(() => times > 1)
    const others = await RawSocket.for(app.url, app.secrets['bob']!)
    for (let i = 0; i < 50; i++) await others.ask(`${i}`, { query: scopes })
    // As many as the network takes by itself, and hardly more.
    expect(times).toBeLessThan(30)
    socket.ws.resume()
    for (const told of asked) expect(await told).toHaveProperty('next.0.data')
    field.resolve = resolve!
    await Promise.all([socket, others].map(one => one.close()))
  })

  test('nothing is compressed, however it is offered', async () => {
    const socket = await RawSocket.for(app.url, app.secrets['alice']!)
    expect(socket.ws.extensions).toBe('')
    await socket.close()
  })
})

describe('how much one may ask for', () => {
  let app: App
  beforeAll(async () => {
    const live = { ...usual, initMs: 200, pingMs: 300, socketsMax: 2, operationsMax: 2 }
    app = await started({ live: { ...live, messagesPerMinute: 120 } })
  })
  afterAll(() => app.close())
  const as = (who: string) => RawSocket.for(app.url, app.secrets[who]!)

  test('who does not say who asks is closed out with 4408', async () => {
    const socket = await RawSocket.opened(app.url)
    expect((await socket.closed).code).toBe(4408)
    await until(async () => (await metric(app, 'ledger_websocket_closed_total{code="4408"}')) === 1)
  })

  test('so many sockets each, one more when one has gone', async () => {
    const [first, second, other] = await Promise.all([as('alice'), as('alice'), as('bob')])
    const third = await RawSocket.opened(app.url)
    const authorization = `Bearer ${app.secrets['alice']}`
    third.send({ type: 'connection_init', payload: { authorization } })
    expect(await third.closed).toEqual({ code: 4429, reason: 'Too many sockets' })
    await first!.close()
    const again = await as('alice')
    await Promise.all([second, other, again].map(socket => socket!.close()))
  })

  test('so many operations on a socket, the next one refused and the others left alone', async () => {
    const socket = await as('alice')
    const field = app.app.get(GraphQLSchemaHost).schema.getQueryType()!.getFields()['people']!
    const { resolve } = field
    let answer!: (nobody: object) => void
    const answered = new Promise<object>(done => (answer = done))
    field.resolve = () => answered
    for (const id of ['a', 'b']) socket.send(subscribe(people, id))
    expect(await socket.ask('c', { query: scopes })).toMatchObject({
      next: [],
      errors: [{ extensions: { code: 'LIMIT_REACHED', details: { max: 2 } } }],
    })
    // What was given up is still being done, and counts until it has been.
    socket.send({ id: 'a', type: 'complete' })
    expect(await socket.ask('d', { query: scopes })).toHaveProperty('errors')
    answer({ nodes: [] })
    field.resolve = resolve!
    await socket.ended('b')
    await until(async () => (await metric(app, 'ledger_websocket_operations')) === 0)
    expect(await socket.ask('e', { query: scopes })).toHaveProperty('next.0.data')
    await socket.close()
  })

  test.each<[string, (socket: RawSocket) => void]>([
    ['messages', socket => socket.send({ type: 'ping' })],
    ['pings', socket => socket.ws.ping()],
  ])('who sends too many %s is closed out with 4429', async (_, send) => {
    const socket = await as('carol')
    for (let i = 0; i < 30; i++) send(socket)
    expect(await socket.closed).toEqual({ code: 4429, reason: 'Too many messages' })
  })

  test('who answers no ping is cut off', async () => {
    const socket = await as('rob')
    const quiet = await as('rob')
    Object.assign(quiet.ws, { _autoPong: false })
    expect((await quiet.closed).code).toBe(1006)
    expect(socket.ws.readyState).toBe(socket.ws.OPEN)
    await socket.close()
  })
})

describe('strangers', () => {
  let app: App
  beforeAll(async () => {
    const rates = { perMinute: 60, burst: 1000, wrongPerMinute: 3 }
    app = await started({ rates, proxies: ['loopback'] })
  })
  afterAll(() => app.close())
  const from = (address: string, more = {}) => ({
    headers: { 'x-forwarded-for': address, ...more },
  })

  test('are counted by address, as over HTTP, and refused at the door when they tried too often', async () => {
    for (const reason of ['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']) {
      const socket = await RawSocket.opened(app.url, from('203.0.113.7'))
      socket.send({ type: 'connection_init' })
      expect(await socket.closed).toEqual({ code: 4403, reason })
    }
    const request = await refused(app.url, from('203.0.113.7'))
    expect(request).toBe(429)
    const wrong = await RawSocket.opened(app.url, from('203.0.113.7', { authorization: 'x' }))
    wrong.send({ type: 'connection_init' })
    expect(await wrong.closed).toEqual({ code: 4429, reason: 'RATE_LIMITED' })
    // Neither another address nor a valid key is any the worse for it.
    for (const given of [
      from('203.0.113.8'),
      from('203.0.113.7', { authorization: `Bearer ${app.secrets['alice']}` }),
    ]) {
      const socket = await RawSocket.for(app.url, app.secrets['alice']!, given)
      await socket.close()
    }
  })

  test('who asks pays for each operation once', async () => {
    const left = async () => {
      const answer = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${app.secrets['bob']}`,
        },
        body: JSON.stringify({ query: '{ __typename }' }),
      })
      return Number(/r=(\d+)/.exec(answer.headers.get('ratelimit')!)![1])
    }
    const socket = await RawSocket.for(app.url, app.secrets['bob']!)
    const before = await left()
    await socket.ask('1', { query: '{ incidents(first: 100) { nodes { id } } }' })
    await socket.ask('2', { query: '{ nonsense }' })
    // 101, and 10 for what is refused, and 1 to ask; a second or two fill it again by as much.
    const paid = before - (await left())
    expect(paid).toBeGreaterThan(100)
    expect(paid).toBeLessThanOrEqual(112)
    await socket.close()
  })
})

/** The status of an upgrade that is refused. */
async function refused(url: string, given: { headers: Record<string, string> }): Promise<number> {
  const { WebSocket } = await import('ws')
  const ws = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', given)
  ws.on('error', () => {})
  const [, response] = await once(ws, 'unexpected-response')
  return response.statusCode
}
