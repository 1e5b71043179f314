import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLError } from 'graphql'
import { WebSockets } from '../../src/live/websockets.js'
import { configFrom } from '../../src/config.js'
import { type App, PushedClock, newFolder, startApp, until } from '../support/app.js'
import { metric } from '../support/replicas.js'
import { RawSocket } from './raw-socket.js'

let app: App
beforeAll(async () => {
  const live = { ...configFrom({}).live, origins: ['https://status.example.org'] }
  app = await startApp(newFolder(), new PushedClock(), { live })
})
afterAll(() => app.close())

/** All that is answered to these lines, until the connection is closed on us. */
async function answerTo(lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return text(socket)
}
const upgrade = (path: string, more: readonly string[] = [], method = 'GET') => [
  `${method} ${path} HTTP/1.1`,
  'host: ledger.example.org',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
  ...more,
]

describe('an upgrade that is not wanted is answered and cut off', () => {
  test.each<[string, string[], number, string]>([
    ['another path', upgrade('/'), 404, 'NOT_FOUND'],
    ['a path below', upgrade('/graphql/'), 404, 'NOT_FOUND'],
    ['a path of HTTP', upgrade('/events/stream'), 404, 'NOT_FOUND'],
    [
      'a foreign page',
      upgrade('/graphql', ['origin: https://evil.example']),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    [
      'a page of another port',
      upgrade('/graphql', ['origin: https://ledger.example.org:8443']),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    ['a page of nowhere', upgrade('/graphql', ['origin: null']), 403, 'ORIGIN_NOT_ALLOWED'],
    [
      'a page of a name that begins alike',
      upgrade('/graphql', ['origin: https://status.example.org.evil.example']),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
  ])('%s', async (_, lines, status, code) => {
    const [head, body] = (await answerTo(lines)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(body!).errors[0].extensions.code).toBe(code)
  })

  test.each<[string, string[], number]>([
    ['another method', upgrade('/graphql', [], 'POST'), 405],
    ['no key', upgrade('/graphql').filter(line => !line.startsWith('sec-websocket-key')), 400],
    [
      'another version',
      upgrade('/graphql').map(line => line.replace('version: 13', 'version: 1')),
      400,
    ],
  ])('%s', async (_, lines, status) =>
    expect(await answerTo(lines)).toMatch(new RegExp(`^HTTP/1.1 ${status} `)),
  )

  test('one that comes while too much is asked, as what is asked on those that are there', async () => {
    const socket = await RawSocket.for(app.url, app.secrets['alice']!)
    const sockets = app.app.get(WebSockets)
    const { overloaded } = sockets
    sockets.overloaded = () => new GraphQLError('x', { extensions: { code: 'OVERLOADED' } })
    const answer = await answerTo(upgrade('/graphql'))
    const told = await socket.ask('1', { query: '{ viewer { scopes } }' })
    sockets.overloaded = overloaded
    expect(answer).toMatch(/^HTTP\/1.1 503 .*retry-after: 1\r\n/s)
    expect(told.errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }])
    await socket.close()
  })
})

test.each([
  ['from here', 'http://ledger.example.org'],
  ['from here, behind TLS', 'https://Ledger.example.org'],
  ['that the operator allows', 'https://status.example.org'],
])('a page %s may connect', async (_, origin) => {
  const headers = { host: 'ledger.example.org', origin }
  const socket = await RawSocket.for(app.url, app.secrets['alice']!, { headers })
  await socket.close()
})

test('who offers another HTTP is answered as if not', async () => {
  const body = JSON.stringify({ query: '{ viewer { scopes } }' })
  const asked = (connection: string) => [
    'POST /graphql HTTP/1.1',
    'host: x',
    'upgrade: h2c',
    'http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    `connection: ${connection}`,
    'content-type: application/json',
    `authorization: Bearer ${app.secrets['rob']}`,
    `content-length: ${body.length}`,
  ]
  const plain = ['POST /graphql HTTP/1.1', ...asked('').slice(5), 'host: x', 'connection: close']
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  // Its body comes later, and then, on the same connection, a next request.
  socket.write(`${asked('Upgrade, HTTP2-Settings').join('\r\n')}\r\n\r\n${body.slice(0, 10)}`)
  await until(() => socket.bytesWritten > 0)
  socket.write(body.slice(10))
  const [first] = (await once(socket, 'data')) as [Buffer]
  socket.write(`${plain.join('\r\n')}\r\n\r\n${body}`)
  for (const answer of [String(first), await text(socket)]) {
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    expect(answer).toContain('{"data":{"viewer":{"scopes":["INCIDENTS_READ"]}}}')
  }
})

test('a server that stops closes all sockets with 1001, and waits for none that is stuck', async () => {
  const stopping = await startApp()
  const secret = stopping.secrets['partner']!
  const [idle, stuck] = [
    await RawSocket.for(stopping.url, secret),
    await RawSocket.for(stopping.url, secret),
  ]
  const query = 'subscription { incidentEvents { cursor } }'
  idle.send({ id: '1', type: 'subscribe', payload: { query } })
  await idle.frame(({ id }) => id === '1')
  stuck.ws.pause()
  expect(await metric(stopping, 'ledger_websocket_operations')).toBe(1)
  const closed = stopping.close()
  expect(await idle.closed).toEqual({ code: 1001, reason: 'Going away' })
  await closed
  stuck.ws.resume()
  await stuck.closed
})
