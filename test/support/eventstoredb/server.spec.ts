import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { EventStoreDBClient } from '@eventstore/db-client'
import { event, events, numbers, outcome } from './looking.js'
import { TestServer } from './server.js'

let server: TestServer
let client: EventStoreDBClient
beforeEach(async () => {
  server = await TestServer.start({ maxAppendBytes: 10_000 })
  client = EventStoreDBClient.connectionString(server.url)
})
afterEach(async () => {
  await client.dispose()
  await server.stop()
})

type Expected = bigint | 'any' | 'no_stream' | 'stream_exists'
const credentials = { username: 'somebody', password: 'something' }
/** The client appends by another call of the protocol when it is given credentials. */
const paths = { batch: {}, unary: { credentials } }

const append = (numbers: number[], expectedRevision: Expected, options = {}) =>
  client.appendToStream('s', events(...numbers), { expectedRevision, ...options })

describe.each(Object.entries(paths))('By the %s append', (_, options) => {
  test('an append answers the last revision and the position of its last event', async () => {
    const first = await append([1, 2], 'no_stream', options)
    const [, last] = server.log.all
    const at = BigInt(last!.position)
    const position = { commit: at, prepare: at }
    expect(first).toEqual({ success: true, nextExpectedRevision: 1n, position })
    expect(await append([3], 1n, options)).toMatchObject({ nextExpectedRevision: 2n })
  })

  const wrong: Array<[string, number[], Expected, bigint | 'no_stream']> = [
    ['no stream, where there is one', [1, 2], 'no_stream', 1n],
    ['a revision that is past', [1, 2], 0n, 1n],
    ['a revision to come', [1, 2], 2n, 1n],
    ['a revision of no stream', [], 0n, 'no_stream'],
    ['some stream, where there is none', [], 'stream_exists', 'no_stream'],
  ]
  test.each(wrong)('expecting %s is refused with the real revision', async (...row) => {
    const [, before, expectedVersion, actualVersion] = row
    if (before.length > 0) await append(before, 'any', options)
    const refused = append([9], expectedVersion, options)
    const expected = { type: 'wrong-expected-version', expectedVersion, actualVersion }
    await expect(refused).rejects.toMatchObject(expected)
    expect(server.log.all).toHaveLength(before.length)
  })

  test('the same ids at the same revision are a success with the first position', async () => {
    const same = [event(1), event(2)]
    const expectedRevision = 'no_stream'
    const first = await client.appendToStream('s', same, { expectedRevision, ...options })
    await append([3, 4, 5], 1n, options)
    const again = await client.appendToStream('s', same, { expectedRevision, ...options })
    expect(again).toEqual(first)
    expect(server.log.all).toHaveLength(5)
  })

  test('an append above the limit is refused and stores nothing', async () => {
    const large = { ...event(1), data: { n: 1, text: 'x'.repeat(10_000) } }
    const refused = client.appendToStream('s', large, options)
    const error = { type: 'maximum-append-size-exceeded', maxAppendSize: 10_000 }
    await expect(refused).rejects.toMatchObject(error)
    expect(server.log.all).toEqual([])
  })

  test('an append of nothing succeeds', async () => {
    expect(await append([], 'no_stream', options)).toMatchObject({ success: true })
    expect(server.log.all).toEqual([])
  })

  test('an id that is none is refused', async () => {
    expect(await outcome(client.appendToStream('s', event(1, 'not-an-id'), options))).toBe(
      'unknown',
    )
  })
})

test('known ids followed by a new one are a wrong revision', async () => {
  const [first, second] = [event(1), event(2)]
  await client.appendToStream('s', [first], { expectedRevision: 'no_stream' })
  const more = client.appendToStream('s', [first, second], { expectedRevision: 'no_stream' })
  await expect(more).rejects.toMatchObject({ actualVersion: 0n })
  const anywhere = client.appendToStream('s', [first, second], { expectedRevision: 'any' })
  expect(await outcome(anywhere)).toBe('wrong-expected-version')
})

test('the same ids at the current head are appended again', async () => {
  const same = event(1)
  await client.appendToStream('s', same, { expectedRevision: 'no_stream' })
  const again = await client.appendToStream('s', same, { expectedRevision: 0n })
  expect(again.nextExpectedRevision).toBe(1n)
  expect(server.log.stream('s').map(({ id }) => id)).toEqual([same.id, same.id])
})

test('ids are compared, bytes are not', async () => {
  const id = randomUUID()
  await client.appendToStream('s', event(1, id), { expectedRevision: 'no_stream' })
  await client.appendToStream('s', event(2), { expectedRevision: 0n })
  await client.appendToStream('s', event(3, id), { expectedRevision: 'no_stream' })
  expect(await numbers(client.readStream('s'))).toEqual([1, 2])
})

test('without a revision a repeat is found by its ids', async () => {
  const same = [event(1), event(2)]
  const first = await client.appendToStream('s', same, { expectedRevision: 'any' })
  expect(await client.appendToStream('s', same, { expectedRevision: 'any' })).toEqual(first)
})

test('an append split into several messages counts once, and a test sees each message', async () => {
  const messages: boolean[] = []
  server.hooks.onAppend(message => messages.push(message.getIsFinal()))
  const options = { expectedRevision: 'no_stream', batchAppendSize: 150 } as const
  await client.appendToStream('s', events(1, 2, 3), options)
  expect(messages.length).toBeGreaterThan(1)
  expect(messages.filter(final => final)).toHaveLength(1)
  expect(server.calls.append).toBe(1)
  expect(await numbers(client.readStream('s'))).toEqual([1, 2, 3])
})

test('bytes and metadata come back as they were given', async () => {
  const data = Buffer.from([0, 255, 1])
  const foreign = { id: randomUUID(), type: 'Bytes', metadata: Buffer.from('{"by":"me"}') }
  server.log.foreign('s', { ...foreign, data, contentType: 'application/octet-stream' })
  for await (const { event } of client.readStream('s')) {
    expect(event).toMatchObject({ id: foreign.id, isJson: false, metadata: { by: 'me' } })
    expect(event!.data).toEqual(new Uint8Array(data))
  }
})
