import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cert, key } from '../support/eventstoredb/certificate.js'
import { newFolder } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { ran } from '../support/server.js'

const authority = join(newFolder(), 'ca.pem')
writeFileSync(authority, cert)
let plain: TestServer
let secure: TestServer
beforeAll(async () => {
  plain = await TestServer.start()
  secure = await TestServer.start({
    tls: { cert, key },
    credentials: { user: 'ledger', password: 'right' },
  })
})
afterAll(() => Promise.all([plain.stop(), secure.stop()]))

const wrong: [title: string, url: () => string, told: RegExp][] = [
  [
    'a wrong password',
    () => `esdb://ledger:s3cret@localhost:${secure.port}?tls=true&tlsCAFile=${authority}`,
    /refuse|password|credentials/i,
  ],
  [
    'no credentials where some are needed',
    () => `esdb://localhost:${secure.port}?tls=true&tlsCAFile=${authority}`,
    /refuse|password|credentials/i,
  ],
  [
    'a certificate that nobody vouches for',
    () => `esdb://ledger:s3cret@localhost:${secure.port}?tls=true`,
    /TLS|certificate/i,
  ],
  [
    'TLS where the server speaks none',
    () => `esdb://ledger:s3cret@localhost:${plain.port}?tls=true`,
    /TLS/i,
  ],
]
const env = (url: string) => ({ LEDGER_STORE: url, LEDGER_DATA: newFolder(), LEDGER_PORT: '0' })
/** What is left of the log when nothing but words for an operator is counted. */
const lines = (text: string) => text.trim().split('\n')

describe.each([['serve'], ['verify']])('%s on', command => {
  test.each(wrong)('%s ends with one clear line, and says no secret', async (_, url, told) => {
    const { code, out, err } = await ran([command], env(url()))
    expect([code, out]).toEqual([1, ''])
    expect(lines(err)).toHaveLength(1)
    expect(err).toMatch(told)
    expect(err).not.toMatch(/s3cret|\bat .*:\d+/)
  })
})
