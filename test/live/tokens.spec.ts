import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type App, PushedClock, codeOf, newFolder, startApp, until } from '../support/app.js'
import { Issuer, hmacOf, newSigningKey } from '../support/issuer.js'
import { following, transports } from './transports.js'

let issuer: Issuer
let app: App
beforeAll(async () => {
  issuer = await Issuer.start([newSigningKey('ES256', 'first')])
  app = await startApp(newFolder(), new PushedClock(), { tokens: issuer.settings })
  const identities = [{ provider: issuer.url, subject: 'alice-1' }]
  await app.organise('updatePerson', { personId: await app.person('alice'), identities })
})
afterAll(async () => {
  await app.close()
  await issuer.end()
})

const names = Object.keys(transports)
const scope = 'incidents:read events:subscribe'
const claims = (change: object = {}) =>
  issuer.claims(app.clock.now(), { sub: 'alice-1', scope, ...change })
const token = (change: object = {}, key = issuer.keys[0]!) =>
  issuer.token(app.clock.now(), claims(change), key)

describe.each(names)('over %s', name => {
  test('a token is taken, and told what its person may see', async () => {
    const stream = following(name, app.url, token())
    await stream.begun
    const id = await app.declared({ title: 'Odd logins', type: 'SECURITY' })
    await until(() => stream.told.includes(`${id} declared`))
    stream.stop()
  })

  const published = () => Buffer.from(JSON.stringify(issuer.keys[0]!.published))
  test.each<[string, () => string]>([
    ['is meant for another', () => token({ aud: 'another' })],
    ['comes from another', () => token({ iss: 'https://issuer.example' })],
    ['has expired', () => token({ exp: 1 })],
    ['is signed by another', () => token({}, newSigningKey('ES256', 'first'))],
    [
      'is signed with what is public',
      () => hmacOf(published(), { alg: 'HS256', kid: 'first' }, claims()),
    ],
    ['is not signed', () => `${token().split('.').slice(0, 2).join('.')}.`],
    ['is of nobody', () => token({ sub: 'nobody' })],
    ['may not subscribe', () => token({ scope: 'incidents:read' })],
  ])('a token that %s is refused by the code of HTTP', async (_, bad) => {
    const secret = bad()
    const subscribe = '{ events(first: 1) { nodes { id } } }'
    const code = codeOf(await app.ask(secret, subscribe)) ?? 'SCOPE_MISSING'
    const stream = following(name, app.url, secret)
    expect(await stream.ended).toBe(code)
    stream.stop()
  })
})

test('a new key of the issuer takes no stream from anybody, one that is withdrawn ends those of its tokens', async () => {
  const [first] = issuer.keys
  const second = newSigningKey('ES256', 'second')
  const before = names.map(name => following(name, app.url, token()))
  await Promise.all(before.map(({ begun }) => begun))
  issuer.keys = [second, first!]
  // So late it is asked again for its keys, and what was checked is checked again.
  app.clock.push(11)
  await app.organise('registerPerson', { handle: 'erin', name: 'Erin' })
  const after = names.map(name => following(name, app.url, token()))
  await Promise.all(after.map(({ begun }) => begun))
  const id = await app.declared({ title: 'Told to all' })
  await until(() => [...before, ...after].every(({ told }) => told.includes(`${id} declared`)))
  issuer.keys = [second]
  app.clock.push(11)
  await app.organise('registerPerson', { handle: 'finn', name: 'Finn' })
  const codes = await Promise.all(before.map(({ ended }) => ended))
  expect(codes).toEqual(before.map(() => 'UNAUTHENTICATED'))
  const last = await app.declared({ title: 'Told to those of the new key' })
  await until(() => after.every(({ told }) => told.includes(`${last} declared`)))
  for (const { stop } of after) stop()
})
