import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { EventStoreDBClient } from '@eventstore/db-client'
import { event, numbers, outcome } from './looking.js'
import { TestServer } from './server.js'

const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
const made = certificateMade()
afterAll(() => rmSync(folder, { recursive: true }))

/** Node signs no certificates itself; where OpenSSL is missing, the tests below say "skipped". */
function certificateMade() {
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test'
  const rest = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.key, '-out', files.cert]
  try {
    execFileSync('openssl', [...request.split(' '), ...rest], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('Over TLS', () => {
  let server: TestServer
  beforeAll(async () => {
    if (!made) return
    const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
    server = await TestServer.start({ tls, credentials: { user: 'ledger', password: 'right' } })
  })
  afterAll(() => server?.stop())

  const trusted = () => `tlsCAFile=${encodeURIComponent(files.cert)}`
  const url = (credentials: string) =>
    `esdb://${credentials}127.0.0.1:${server.port}?tls=true&${trusted()}`

  const visibly = made ? test : test.skip
  visibly.each([
    ['with the right credentials is served', 'ledger:right@', 'OK', 'OK'],
    ['with wrong credentials is refused', 'ledger:wrong@', 'access-denied', 'access-denied'],
    ['without credentials is refused', '', 'access-denied', 'access-denied'],
  ])('whoever comes %s', async (_, credentials, appended, read) => {
    const client = EventStoreDBClient.connectionString(url(credentials))
    expect(await outcome(client.appendToStream('s', event(1)), 2_000)).toBe(appended)
    expect(await outcome(numbers(client.readStream('s')), 2_000)).toBe(read)
    await client.dispose()
  })

  visibly('credentials of one append are looked at too', async () => {
    const client = EventStoreDBClient.connectionString(url(''))
    const credentials = { username: 'ledger', password: 'right' }
    expect(await outcome(client.appendToStream('s', event(1), { credentials }), 2_000)).toBe('OK')
    await client.dispose()
  })

  visibly('a client that does not know the certificate does not connect', async () => {
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${server.port}?tls=true`)
    const refused = client.appendToStream('s', event(1))
    expect(await outcome(refused, 2_000)).toBe(14)
    await client.dispose()
  })
})
