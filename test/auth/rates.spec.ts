import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { httpAdapter } from '../../src/api/http.js'
import { limits } from '../../src/api/limits.js'
import { Allowance, Allowances } from '../../src/auth/allowances.js'
import { networkOf } from '../../src/auth/rates.js'
import { type App, PushedClock, newFolder, startApp } from '../support/app.js'
import { Issuer, newSigningKey } from '../support/issuer.js'

describe('an allowance', () => {
  let ms = 0
  const rate = { name: 'cost', perMinute: 600, burst: 100 }
  const fresh = () => new Allowance(rate, () => ms)

  test('holds so much at first, and fills no further', () => {
    const allowance = fresh()
    ms += 60_000
    allowance.take(1)
    expect(allowance.header).toBe('"cost";r=99;t=1')
    expect(allowance.policy).toBe('"cost";q=100;w=10')
  })

  test('may be overdrawn once, and is empty until that is made up for', () => {
    const allowance = fresh()
    allowance.take(99)
    expect(allowance.isEmpty).toBe(false)
    allowance.take(50)
    expect([allowance.isEmpty, allowance.waitSeconds]).toEqual([true, 5])
    expect(allowance.header).toBe('"cost";r=0;t=5')
    ms += 4900
    expect([allowance.isEmpty, allowance.waitSeconds]).toEqual([true, 1])
    ms += 100
    expect(allowance.isEmpty).toBe(false)
  })

  test('lets through what is set, however it is asked for', () => {
    const allowance = fresh()
    let taken = 0
    for (const end = ms + 60_000; ms < end; ms += 7)
      if (!allowance.isEmpty) taken += (allowance.take(3), 3)
    expect(taken).toBeGreaterThan(690)
    expect(taken).toBeLessThanOrEqual(100 + 600 + 3)
  })

  test('is kept for the last so many callers, and no more', () => {
    const all = new Allowances(rate, 3, () => ms)
    for (const whose of ['a', 'b', 'c']) all.of(whose).take(100)
    all.of('a')
    all.of('d')
    expect(all.count).toBe(3)
    expect(['a', 'c', 'd'].map(whose => all.of(whose).isEmpty)).toEqual([true, true, false])
    expect(all.of('b').isEmpty).toBe(false)
    for (let n = 0; n < 1000; n++) all.of(String(n))
    expect(all.count).toBe(3)
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['no address', 'no address'],
  ['x'.repeat(1000), 'x'.repeat(64)],
])('%s is counted as %s', (address, network) => expect(networkOf(address)).toBe(network))

describe('the address of a caller', () => {
  const ipOf = async (proxies: string[], forwarded: string) => {
    const http = httpAdapter(limits, proxies).getInstance()
    http.get('/ip', async ({ ip }) => ip)
    const url = await http.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${url}/ip`, { headers: { 'x-forwarded-for': forwarded } })
    const ip = await answer.text()
    await http.close()
    return ip
  }

  test('is that of the connection, whatever it says, unless it comes from a trusted proxy', async () => {
    expect(await ipOf([], '203.0.113.7')).toBe('127.0.0.1')
    expect(await ipOf(['10.0.0.0/8'], '203.0.113.7')).toBe('127.0.0.1')
    expect(await ipOf(['loopback'], '203.0.113.7')).toBe('203.0.113.7')
    expect(await ipOf(['loopback'], '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7')
  })
})

describe('over HTTP', () => {
  let app: App
  let issuer: Issuer
  beforeAll(async () => {
    issuer = await Issuer.start([newSigningKey('ES256', 'ec-1')])
    app = await startApp(newFolder(), new PushedClock(), {
      tokens: issuer.settings,
      proxies: ['loopback'],
      rates: { perMinute: 60, burst: 30, wrongPerMinute: 5 },
    })
  })
  afterAll(async () => {
    await app.close()
    await issuer.end()
  })

  const post = async (who: string, query: string, headers: object = {}, path = '/graphql') => {
    const answer = await fetch(app.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${app.secrets[who] ?? who}`,
        ...headers,
      },
      body: JSON.stringify({ query }),
    })
    const { errors } = JSON.parse((await answer.text()).split('\n')[0]!)
    return {
      status: answer.status,
      left: answer.headers.get('ratelimit'),
      policy: answer.headers.get('ratelimit-policy'),
      wait: answer.headers.get('retry-after'),
      error: errors?.[0],
    }
  }
  const viewer = '{ viewer { scopes } }'

  test.each([
    ['an object', 'alice', viewer, 1],
    ['a connection of five', 'bob', '{ incidents(first: 5) { nodes { id } } }', 6],
    ['a mutation', 'robot', 'mutation { declareIncident(input: { title: "x" }) { revision } }', 1],
    ['nothing but a name', 'carol', '{ __typename }', 1],
    ['what is refused', 'rob', '{ nonsense }', 10],
  ])('%s is paid for as it was measured', async (_, who, query, cost) => {
    const { left, policy } = await post(who, query)
    expect([left, policy]).toEqual([`"cost";r=${30 - cost};t=1`, '"cost";q=30;w=30'])
  })

  test('whoever has nothing left is refused before anything is done, is told until when, and then served', async () => {
    const before = await app.store.head()
    await post('chatbot', '{ incidents(first: 100) { nodes { id } } }')
    const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
    const refused = await post('chatbot', declare)
    const seconds = Number(refused.wait)
    expect(refused).toMatchObject({
      status: 429,
      left: `"cost";r=0;t=${seconds}`,
      policy: '"cost";q=30;w=30',
      error: { extensions: { code: 'RATE_LIMITED', details: { retryAfterSeconds: seconds } } },
    })
    // A unit a second, of which 71 were spent that it had not.
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThanOrEqual(72)
    expect(await app.store.head()).toBe(before)
    // What a person may is theirs, whoever acts for them.
    expect((await post('chatbot', viewer, { 'ledger-acting-for': 'bob' })).status).toBe(429)
    expect((await post('bob', viewer)).status).toBe(200)
    await post('robot', '{ incidents(first: 30) { nodes { id } } }')
    const { wait } = await post('robot', viewer)
    expect(Number(wait)).toBeLessThanOrEqual(3)
    await new Promise(resolve => setTimeout(resolve, Number(wait) * 1000))
    expect((await post('robot', viewer)).status).toBe(200)
  })

  test('all tokens of a person share what is theirs, apart from their keys', async () => {
    const personId = await app.person('carol')
    const input = { personId, identities: [{ provider: issuer.url, subject: 'subject-1' }] }
    await app.ask(
      'local',
      'mutation ($input: UpdatePersonInput!) { updatePerson(input: $input) { revision } }',
      { input },
    )
    const tokens = ['1', '2'].map(jti => issuer.token(app.clock.now(), { jti }))
    expect((await post(tokens[0]!, viewer)).left).toBe('"cost";r=29;t=1')
    await post(tokens[1]!, '{ incidents(first: 40) { nodes { id } } }')
    expect((await post(tokens[0]!, viewer)).status).toBe(429)
    expect((await post('carol', viewer)).status).toBe(200)
  })

  test('the routes of the command line are paid for too', async () => {
    const first = await post('root', '', {}, '/admin/rebuild')
    expect([first.status, first.left]).toEqual([200, expect.stringMatching(/^"cost";r=0;t=\d+$/)])
    const second = await post('root', '', {}, '/admin/rebuild')
    expect([second.status, second.error.extensions.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(second.wait)).toBeGreaterThan(0)
  })

  test('an export is paid for too', async () => {
    const headers = { authorization: `Bearer ${app.secrets['partner']}` }
    const get = () => fetch(`${app.url}/export`, { headers })
    expect((await get()).headers.get('ratelimit')).toMatch(/^"cost";r=0;t=\d+$/)
    expect((await get()).status).toBe(429)
  })

  test('a stranger’s import is refused before its body has come', async () => {
    const headers = {
      'content-type': 'application/json',
      'content-length': 1024 * 1024,
      'x-forwarded-for': '203.0.113.9',
    }
    const sending = request(`${app.url}/admin/import`, { method: 'POST', headers })
    sending.on('error', () => {})
    sending.flushHeaders()
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(401)
    sending.destroy()
  })

  test('the command line of this machine has no limit', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => post('local', '{ incidents(first: 100) { nodes { id } } }')),
    )
    expect(all.map(({ status, left }) => [status, left])).toEqual(Array(20).fill([200, null]))
  })

  test('wrong credentials are counted by address, and a right one from there is still answered', async () => {
    const at = (address: string) => ({ 'x-forwarded-for': address })
    const wrong = (address: string, path?: string) => post('mallory', viewer, at(address), path)
    const first = await wrong('203.0.113.7')
    expect([first.status, first.left, first.policy]).toEqual([
      401,
      '"wrong-credentials";r=4;t=1',
      '"wrong-credentials";q=5;w=60',
    ])
    for (let n = 0; n < 4; n++) await wrong('203.0.113.7')
    const limited = await wrong('203.0.113.7')
    expect(limited).toMatchObject({
      status: 429,
      error: { extensions: { code: 'RATE_LIMITED' } },
    })
    expect(Number(limited.wait)).toBeGreaterThanOrEqual(1)
    expect(Number(limited.wait)).toBeLessThanOrEqual(12)
    expect((await wrong('203.0.113.7', '/admin/rebuild')).status).toBe(429)
    const headers = { authorization: 'Bearer mallory', ...at('203.0.113.7') }
    for (const path of ['/schema.graphql', '/export'])
      expect((await fetch(app.url + path, { headers })).status).toBe(429)
    expect((await wrong('203.0.113.8')).status).toBe(401)
    expect((await post('bob', viewer, at('203.0.113.7'))).status).toBe(200)
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).toMatch(/^ledger_wrong_credentials_total [1-9]\d*$/m)
    expect(metrics).toMatch(/^ledger_rate_limited_total [1-9]/m)
  })

  test('who sent nothing is told how to come in', async () => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '2001:db8::1' }
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: '{}' })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  })
})
