import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Logger } from '@nestjs/common'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type App, startApp, until } from '../support/app.js'
import { metric } from '../support/replicas.js'
import { RawSocket, type Told } from './raw-socket.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const scopes = '{ viewer { scopes } }'
const list = '{ incidents { nodes { title } } }'
const declare = 'mutation ($t: String!) { declareIncident(input: { title: $t }) { revision } }'
const people = '{ people { nodes { id name } } }'
/** While the field `people` is answered so. */
async function where(answered: () => unknown, work: () => Promise<void>): Promise<void> {
  const field = app.app.get(GraphQLSchemaHost).schema.getQueryType()!.getFields()['people']!
  const { resolve } = field
  field.resolve = answered
  await work().finally(() => (field.resolve = resolve!))
}
/** While the field waits for the end of the work. */
function whereWaiting(work: () => Promise<void>): Promise<void> {
  let answer!: (nobody: object) => void
  const answered = new Promise<object>(resolve => (answer = resolve))
  return where(
    () => answered,
    () => work().finally(() => answer({ nodes: [] })),
  )
}
const as = (who: string, given = {}) => RawSocket.for(app.url, app.secrets[who]!, given)

describe('the client of graphql-ws', () => {
  const clientFor = (who: string) =>
    createClient({
      url: `${app.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${app.secrets[who]}` },
      retryAttempts: 0,
    })
  const answersTo = async (client: ReturnType<typeof clientFor>, query: string, variables = {}) => {
    const answers = []
    for await (const answer of client.iterate({ query, variables })) answers.push(answer)
    return answers
  }

  test('is answered queries and commands, each once', async () => {
    const client = clientFor('alice')
    const declared = await answersTo(client, declare, { t: 'Over a socket' })
    expect(declared).toEqual([{ data: { declareIncident: { revision: 1 } } }])
    const [listed] = await answersTo(client, list)
    expect(listed).toHaveProperty('data.incidents.nodes.0.title', 'Over a socket')
    await client.dispose()
  })

  test('is told a refusal as an error, and goes on', async () => {
    const client = clientFor('rob')
    await expect(answersTo(client, declare, { t: 'x' })).rejects.toMatchObject([
      { extensions: { code: 'SCOPE_MISSING', details: { needs: 'INCIDENTS_WRITE' } } },
    ])
    expect(await answersTo(client, scopes)).toEqual([
      { data: { viewer: { scopes: ['INCIDENTS_READ'] } } },
    ])
    await client.dispose()
  })
})

describe('who asks', () => {
  test.each([
    ['the request’s header', (key: string) => ({ headers: { authorization: key } }), {}],
    ['the first message', () => ({}), { authorization: true }],
    ['the first message, in capitals', () => ({}), { Authorization: true }],
  ])('is told by %s', async (_, given, params) => {
    const key = `Bearer ${app.secrets['rob']}`
    const socket = await RawSocket.opened(app.url, given(key))
    const payload = Object.fromEntries(Object.keys(params).map(name => [name, key]))
    socket.send({ type: 'connection_init', payload })
    await socket.frame(({ type }) => type === 'connection_ack')
    expect(await socket.ask('1', { query: scopes })).toHaveProperty(
      'next.0.data.viewer.scopes.0',
      'INCIDENTS_READ',
    )
    await socket.close()
  })

  test('may act for somebody, who is then the one who acts', async () => {
    const socket = await RawSocket.opened(app.url)
    const authorization = `Bearer ${app.secrets['chatbot']}`
    socket.send({
      type: 'connection_init',
      payload: { authorization, 'ledger-acting-for': 'bob' },
    })
    const query = '{ viewer { person { name } } }'
    await socket.frame(({ type }) => type === 'connection_ack')
    expect(await socket.ask('1', { query })).toHaveProperty('next.0.data.viewer.person.name', 'Bob')
    await socket.close()
  })

  test.each<[string, object | undefined, string]>([
    ['nobody', undefined, 'UNAUTHENTICATED'],
    ['a key that is none', { authorization: 'Bearer mallory' }, 'UNAUTHENTICATED'],
    ['a key that is no text', { authorization: { a: 1 } }, 'UNAUTHENTICATED'],
    ['a prototype', { __proto__: { authorization: 'x' }, constructor: 1 }, 'UNAUTHENTICATED'],
    ['who may not act for others', { authorization: 'alice', for: 'bob' }, 'SCOPE_MISSING'],
  ])('%s is closed out with 4403', async (_, who, reason) => {
    const socket = await RawSocket.opened(app.url)
    const { authorization, for: actingFor, ...params } = (who ?? {}) as any
    const secret = app.secrets[authorization]
    const payload = {
      ...params,
      ...(authorization && { authorization: secret ? `Bearer ${secret}` : authorization }),
      ...(actingFor && { 'ledger-acting-for': actingFor }),
    }
    socket.send({ type: 'connection_init', ...(who && { payload }) })
    expect(await socket.closed).toEqual({ code: 4403, reason })
    expect(socket.frames).toEqual([])
  })
})

