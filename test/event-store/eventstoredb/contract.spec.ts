import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { TestServer } from '../../support/eventstoredb/server.js'
import { eventStoreContract } from '../event-store.contract.js'
import { ledgerOn } from './stores.js'

/** A ledger's append of 30 events of 200 KiB each; a real server must be told to take so much. */
const maxAppendBytes = 16 * 1024 * 1024

/**
 * On a real server they are a thousand. Here both ends are this process, and what is asked of the store
 * is what it makes of being refused, which is the same each time.
 */
const triesEach = 250

describe('on a server that others use too', () => {
  let server: TestServer
  let noise: NodeJS.Timeout
  beforeAll(async () => {
    server = await TestServer.start({ maxAppendBytes })
    noise = setInterval(() => {
      server.log.noise(2)
      server.log.foreign('orders-1', { type: 'OrderPlaced', data: { id: 1 } })
    }, 20)
  })
  afterAll(async () => {
    clearInterval(noise)
    await server.stop()
  })
  eventStoreContract('EventStoreDB', async () => ledgerOn(server.url), triesEach)
})

const url = process.env.EVENTSTOREDB_URL
if (url) eventStoreContract('the server of EVENTSTOREDB_URL', async () => ledgerOn(url))
else test.skip('a real server: set EVENTSTOREDB_URL to run the contract on it', () => {})
