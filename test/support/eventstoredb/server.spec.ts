import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client'
import { TestServer } from './server.js'

let server: TestServer
let client: EventStoreDBClient
beforeEach(async () => {
  server = await TestServer.start()
  client = EventStoreDBClient.connectionString(server.url)
})
afterEach(async () => {
  await client.dispose()
  await server.stop()
})

const event = (n: number) => jsonEvent({ type: 'Counted', data: { n } })

test('what is appended is read, and followed', async () => {
  const first = await client.appendToStream('a', [event(1), event(2)], {
    expectedRevision: 'no_stream',
  })
  expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n })
  const read = []
  for await (const { event } of client.readStream('a')) read.push(event?.data)
  expect(read).toEqual([{ n: 1 }, { n: 2 }])
  server.log.noise(3)
  const all = []
  for await (const { event } of client.readAll({ direction: 'backwards', fromPosition: 'end' }))
    all.push(event?.type)
  expect(all).toEqual([...Array(3).fill('$statsCollected'), 'Counted', 'Counted'])
  const followed = []
  const filter = streamNameFilter({ prefixes: ['a'], checkpointInterval: 100 })
  const subscription = client.subscribeToAll({ filter })
  await client.appendToStream('a', event(3), { expectedRevision: 1n })
  for await (const { event } of subscription) if (followed.push(event?.data) === 3) break
  expect(followed).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  await expect(
    client.appendToStream('a', event(4), { expectedRevision: 1n }),
  ).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n })
  await subscription.unsubscribe()
})