describe('operations on one socket', () => {
  let socket: RawSocket
  beforeAll(async () => void (socket = await as('alice')))
  afterAll(() => socket.close())

  test('are refused in the very words of HTTP', async () => {
    for (const [who, query] of [
      ['alice', '{ nonsense other }'],
      ['alice', '{ incidents(first: 101) { nodes { id } } }'],
      ['alice', '{'],
      ['alice', 'mutation { claimCommand(incidentId: "nope") { revision } }'],
      ['alice', 'mutation { claimCommand(incidentId: 1.5) { revision } }'],
      ['alice', 'query ($n: Int!) { incidents(first: $n) { nodes { id } } }'],
    ] as const) {
      const { errors } = await app.ask(who, query)
      const told = await socket.ask('same', { query })
      expect(told.errors ?? told.next[0].errors).toEqual(errors)
    }
  })

  test('one bad one leaves the others alone', async () => {
    const bad = [
      '{ nonsense }',
      '{',
      'subscription { nonsense }',
      '',
      '{ incidents(first: 0) { nodes { id } } }',
    ]
    const asked = bad.flatMap((query, i) => [
      socket.ask(`good-${i}`, { query: scopes }),
      socket.ask(`bad-${i}`, { query }),
      socket.ask(`list-${i}`, { query: list }),
    ])
    for (const [i, told] of (await Promise.all(asked)).entries())
      expect([i, 'errors' in told]).toEqual([i, i % 3 === 1])
  })

  test('a fault is masked, and its request id finds it in the log', async () => {
    const logged: { requestId?: string }[] = []
    const quiet = () => {}
    Logger.overrideLogger({ log: quiet, warn: quiet, error: (line: any) => void logged.push(line) })
    const failing = () => {
      throw new Error('no such table: x in /srv/ledger/log.sqlite')
    }
    let told!: Told
    await where(failing, async () => void (told = await socket.ask('fault', { query: people })))
    const [error] = told.errors ?? told.next[0].errors
    expect(error).toEqual({
      message: 'Something went wrong here.',
      extensions: { code: 'INTERNAL', details: { requestId: expect.any(String) } },
    })
    const { requestId } = error.extensions.details
    expect(logged.filter(line => line.requestId === requestId)).toHaveLength(1)
  })

  test('an id is free again as soon as it is ended, by whichever side', async () => {
    expect(await socket.ask('again', { query: scopes })).toHaveProperty('next.0.data')
    await whereWaiting(async () => {
      // Read together, so that the second is there before the first is over.
      for (const query of [people, scopes]) {
        socket.send({ id: 'again', type: 'complete' })
        socket.send({ id: 'again', type: 'subscribe', payload: { query } })
      }
      const { next } = await socket.ended('again')
      expect(next).toEqual([{ data: { viewer: { scopes: expect.anything() } } }])
    })
    expect(await socket.ask('after', { query: scopes })).toHaveProperty('next.0.data')
    expect(socket.frames.filter(({ id }) => id === 'again')).toEqual([])
  })

  test('are counted, with the sockets, until they end', async () => {
    expect(await metric(app, 'ledger_websocket_sockets')).toBe(1)
    await until(async () => (await metric(app, 'ledger_websocket_operations')) === 0)
  })
})

test('an id that is in use closes the socket with 4409', async () => {
  const socket = await as('alice')
  await whereWaiting(async () => {
    for (const query of [people, scopes])
      socket.send({ id: '1', type: 'subscribe', payload: { query } })
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' })
  })
})

test('an answer that is too large is refused, and the socket stays', async () => {
  const socket = await as('alice')
  const nodes = [{ id: '1', name: 'x'.repeat(2 * 1024 * 1024) }]
  await where(
    async () => ({ nodes, pageInfo: {} }),
    async () => {
      const { errors } = await socket.ask('1', { query: people })
      expect(errors).toMatchObject([{ extensions: { code: 'ANSWER_TOO_LARGE' } }])
    },
  )
  expect(await socket.ask('2', { query: scopes })).toHaveProperty('next.0.data')
  await socket.close()
})
