import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PushedClock, type App, codeOf, newFolder, startApp } from '../support/app.js'
import { Issuer, newSigningKey } from '../support/issuer.js'

let app: App
let issuer: Issuer
let alice: string
beforeAll(async () => {
  issuer = await Issuer.start([
    newSigningKey('RS256', 'rsa-1'),
    newSigningKey('ES256', 'ec-1'),
    newSigningKey('EdDSA', 'ed-1'),
  ])
  app = await startApp(newFolder(), new PushedClock(), { tokens: issuer.settings })
  alice = await app.person('alice')
  await identified(alice, 'subject-1')
})
afterAll(async () => {
  await app.close()
  await issuer.end()
})

const identified = (personId: string, subject: string | undefined) =>
  app.told(
    'root',
    `mutation ($input: UpdatePersonInput!) { updatePerson(input: $input) { revision } }`,
    {
      input: { personId, identities: subject ? [{ provider: issuer.url, subject }] : [] },
    },
  )
const token = (change: object = {}, key = issuer.keys[0]!) =>
  issuer.token(app.clock.now(), change, key)
const viewer = '{ viewer { actor { type id via name } person { handle } scopes } }'
const status = async (secret: string) => {
  const answer = await app.ask(secret, viewer)
  return [answer.status, codeOf(answer)]
}
const welcome = [200, undefined]
const unknown = [401, 'UNAUTHENTICATED']

describe('a token', () => {
  test.each([0, 1, 2])('of key %i of the issuer is the person who has its subject', async n => {
    const { data } = await app.ask(token({}, issuer.keys[n]!), viewer)
    expect(data.viewer).toEqual({
      actor: { type: 'USER', id: alice, via: null, name: 'Alice' },
      person: { handle: 'alice' },
      scopes: ['INCIDENTS_READ'],
    })
  })

  test('acts as that person, on the record', async () => {
    const secret = token({ scope: 'incidents:read incidents:write' })
    const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
    const { declareIncident } = (await app.ask(secret, declare)).data
    const [stored] = await app.store.read(`incident-${declareIncident.incident.id}`, 0)
    expect(stored!.actor).toEqual({ type: 'USER', id: alice })
  })

  test('and a key of one person are one for a commandId', async () => {
    const id = await app.declared()
    const note = `mutation { recordObservation(incidentId: "${id}", input: { text: "x" },
      options: { commandId: "n" }) { revision events { id } } }`
    const first = await app.ask('alice', note)
    expect((await app.ask(token({ scope: 'incidents:write incidents:read' }), note)).data).toEqual(
      first.data,
    )
  })

  test.each([
    [
      'scope: text',
      { scope: 'openid incidents:write  incidents:read' },
      ['INCIDENTS_WRITE', 'INCIDENTS_READ'],
    ],
    ['scope: a list', { scope: ['incidents:read', 'email'] }, ['INCIDENTS_READ']],
    ['scp: text', { scope: undefined, scp: 'incidents:write' }, ['INCIDENTS_WRITE']],
    ['scp: a list', { scope: undefined, scp: ['audit:read'] }, ['AUDIT_READ']],
    ['what is written as in the schema', { scope: 'INCIDENTS_READ' }, []],
    ['nothing', { scope: undefined }, []],
  ])('may try what it says: %s', async (_, change, scopes) => {
    const { data } = await app.ask(token(change), viewer)
    expect(data.viewer.scopes).toEqual(scopes)
  })

  test('without a scope is refused what needs it', async () => {
    const answer = await app.ask(token({ scope: 'openid' }), '{ incidents { nodes { id } } }')
    expect([answer.status, codeOf(answer)]).toEqual([403, 'SCOPE_MISSING'])
  })

  test('of somebody whom nobody has registered is told what to do, until somebody does', async () => {
    const secret = token({ sub: 'subject-9' })
    const answer = await app.ask(secret, viewer)
    expect(answer.status).toBe(403)
    expect(answer.errors![0]).toMatchObject({
      message: expect.stringMatching(/updatePerson/),
      extensions: {
        code: 'UNKNOWN_SUBJECT',
        details: { provider: issuer.url, subject: 'subject-9' },
      },
    })
    const bob = await app.person('bob')
    await identified(bob, 'subject-9')
    expect((await app.ask(secret, viewer)).data.viewer.person).toEqual({ handle: 'bob' })
    await identified(bob, undefined)
    expect(await status(secret)).toEqual([403, 'UNKNOWN_SUBJECT'])
  })

  test('ends when it says, give or take the 30 seconds by which clocks differ', async () => {
    const now = Math.floor(Date.parse(app.clock.now()) / 1000)
    const ending = token({ exp: now + 60 })
    expect(await status(ending)).toEqual(welcome)
    app.clock.push(89 / 60)
    expect(await status(ending)).toEqual(welcome)
    app.clock.push(1 / 60)
    expect(await status(ending)).toEqual(unknown)
    const later = Math.floor(Date.parse(app.clock.now()) / 1000)
    expect(await status(token({ nbf: later + 30 }))).toEqual(welcome)
    expect(await status(token({ nbf: later + 31 }))).toEqual(unknown)
    expect(await status(token({ exp: later - 29 }))).toEqual(welcome)
    expect(await status(token({ exp: later - 30 }))).toEqual(unknown)
  })

  test('opens the routes of the command line if its scopes do', async () => {
    const rebuild = async (secret: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
      const answer = await fetch(`${app.url}/admin/rebuild`, {
        method: 'POST',
        headers,
        body: '{}',
      })
      await answer.text()
      return answer.status
    }
    expect(await rebuild(token({ scope: 'organisation:manage' }))).toBe(200)
    expect(await rebuild(token())).toBe(403)
    expect(await rebuild(token({ sub: 'subject-9' }))).toBe(403)
    expect(await rebuild(token({ aud: 'another' }))).toBe(401)
  })

  test('with act:as acts for another, and the record says whose token it was', async () => {
    const bob = await app.person('bob')
    const as = { 'ledger-acting-for': 'bob' }
    const secret = token({ scope: ['act:as', 'incidents:write', 'incidents:read'] })
    expect((await app.ask(secret, viewer, {}, as)).data.viewer.actor).toEqual({
      type: 'USER',
      id: bob,
      via: alice,
      name: 'Bob',
    })
    expect(codeOf(await app.ask(token(), viewer, {}, as))).toBe('SCOPE_MISSING')
    const nobody = { 'ledger-acting-for': 'mallory' }
    expect(codeOf(await app.ask(secret, viewer, {}, nobody))).toBe('UNKNOWN_PERSON')
  })

  test('of any key is none where no issuer is set', async () => {
    const other = await startApp()
    const answer = await other.ask(issuer.token(other.clock.now()), viewer)
    expect([answer.status, codeOf(answer)]).toEqual(unknown)
    await other.close()
  })
})

test('health and metrics tell how it is with the keys of the issuer', async () => {
  const { checks } = (await (await fetch(`${app.url}/health/ready`)).json()) as any
  expect(checks).toContainEqual({
    name: 'tokens',
    ok: true,
    detail: expect.stringMatching(/^3 keys, fetched \d+ s ago$/),
  })
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  expect(metrics).toMatch(/^ledger_issuer_keys 3$/m)
  expect(metrics).toMatch(/^ledger_issuer_keys_age_seconds \d+$/m)
  expect(metrics).toMatch(/^ledger_issuer_fetches_failed_total 0$/m)
})
