import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type EventData, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { toServer } from '../../../src/event-store/eventstoredb/recorded-event.js'
import type { SealedEvent } from '../../../src/event-store/stored-event.js'
import type { streams } from '../../support/eventstoredb/protocol.js'
import { TestServer } from '../../support/eventstoredb/server.js'
import { newStream, sealed } from '../sealed.js'
import { openOn } from './stores.js'

let server: TestServer
const received: streams.BatchAppendReq[] = []
beforeAll(async () => {
  server = await TestServer.start({ maxAppendBytes: 64 * 1024 * 1024 })
  server.hooks.onAppend(message => received.push(message))
})
afterAll(() => server.stop())

/** The sum of what came over the wire but for what is another each time. */
function sumsOfReceived(): string[] {
  return received.splice(0).map(message => {
    message.setCorrelationId(undefined)
    message.getOptions()?.clearDeadline()
    return createHash('sha256').update(message.serializeBinary()).digest('hex')
  })
}

async function ofTheClient(stream: string, expected: number, events: readonly SealedEvent[]) {
  const client = EventStoreDBClient.connectionString(server.url)
  const given: EventData[] = events.map(event => {
    const { id, type, data, metadata } = toServer(event)
    return jsonEvent({ id, type, data: parsed(data), metadata: parsed(metadata) })
  })
  const expectedRevision = expected < 0 ? 'no_stream' : BigInt(expected)
  await client.appendToStream(stream, given, { expectedRevision })
  await client.dispose()
  return sumsOfReceived()
}
const parsed = (bytes: Uint8Array) =>
  JSON.parse(Buffer.from(bytes).toString()) as Record<string, string>

async function ofOurs(stream: string, expected: number, events: readonly SealedEvent[]) {
  const store = openOn(server.url, { prefix: '' })
  await store.append(stream, expected, events)
  await store.close()
  return sumsOfReceived()
}

test.each<[string, number, number, () => string]>([
  ['one event', 1, 1, () => 'Größe 事故'],
  ['ten', 10, 1, () => 'x'],
  ['so many that it takes several messages', 40, 3, () => 'é'.repeat(100 * 1024)],
])(
  'an append of %s is sent byte for byte as the client sends it',
  async (_, count, parts, text) => {
    const stream = newStream()
    const events = sealed(stream, count, undefined, 0, text)
    const client = await ofTheClient(stream, -1, events)
    expect(client).toHaveLength(parts)
    expect(await ofOurs(stream, -1, events)).toEqual(client)
  },
)

test('an append behind others is sent byte for byte as the client sends it', async () => {
  const stream = newStream()
  const events = sealed(stream, 4)
  await ofTheClient(stream, -1, events.slice(0, 3))
  const client = await ofTheClient(stream, 2, events.slice(3))
  expect(await ofOurs(stream, 2, events.slice(3))).toEqual(client)
})
