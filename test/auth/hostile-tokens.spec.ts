import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PushedClock, type App, codeOf, newFolder, startApp } from '../support/app.js'
import { Issuer, newSigningKey } from '../support/issuer.js'
import { type Surroundings, attackersKeys, hostile, nobodies } from './hostile-tokens.js'

const bytesMax = 2048

let app: App
let issuer: Issuer
let attacker: Issuer
let given: Surroundings
beforeAll(async () => {
  issuer = await Issuer.start([
    newSigningKey('RS256', 'rsa-1'),
    newSigningKey('ES256', 'ec-1'),
    newSigningKey('EdDSA', 'ed-1'),
  ])
  attacker = await Issuer.start(attackersKeys())
  app = await startApp(newFolder(), new PushedClock(), { tokens: issuer.settings })
  const personId = await app.person('alice')
  given = { issuer, attacker, now: app.clock.now(), personId }
  const input = { personId, identities: [{ provider: issuer.url, subject: 'subject-1' }] }
  await app.told(
    'root',
    'mutation ($input: UpdatePersonInput!) { updatePerson(input: $input) { revision } }',
    { input },
  )
})
afterAll(async () => {
  await app.close()
  await Promise.all([issuer.end(), attacker.end()])
})

const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
/** The answer to a command, which an attacker would like to see done. */
async function tried(token: string) {
  const answer = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: declare }),
  })
  const text = await answer.text()
  return { status: answer.status, text }
}
const refusedIn = ({ text }: { text: string }) => codeOf(JSON.parse(text))

async function expectRefused(token: string, status: number, code: string) {
  const before = await app.store.head()
  const answer = await tried(token)
  expect([answer.status, refusedIn(answer)]).toEqual([status, code])
  expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(bytesMax)
  expect(answer.text).not.toMatch(/node_modules|jose|\.[jt]s:\d+/)
  expect(await app.store.head()).toBe(before)
}

test('genuine tokens of every kind of key are taken, so that what is refused is refused for a reason', async () => {
  for (const key of issuer.keys) {
    const token = issuer.token(given.now, { scope: 'incidents:read incidents:write' }, key)
    expect((await tried(token)).text).toMatch(/"revision":\d/)
  }
})

describe('a token', () => {
  test.each(hostile)('%s is refused', (_, made) =>
    expectRefused(made(given), 401, 'UNAUTHENTICATED'),
  )

  test.each(nobodies)('whose subject is %s is nobody’s', (_, made) =>
    expectRefused(made(given), 403, 'UNKNOWN_SUBJECT'),
  )

  test('larger than all headers may be is refused before it is read', () =>
    expectRefused('A'.repeat(20_000), 431, 'TOO_LARGE'))

  test('never led us to the attacker, and to the issuer only now and then', () => {
    expect(hostile.length).toBeGreaterThan(100)
    expect(attacker.asked).toBe(0)
    // The clock stands still: one fetch at the start, and none since for keys that nobody has.
    expect(issuer.asked).toBe(1)
  })
})

describe('while the issuer', () => {
  const states: [string, (response: ServerResponse) => unknown][] = [
    ['is out of order', r => r.writeHead(500).end()],
    ['hangs up', r => r.destroy()],
    ['does not answer', () => {}],
    ['answers far too much', r => r.end(`{"keys":[${' '.repeat(100_000)}]}`)],
    ['shows a page', r => r.setHeader('content-type', 'text/html').end('<p>Sign in')],
    ['sends us to the attacker', r => r.writeHead(302, { location: `${attacker.url}/jwks` }).end()],
    ['answers no keys at all', r => r.end('{}')],
  ]

  test('has never been reached, no token is taken, and keys are', async () => {
    const other = await Issuer.start([newSigningKey('ES256', 'ec-1')])
    other.answer = r => r.writeHead(500).end()
    const clock = new PushedClock()
    const alone = await startApp(newFolder(), clock, { tokens: other.settings })
    for (const [state, answer] of states.filter(([state]) => state !== 'does not answer')) {
      other.answer = answer
      clock.push(1)
      const refused = await alone.ask(other.token(clock.now()), '{ viewer { scopes } }')
      expect([state, refused.status, codeOf(refused)]).toEqual([state, 401, 'UNAUTHENTICATED'])
      expect(refused.errors![0]!.message).toMatch(/the keys of their issuer are out of reach/)
      expect((await alone.ask('alice', '{ viewer { scopes } }')).status).toBe(200)
      expect((await fetch(`${alone.url}/health/ready`)).status).toBe(200)
    }
    other.answer = other.published
    clock.push(1)
    const token = other.token(clock.now())
    expect(codeOf(await alone.ask(token, '{ viewer { scopes } }'))).toBe('UNKNOWN_SUBJECT')
    await alone.close()
    await other.end()
  })

  test.each(states)('%s, tokens of its last keys are taken and no others', async (_, answer) => {
    issuer.answer = answer
    app.clock.push(11)
    const scope = 'incidents:write incidents:read'
    const now = app.clock.now()
    expect((await tried(issuer.token(now, { scope }))).status).toBe(200)
    const forged = issuer.token(now, { scope }, attacker.keys[0])
    expect((await tried(forged)).status).toBe(401)
    expect(attacker.asked).toBe(0)
    issuer.answer = issuer.published
  })
})

test('a new key of the issuer is taken, and an old one no longer once it is withdrawn', async () => {
  const [old] = issuer.keys
  const next = newSigningKey('RS256', 'rsa-2')
  const scope = 'incidents:write incidents:read'
  const by = async (key: typeof next) =>
    (await tried(issuer.token(app.clock.now(), { scope }, key))).status
  issuer.keys = [next, ...issuer.keys]
  app.clock.push(1)
  expect([await by(next), await by(old!)]).toEqual([200, 200])
  issuer.keys = [next]
  app.clock.push(11)
  expect([await by(next), await by(old!)]).toEqual([200, 401])
})
