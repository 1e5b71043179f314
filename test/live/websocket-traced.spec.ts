import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { RawSocket } from './raw-socket.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const [one, other] = ['4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c']
const parent = (traceId: string) => `00-${traceId}-00f067aa0ba902b7-01`
const query = `mutation { declareIncident(input: { title: "x" }) { events { correlationId } } }`
const random = expect.stringMatching(/^(?!0+$)[0-9a-f]{32}$/)

interface Said {
  readonly header?: string
  readonly init?: unknown
  readonly extension?: unknown
}

test.each<[string, Said, unknown]>([
  ['the operation names', { extension: parent(one) }, one],
  ['the first message names', { init: parent(one) }, one],
  ['the request for the socket names', { header: parent(one) }, one],
  [
    'the operation names, whatever its socket’s is',
    { header: parent(other), extension: parent(one) },
    one,
  ],
  [
    'the request names, whatever the first message says',
    { header: parent(one), init: parent(other) },
    one,
  ],
  ['is the ledger’s own, if none is named', {}, random],
  [
    'is the ledger’s own, if the operation names none that is one',
    { extension: 'x'.repeat(55) },
    random,
  ],
  [
    'is the ledger’s own, if what is named is no text',
    { init: [parent(one)], extension: { toString: 1 } },
    random,
  ],
])('the trace that %s is the correlation id of its events', async (_, said, correlationId) => {
  const { header, init, extension } = said
  const socket = await RawSocket.opened(app.url, {
    headers: { ...(header !== undefined && { traceparent: header }) },
  })
  const authorization = `Bearer ${app.secrets['alice']}`
  socket.send({ type: 'connection_init', payload: { authorization, traceparent: init } })
  await socket.frame(({ type }) => type === 'connection_ack')
  const extensions = { traceparent: extension }
  const { next } = await socket.ask('1', { query, extensions })
  expect(next[0].data.declareIncident.events[0]).toEqual({ correlationId })
  await socket.close()
})
