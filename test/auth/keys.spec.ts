import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type App, codeOf, logOf, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const viewer = '{ viewer { actor { type id via } scopes } }'
const create = `mutation ($input: CreateApiKeyInput!, $options: CommandOptions) {
  createApiKey(input: $input, options: $options) {
    secret key { id scopes owner { handle } expiresAt revokedAt } events { id } revision } }`
const made = async (input: object, options?: object, who = 'root') =>
  (
    await app.told(who, create, {
      input: { label: 'A key', scopes: ['INCIDENTS_READ'], ...input },
      options,
    })
  ).createApiKey

const status = async (secret: string, headers?: Record<string, string>) => {
  const answer = await app.ask(secret, viewer, {}, headers)
  return [answer.status, codeOf(answer)]
}
const welcome = [200, undefined]
const unknown = [401, 'UNAUTHENTICATED']

describe('a key', () => {
  test('works until the very moment it expires', async () => {
    const expiresAt = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    const { secret, key } = await made({ expiresAt })
    expect(key.expiresAt).toBe(expiresAt)
    expect(await status(secret)).toEqual(welcome)
    app.clock.push(1)
    expect(await status(secret)).toEqual(unknown)
  })

  test('ends at once when it is revoked, for good, and only once on record', async () => {
    const { secret, key } = await made({})
    const revoke = `mutation { revokeApiKey(input: { keyId: "${key.id}" }) { events { id } key { revokedAt } } }`
    expect((await app.told('root', revoke)).revokeApiKey).toMatchObject({
      events: [{}],
      key: { revokedAt: app.clock.now() },
    })
    expect(await status(secret)).toEqual(unknown)
    expect((await app.told('root', revoke)).revokeApiKey.events).toEqual([])
    expect(await status(secret)).toEqual(unknown)
  })

  test('may revoke itself', async () => {
    const { secret, key } = await made({ scopes: ['ORGANISATION_MANAGE'], owner: 'bob' })
    const revoke = `mutation { revokeApiKey(input: { keyId: "${key.id}" }) { key { id } } }`
    await app.told(secret, revoke)
    expect(await status(secret)).toEqual(unknown)
  })

  test('is made once under one commandId, and its secret told once', async () => {
    const options = { commandId: 'key-1' }
    const first = await made({}, options)
    const repeats = await Promise.all(Array.from({ length: 10 }, () => made({}, options)))
    for (const repeat of repeats) expect(repeat).toEqual({ ...first, secret: null })
    expect(await status(first.secret)).toEqual(welcome)
    const other = await app.ask('root', create, {
      input: { label: 'Another', scopes: ['INCIDENTS_READ'] },
      options,
    })
    expect(codeOf(other)).toBe('COMMAND_ID_REUSED')
  })

  test.each([
    ['root', ['INCIDENTS_READ', 'ALERTS_SEND'], 'ALERTS_SEND'],
    ['local', ['ACT_AS', 'INCIDENTS_READ'], undefined],
    ['alice', ['INCIDENTS_READ'], 'ORGANISATION_MANAGE'],
  ])('made by %s with %j is refused for want of %s', async (who, scopes, needs) => {
    const input = { label: 'Wide', scopes }
    const answer = await app.ask(who, create, { input })
    expect(answer.errors?.[0]?.extensions).toEqual(
      needs && { code: 'SCOPE_MISSING', details: { needs } },
    )
  })

  test('with no scope at all is refused', async () => {
    const answer = await app.ask('root', create, { input: { label: 'x', scopes: [] } })
    expect(codeOf(answer)).toBe('INVALID_INPUT')
  })

  test('is stored as a digest only', async () => {
    const { secret } = await made({})
    const stored = JSON.stringify(await logOf(app.store), (_, v) =>
      typeof v === 'bigint' ? String(v) : v,
    )
    expect(stored).not.toMatch(secret)
    expect(stored).not.toMatch(secret.slice(40, 70))
  })

  test.each<[string, (secret: string) => string]>([
    ['without its last character', secret => secret.slice(0, -1)],
    ['with one more', secret => `${secret}0`],
    ['in capitals', secret => secret.toUpperCase()],
    [
      'with another secret part',
      secret => secret.replace(/_(.)/g, (_, c) => `_${c === 'A' ? 'B' : 'A'}`),
    ],
    ['as its id alone', secret => secret.slice(0, 36)],
    ['empty', () => ''],
    ['with a space', secret => `${secret} x`],
  ])('%s is no key', async (_, changed) => {
    const { secret } = await made({})
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${changed(secret)}` },
      body: JSON.stringify({ query: viewer }),
    })
    expect(answer.status).toBe(401)
  })

  test('is taken as a bearer, however that is written, and in no other way', async () => {
    const { secret } = await made({})
    for (const [authorization, expected] of [
      [`Bearer ${secret}`, 200],
      [`bearer ${secret}`, 200],
      [`Basic ${Buffer.from(`x:${secret}`).toString('base64')}`, 401],
      [secret, 401],
    ] as const) {
      const answer = await fetch(`${app.url}/graphql?access_token=${secret}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: viewer }),
      })
      expect([authorization, answer.status]).toEqual([authorization, expected])
    }
  })
})

