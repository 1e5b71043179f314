import { afterAll } from '@jest/globals'
import { TestServer } from '../support/eventstoredb/server.js'
import { realUrl, skippedWithoutRealServer } from '../support/real-server.js'

/** The journeys of the API, unchanged, on an EventStoreDB: a real one, or the server of the tests. */
skippedWithoutRealServer('The journeys')
const server = realUrl === undefined ? await TestServer.start() : undefined
afterAll(() => server?.stop())
process.env['JOURNEYS_ON'] = realUrl ?? server!.url
for (const journey of ['live', 'reading', 'refusals', 'views'])
  await import(`../api/${journey}.journey.spec.ts`)
