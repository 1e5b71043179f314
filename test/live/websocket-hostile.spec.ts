import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import type { GraphQLSchema } from 'graphql'
import { WebSocket } from 'ws'
import { configFrom } from '../../src/config.js'
import { hostile } from '../api/hostile-documents.js'
import { type App, PushedClock, newFolder, startApp, until } from '../support/app.js'
import { seeded } from '../support/hostile-run.mjs'
import { Random, faultIn, malformedRequest, randomQuery } from '../support/random-requests.mjs'
import { metric } from '../support/replicas.js'
import { RawSocket } from './raw-socket.js'

const bytesMax = 2048
const seed = 7
/** Of each kind; 20,000 of both together are the promise. */
const count = Number(process.env['FRAMES'] ?? 500)
/** Sockets that are open at a time. */
const atATime = 20

let app: App
let schema: GraphQLSchema
const { live } = configFrom({})
beforeAll(async () => {
  app = await startApp(newFolder(), new PushedClock(), {
    live: { ...live, socketsMax: 1000, messagesPerMinute: 999_999_999 },
  })
  schema = app.app.get(GraphQLSchemaHost).schema
})
afterAll(() => app.close())

test('every hostile document is refused on one socket as over HTTP, which then goes on', async () => {
  const socket = await RawSocket.for(app.url, app.secrets['alice']!)
  const documents = hostile.filter(({ query }) => query !== undefined)
  const messages = documents.map(({ what, code, body }, i) => ({
    what,
    code,
    frame: `{"id":"${i}","type":"subscribe","payload":${body}}`,
  }))
  const short = messages.filter(({ frame }) => Buffer.byteLength(frame) <= live.messageBytes)
  expect(short.length).toBeGreaterThan(40)
  for (const { frame } of short) socket.send(frame)
  for (const [i, { what, code, frame }] of messages.entries()) {
    if (!short.some(one => one.frame === frame)) continue
    const { next, errors } = await socket.ended(String(i))
    const told = errors ?? next[0].errors
    expect([what, told[0].extensions.code]).toEqual([what, code])
    const text = JSON.stringify(told)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytesMax)
    expect(text).not.toMatch(/node_modules|\/src\/|\/dist\/|stack|\.[jt]s:\d+/)
  }
  expect(await socket.ask('last', { query: '{ viewer { scopes } }' })).toHaveProperty('next.0.data')
  await socket.close()
  for (const { frame } of messages.filter(one => !short.includes(one))) {
    const other = await RawSocket.for(app.url, app.secrets['alice']!)
    other.send(frame)
    expect((await other.closed).code).toBe(1009)
  }
})

test('random messages are answered or closed upon, without a fault or a path', async () => {
  const random = new Random(seed)
  const ask = (query: string, variables?: object) => app.ask('alice', query, variables)
  const pool = await seeded(ask)
  const faults: string[] = []
  const heard = { errors: 0, closed: 0 }
  const bodies = Array.from({ length: count }, () =>
    String(malformedRequest(random, randomQuery(schema, random, pool)).body),
  )
  const work = bodies.map((body, i) => () => exchanged(messageOf(random, body, i)))
  await inTurns(work, async one => {
    const said = await one()
    faults.push(...said.filter(text => faultIn(200, text)))
    if (said.some(text => text.startsWith('{"errors"'))) heard.errors++
    if (said.at(-1) !== '{"reason":""}') heard.closed++
  })
  expect(faults).toEqual([])
  for (const times of Object.values(heard)) expect(times).toBeGreaterThan(count / 10)
})

test('random bytes in place of frames end their socket, and nothing else', async () => {
  const random = new Random(seed)
  const other = await RawSocket.for(app.url, app.secrets['bob']!)
  const codes = new Set<number>()
  await inTurns(Array.from({ length: count }), async () => {
    const socket = await RawSocket.for(app.url, app.secrets['alice']!)
    const bytes = Buffer.from(Array.from({ length: 2 + random.below(60) }, () => random.below(256)))
    ;(socket.ws as unknown as { _socket: NodeJS.WritableStream })._socket.end(bytes)
    codes.add((await socket.closed).code)
  })
  expect([...codes].filter(code => code === 4500 || code === 1011)).toEqual([])
  expect(await other.ask('1', { query: '{ viewer { scopes } }' })).toHaveProperty('next.0.data')
  await other.close()
})

test('what was asked on a socket that has gone, and waited for others to be taken, is not begun', async () => {
  const field = schema.getQueryType()!.getFields()['people']!
  const { resolve } = field
  let times = 0
  field.resolve = () => (times++, { nodes: [{ id: 'x'.repeat(900_000) }] })
  const socket = await RawSocket.for(app.url, app.secrets['alice']!)
  socket.ws.pause()
  for (let i = 0; i < 40; i++)
    socket.send(
      `{"id":"${i}","type":"subscribe","payload":{"query":"{ people { nodes { id } } }"}}`,
    )
  const quiet = async () => {
    const before = times
    await new Promise(done => setTimeout(done, 300))
    return before === times && times > 1
  }
  await until(quiet)
  const before = times
  expect(before).toBeLessThan(30)
  socket.ws.terminate()
  await until(async () => (await metric(app, 'ledger_websocket_sockets')) === 0)
  await until(quiet)
  expect(times).toBe(before)
  field.resolve = resolve!
})

/** A message of the sub-protocol with something wrong in it, or one that is none. */
function messageOf(random: Random, body: string, i: number): string {
  const type = random.pick([
    'subscribe',
    'subscribe',
    'complete',
    'ping',
    'next',
    'connection_init',
  ])
  return random.pick([
    body,
    `{"id":"${i}","type":"subscribe","payload":${body}}`,
    `{"id":"${i}","type":"subscribe","payload":${body}}`,
    JSON.stringify({ id: random.pick(['', '1', 1, null, {}]), type, payload: { query: body } }),
    JSON.stringify({ id: `${i}`, type: 'subscribe', payload: { query: body, extensions: {} } }),
  ])
}

/** All that is said to one message, and why the socket was closed if it was. */
async function exchanged(message: string): Promise<string[]> {
  const socket = await RawSocket.for(app.url, app.secrets['alice']!)
  socket.send(message)
  // What was asked before is answered, or refused, before the close is.
  const probe = socket.ask('probe', { query: '{ viewer { scopes } }' }).catch(() => undefined)
  await Promise.race([probe, socket.closed])
  if (socket.ws.readyState === WebSocket.OPEN) socket.ws.close()
  const { reason } = await socket.closed
  const told = socket.frames.map(({ type, payload }) =>
    type === 'error' ? { errors: payload } : payload,
  )
  return [...told, { reason }].map(one => JSON.stringify(one ?? {}))
}

async function inTurns<One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> {
  const left = all.values()
  const worker = async () => {
    for (const one of left) await work(one)
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}
