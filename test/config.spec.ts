import { expect, test } from '@jest/globals'
import { limits } from '../src/api/limits.js'
import { Misconfigured, configFrom } from '../src/config.js'

const mistakes = (env: Record<string, string>) => {
  try {
    configFrom(env)
  } catch (error) {
    if (error instanceof Misconfigured) return error.mistakes
    throw error
  }
  return []
}

const live = {
  initMs: 3000,
  pingMs: 15_000,
  socketsMax: 20,
  operationsMax: 50,
  messagesPerMinute: 12_000,
  messageBytes: 64 * 1024,
  streamsMax: 100,
  origins: [],
}
const tokens = {
  LEDGER_JWKS_URL: 'https://id.example.org/jwks',
  LEDGER_JWT_ISSUER: 'https://id.example.org',
  LEDGER_JWT_AUDIENCE: 'incident-ledger',
}

test('an empty environment is enough', () => {
  const config = configFrom({ PATH: '/bin' })
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 4000,
    data: './data',
    store: 'sqlite',
    log: 'info',
    rates: { perMinute: 600_000, burst: 60_000, wrongPerMinute: 60 },
    proxies: [],
    limits,
    shedding: { loopMsMax: 500, writeMsMax: 2000, appendsMax: 5000 },
    documents: { mode: 'off', file: './documents.json' },
    live,
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('everything can be set', () => {
  const env = {
    LEDGER_HOST: '0.0.0.0',
    LEDGER_PUBLIC: '1',
    LEDGER_PORT: '0',
    LEDGER_DATA: '/srv/ledger',
    LEDGER_STORE: 'sqlite',
    LEDGER_LOG: 'silent',
    LEDGER_LIMIT_COST: '9000',
    LEDGER_SHED_LOOP_MS: '0',
    LEDGER_RATE_PER_MINUTE: '0',
    LEDGER_RATE_BURST: '1000',
    LEDGER_RATE_WRONG_PER_MINUTE: '10',
    LEDGER_TRUSTED_PROXIES: 'loopback',
    LEDGER_DOCUMENTS: 'required',
    LEDGER_DOCUMENTS_FILE: '/etc/documents.json',
    LEDGER_PUBLIC_URL: 'https://ledger.example.org/api/',
    LEDGER_LIVE_SOCKETS: '2',
    LEDGER_ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000',
    // Of the examples’ clients, in the same shell.
    LEDGER_URL: 'http://127.0.0.1:3000',
    LEDGER_KEY: 'key',
  }
  expect(configFrom(env)).toEqual({
    host: '0.0.0.0',
    port: 0,
    data: '/srv/ledger',
    store: 'sqlite',
    log: 'silent',
    rates: { perMinute: 0, burst: 1000, wrongPerMinute: 10 },
    proxies: ['loopback'],
    limits: { ...limits, cost: 9000 },
    shedding: { loopMsMax: 0, writeMsMax: 2000, appendsMax: 5000 },
    documents: { mode: 'required', file: '/etc/documents.json' },
    publicUrl: 'https://ledger.example.org/api',
    live: { ...live, socketsMax: 2, origins: ['https://a.example', 'http://localhost:3000'] },
  })
})

test.each([
  [{ LEDGER_PORT: '65536' }, /^LEDGER_PORT must be a port number/],
  [{ LEDGER_PORT: '-1' }, /^LEDGER_PORT must be a port number/],
  [{ LEDGER_PORT: '0x10' }, /^LEDGER_PORT must be a port number/],
  [{ LEDGER_PORT: '' }, /^LEDGER_PORT is empty: leave it out for 4000$/],
  [{ LEDGER_DATA: ' ' }, /^LEDGER_DATA is empty/],
  [{ LEDGER_DATA: ' ./data' }, /^LEDGER_DATA begins or ends with a space/],
  [{ LEDGER_LOG: 'loud' }, /^LEDGER_LOG must be one of trace, .*silent$/],
  [{ LEDGER_STORE: 'postgres' }, /^LEDGER_STORE must be sqlite \(LEDGER_DATA .*\), or the esdb:/],
  [{ LEDGER_STORE: 'esdb://' }, /^LEDGER_STORE /],
  [{ LEDGER_STORE: 'esdb://db:port' }, /^LEDGER_STORE /],
  [{ LEDGER_STORE: 'esdb://db?tls=perhaps' }, /^LEDGER_STORE /],
  [{ LEDGER_PUBLIC_URL: 'ledger.example.org' }, /^LEDGER_PUBLIC_URL must be an http:/],
  [{ LEDGER_PUBLIC_URL: 'https://a:b@example.org' }, /^LEDGER_PUBLIC_URL must be an http:/],
  [{ LEDGER_PUBLIC_URL: 'https://example.org/?a=1' }, /^LEDGER_PUBLIC_URL must be an http:/],
  [{ LEDGER_STREAM_PREFIX: '$ledger' }, /^LEDGER_STREAM_PREFIX must be 1 to 40 letters/],
  [{ LEDGER_STREAM_PREFIX: 'a b' }, /^LEDGER_STREAM_PREFIX must be 1 to 40 letters/],
  [{ LEDGER_HOST: '0.0.0.0' }, /LEDGER_PUBLIC=1/],
  [{ LEDGER_HOST: '::' }, /LEDGER_PUBLIC=1/],
  [{ LEDGER_HOST: '127.0.0.1.example.org' }, /LEDGER_PUBLIC=1/],
  [{ LEDGER_LIMIT_DEPTH: '4' }, /^LEDGER_LIMIT_DEPTH must be a whole number, 5 to 50$/],
  [{ LEDGER_LIMIT_COST: '1e9' }, /^LEDGER_LIMIT_COST must be a whole number/],
  [{ LEDGER_SHED_APPENDS: '' }, /^LEDGER_SHED_APPENDS is empty: leave it out for 5000$/],
  [{ LEDGER_DOCUMENTS: 'on' }, /^LEDGER_DOCUMENTS must be one of off, prefer, required$/],
  [{ LEDGER_PUBLIC: 'yes' }, /^LEDGER_PUBLIC must be 0 or 1$/],
  [{ LEDGER_PROT: '1' }, /^LEDGER_PROT is not a setting; is it LEDGER_PORT\?$/],
  [{ LEDGER_SOMETHING: '1' }, /^LEDGER_SOMETHING is not a setting$/],
  [{ LEDGER_constructor: '1' }, /is not a setting/],
  [
    { ...tokens, LEDGER_JWKS_URL: 'http://id.example.org/jwks' },
    /^LEDGER_JWKS_URL must be an https/,
  ],
  [{ ...tokens, LEDGER_JWKS_URL: 'https://u:p@id.example.org/jwks' }, /^LEDGER_JWKS_URL must be/],
  [{ ...tokens, LEDGER_JWKS_URL: 'file:///etc/keys.json' }, /^LEDGER_JWKS_URL must be an https/],
  [{ ...tokens, LEDGER_JWKS_URL: 'http://127.0.0.1.example.org/' }, /^LEDGER_JWKS_URL must be/],
  [{ ...tokens, LEDGER_JWKS_URL: 'jwks' }, /^LEDGER_JWKS_URL must be an https/],
  [{ ...tokens, LEDGER_JWT_ISSUER: '' }, /^LEDGER_JWT_ISSUER is missing: .* go together$/],
  [{ ...tokens, LEDGER_JWT_ISSUER: ' ' }, /^LEDGER_JWT_ISSUER is empty: leave it out$/],
  [{ ...tokens, LEDGER_JWT_ISSUER: 'x'.repeat(201) }, /^LEDGER_JWT_ISSUER is longer than 200/],
  [{ ...tokens, LEDGER_JWT_AUDIENCE: '' }, /^LEDGER_JWT_AUDIENCE is missing/],
  [{ LEDGER_RATE_PER_MINUTE: 'many' }, /^LEDGER_RATE_PER_MINUTE must be a whole number/],
  [{ LEDGER_TRUSTED_PROXIES: 'proxy' }, /^LEDGER_TRUSTED_PROXIES must be addresses or networks/],
  [{ LEDGER_TRUSTED_PROXIES: '10.0.0.0/33' }, /^LEDGER_TRUSTED_PROXIES must be addresses/],
  [{ LEDGER_TRUSTED_PROXIES: '0.0.0.0/0' }, /^LEDGER_TRUSTED_PROXIES must be addresses/],
  [{ LEDGER_TRUSTED_PROXIES: '10.0.0.1,' }, /^LEDGER_TRUSTED_PROXIES must be addresses/],
  [{ LEDGER_LIVE_SOCKETS: '0' }, /^LEDGER_LIVE_SOCKETS must be a whole number, 1 to 100000$/],
  [{ LEDGER_ALLOWED_ORIGINS: '*' }, /^LEDGER_ALLOWED_ORIGINS must be origins of pages/],
  [{ LEDGER_ALLOWED_ORIGINS: 'https://a.example/' }, /^LEDGER_ALLOWED_ORIGINS must be origins/],
  [{ LEDGER_ALLOWED_ORIGINS: 'https://a.example:443' }, /^LEDGER_ALLOWED_ORIGINS must be origins/],
  [{ LEDGER_ALLOWED_ORIGINS: 'null' }, /^LEDGER_ALLOWED_ORIGINS must be origins/],
])('%j is one mistake', (env, mistake) =>
  expect(mistakes(env as Record<string, string>)).toEqual([expect.stringMatching(mistake)]),
)

test.each(['localhost', '::1', '127.0.0.2'])('%s needs no permission', LEDGER_HOST =>
  expect(mistakes({ LEDGER_HOST })).toEqual([]),
)

test.each(['esdb://db:2113?tls=false', 'esdb+discover://user:secret@db?tls=true'])(
  '%s is a store, with the prefix of its streams',
  url => {
    expect(configFrom({ LEDGER_STORE: url }).store).toEqual({ url, prefix: 'ledger.' })
    const other = configFrom({ LEDGER_STORE: url, LEDGER_STREAM_PREFIX: 'team-2.' })
    expect(other.store).toEqual({ url, prefix: 'team-2.' })
  },
)

test.each(['https://id.example.org/jwks', 'http://localhost:8080/jwks', 'http://[::1]/jwks'])(
  'tokens may be checked with the keys at %s',
  jwksUrl => {
    const { issuer, audience } = configFrom({ ...tokens, LEDGER_JWKS_URL: jwksUrl }).tokens!
    expect([issuer, audience]).toEqual(['https://id.example.org', 'incident-ledger'])
  },
)

test('proxies are listed with commas', () => {
  const LEDGER_TRUSTED_PROXIES = '10.0.0.1, 10.1.0.0/16,fd00::/8,loopback'
  expect(configFrom({ LEDGER_TRUSTED_PROXIES }).proxies).toEqual([
    '10.0.0.1',
    '10.1.0.0/16',
    'fd00::/8',
    'loopback',
  ])
})

test('one setting of tokens alone is told of all that are missing', () =>
  expect(mistakes({ LEDGER_JWT_ISSUER: 'x' })).toHaveLength(2))

test('all mistakes are told at once, and no secret with them', () => {
  const env = { LEDGER_PORT: 'x', LEDGER_STORE: 'esdb://admin:changeit@db:x', LEDGER_HOTS: '::1' }
  expect(mistakes(env)).toHaveLength(3)
  expect(() => configFrom(env)).toThrow(Misconfigured)
  expect(mistakes(env).join()).not.toMatch('changeit')
})
