import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { configFrom } from '../../src/config.js'
import { WatchedPrincipals } from '../../src/live/watched-principals.js'
import { type App, PushedClock, newFolder, startApp, until } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { principalOf } from '../support/followed.js'
import { Issuer, newSigningKey } from '../support/issuer.js'
import { following, transports } from './transports.js'

/** It takes a second at the most; this is of a machine that does other things too. */
const soonMs = 5_000
/** Until a credential ends that has an end. */
const minutes = 10

describe.each(['SQLite', 'EventStoreDB'])('out of %s', what => {
  let server: TestServer | undefined
  let issuer: Issuer
  let app: App
  beforeAll(async () => {
    if (what === 'EventStoreDB') server = await TestServer.start()
    issuer = await Issuer.start([newSigningKey('ES256', 'first')])
    app = await startApp(newFolder(), new PushedClock(), {
      tokens: issuer.settings,
      ...(server && { store: configFrom({ LEDGER_STORE: server.url }).store }),
    })
  })
  afterAll(async () => {
    await app.close()
    await server?.stop()
    await issuer.end()
  })

  const identified = async (...subjects: string[]) => {
    const identities = subjects.map(subject => ({ provider: issuer.url, subject }))
    const input = { personId: await app.person('alice'), identities }
    await app.organise('updatePerson', input)
  }
  const newKey = async (more: object = {}) => {
    const input = { label: 'short', scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'], ...more }
    const create = `mutation ($input: CreateApiKeyInput!) {
      createApiKey(input: $input) { secret key { id } } }`
    return (await app.told('local', create, { input })).createApiKey
  }
  const end = () => new Date(Date.parse(app.clock.now()) + minutes * 60_000)
  const token = (change: object) =>
    issuer.token(app.clock.now(), { scope: 'incidents:read events:subscribe', ...change })

  /** Credentials that are good now, and what ends each. */
  const endings: Record<string, () => Promise<[secret: string, end: () => unknown]>> = {
    'a key is revoked': async () => {
      const { secret, key } = await newKey()
      return [secret, () => app.organise('revokeApiKey', { keyId: key.id })]
    },
    'a key expires': async () => {
      const { secret } = await newKey({ expiresAt: end().toISOString() })
      return [secret, () => app.clock.push(minutes)]
    },
    'a token expires': async () => {
      await identified('alice-1')
      const exp = end().getTime() / 1000
      return [token({ sub: 'alice-1', exp }), () => app.clock.push(minutes)]
    },
    'a token’s subject is nobody’s any more': async () => {
      await identified('alice-1')
      return [token({ sub: 'alice-1' }), () => identified()]
    },
  }

  test.each(Object.keys(endings))('each stream ends soon, with the reason, when %s', async how => {
    const [secret, end] = await endings[how]!()
    const streams = Object.keys(transports).map(name => following(name, app.url, secret))
    await Promise.all(streams.map(({ begun }) => begun))
    await end()
    const since = performance.now()
    const codes = await Promise.all(streams.map(({ ended }) => ended))
    expect(performance.now() - since).toBeLessThan(soonMs)
    expect(codes).toEqual(streams.map(() => 'UNAUTHENTICATED'))
  })

  test('a credential that ended while its stream was begun ends it', async () => {
    const [secret, end] = await endings['a key is revoked']!()
    const principal = principalOf(app, secret)
    await end()
    await new Promise<void>(over =>
      app.app.get(WatchedPrincipals).watch({ authorization: `Bearer ${secret}` }, principal, over),
    )
  })

  test('of several credentials each comes to its own end', async () => {
    const over: string[] = []
    for (const [name, times] of Object.entries({ later: 2, sooner: 1 })) {
      const ms = Date.parse(app.clock.now()) + times * minutes * 60_000
      const { secret } = await newKey({ expiresAt: new Date(ms).toISOString() })
      const headers = { authorization: `Bearer ${secret}` }
      const ended = () => over.push(name)
      app.app.get(WatchedPrincipals).watch(headers, principalOf(app, secret), ended)
    }
    for (const ended of [['sooner'], ['sooner', 'later']]) {
      app.clock.push(minutes)
      await until(() => over.length === ended.length)
      expect(over).toEqual(ended)
    }
  })

  test.each<[string, string, object, string, object]>([
    [
      'an incident is restricted',
      'INTERNAL',
      {},
      'setVisibility',
      { visibility: 'RESTRICTED', reason: 'x' },
    ],
    ['a membership ends', 'RESTRICTED', { person: 'bob' }, 'revokeMembership', { person: 'bob' }],
  ])('each stream is silent of it at once when %s', async (_, visibility, member, how, input) => {
    const id = await app.declared({ title: 'Odd logins', visibility })
    if ('person' in member) await app.act('alice', 'grantMembership', id, member)
    const open = await app.declared({ title: 'Noise' })
    const streams = Object.keys(transports).map(name =>
      following(name, app.url, app.secrets['bob']!),
    )
    await Promise.all(streams.map(({ begun }) => begun))
    const note = (on: string) => app.act('alice', 'recordObservation', on, { text: 'x' })
    const noted = (on: string) =>
      until(() => streams.every(({ told }) => told.includes(`${on} observation_recorded`)))
    await note(id)
    await noted(id)
    await app.act('alice', how, id, input)
    const before = streams.map(({ told }) => told.length)
    for (const on of [id, id, open]) await note(on)
    await noted(open)
    for (const [i, { told, stop }] of streams.entries()) {
      expect(told.slice(before[i])).toEqual([`${open} observation_recorded`])
      stop()
    }
  })
})