describe('a bot with act:as', () => {
  const as = (person: string) => ({ 'ledger-acting-for': person })

  test.each(['a handle', 'an id'])(
    'acts as the person it names by %s, through its key',
    async how => {
      const id = await app.person('bob')
      const { viewer: bot } = await app.told('chatbot', viewer)
      const answer = await app.ask('chatbot', viewer, {}, as(how === 'an id' ? id : 'bob'))
      expect(answer.data.viewer.actor).toEqual({ type: 'USER', id, via: bot.actor.id })
      expect(answer.data.viewer.scopes).toEqual(['ACT_AS', 'INCIDENTS_READ', 'INCIDENTS_WRITE'])
    },
  )

  test('records the person as the actor, and itself as the way', async () => {
    const incident = await app.declared()
    const claim = `mutation { claimCommand(incidentId: "${incident}") {
      incident { commander { handle } viewerCan } } }`
    const { data } = await app.ask('chatbot', claim, {}, as('bob'))
    expect(data.claimCommand.incident.commander).toEqual({ handle: 'bob' })
    expect(data.claimCommand.incident.viewerCan).toContain('resolveIncident')
    const [stored] = (await app.store.read(`incident-${incident}`, 0)).slice(-1)
    const { viewer: bot } = await app.told('chatbot', viewer)
    expect(stored!.actor).toEqual({ type: 'USER', id: await app.person('bob'), via: bot.actor.id })
  })

  test('sees one commandId of a person as one command, by whatever key it came', async () => {
    const incident = await app.declared()
    const note = `mutation { recordObservation(incidentId: "${incident}", input: { text: "x" },
      options: { commandId: "n" }) { revision events { id } } }`
    const first = await app.ask('bob', note)
    expect((await app.ask('chatbot', note, {}, as('bob'))).data).toEqual(first.data)
    expect(codeOf(await app.ask('chatbot', note))).toBe('COMMAND_ID_REUSED')
  })

  test.each([
    ['chatbot', 'mallory', 'UNKNOWN_PERSON'],
    ['chatbot', '', 'UNKNOWN_PERSON'],
    ['chatbot', 'bob, carol', 'UNKNOWN_PERSON'],
    ['alice', 'bob', 'SCOPE_MISSING'],
    ['root', 'bob', 'SCOPE_MISSING'],
    ['robot', 'bob', 'SCOPE_MISSING'],
  ])('%s for “%s” is refused with %s, and nothing is done', async (who, person, code) => {
    const before = await app.store.head()
    const answer = await app.ask(
      who,
      'mutation { declareIncident(input: { title: "x" }) { revision } }',
      {},
      as(person),
    )
    expect(codeOf(answer)).toBe(code)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.data ?? null).toBeNull()
    expect(await app.store.head()).toBe(before)
  })

  test('is no reason to be anybody if the key is unknown', async () => {
    expect(await status('ilk_nothing', as('bob'))).toEqual(unknown)
  })

  test('is refused by the routes of the command line in the same words', async () => {
    const answer = await fetch(`${app.url}/admin/rebuild`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${app.secrets.chatbot}`,
        ...as('mallory'),
      },
      body: '{}',
    })
    expect(answer.status).toBe(400)
    expect(codeOf((await answer.json()) as never)).toBe('UNKNOWN_PERSON')
  })
})

test('what is done by the command line of this machine says so', async () => {
  const incident = await app.declared({}, 'local')
  const [stored] = await app.store.read(`incident-${incident}`, 0)
  expect(stored!.actor).toEqual({ type: 'SYSTEM', id: 'command-line' })
  expect(readFileSync(`${app.folder}/admin.key`, 'utf8')).not.toMatch(app.secrets.local!)
})
