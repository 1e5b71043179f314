import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { EventStoreDBClient } from '@eventstore/db-client'
import { cert, key } from './certificate.js'
import { event, numbers, outcome } from './looking.js'
import { TestServer } from './server.js'

const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
const authority = join(folder, 'ca.pem')
writeFileSync(authority, cert)
afterAll(() => rmSync(folder, { recursive: true }))

describe('Over TLS', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start({
      tls: { cert, key },
      credentials: { user: 'ledger', password: 'right' },
    })
  })
  afterAll(() => server.stop())

  const trusted = () => `tlsCAFile=${encodeURIComponent(authority)}`
  const url = (credentials: string) =>
    `esdb://${credentials}localhost:${server.port}?tls=true&${trusted()}`

  test.each([
    ['with the right credentials is served', 'ledger:right@', 'OK', 'OK'],
    ['with wrong credentials is refused', 'ledger:wrong@', 'access-denied', 'access-denied'],
    ['without credentials is refused', '', 'access-denied', 'access-denied'],
  ])('whoever comes %s', async (_, credentials, appended, read) => {
    const client = EventStoreDBClient.connectionString(url(credentials))
    expect(await outcome(client.appendToStream('s', event(1)))).toBe(appended)
    expect(await outcome(numbers(client.readStream('s')))).toBe(read)
    await client.dispose()
  })

  test('credentials of one append are looked at too', async () => {
    const client = EventStoreDBClient.connectionString(url(''))
    const credentials = { username: 'ledger', password: 'right' }
    expect(await outcome(client.appendToStream('s', event(1), { credentials }))).toBe('OK')
    await client.dispose()
  })

  test('a client that does not know the certificate does not connect', async () => {
    const client = EventStoreDBClient.connectionString(`esdb://localhost:${server.port}?tls=true`)
    const refused = client.appendToStream('s', event(1))
    expect(await outcome(refused)).toBe(14)
    await client.dispose()
  })
})
