import { describe, expect, test } from '@jest/globals'
import { type ScopeName, scopes } from '../../src/organisation/scopes.js'
import { at, givenOrganisation as given, made, noon } from '../support/given.js'

const key: { label: string; scopes: ScopeName[] } = {
  label: 'Bot',
  scopes: ['incidents:read', 'incidents:write'],
}
const create = (rest: object = {}) => ({ type: 'CreateApiKey', data: { ...key, ...rest } }) as const
const created = (rest: object = {}) =>
  ({
    type: 'ApiKeyCreated',
    data: { keyId: made.keyId, digest: made.secretDigest, ...key, ...rest },
  }) as const
const revoke = (keyId = made.keyId, reason?: string) =>
  ({ type: 'RevokeApiKey', data: { keyId, ...(reason && { reason }) } }) as const
const revoked = (reason?: string) =>
  ({ type: 'ApiKeyRevoked', data: { keyId: made.keyId, ...(reason && { reason }) } }) as const

describe('making a key', () => {
  test('keeps the digest of a secret that never comes here', () =>
    given().when(create()).thenRecorded(created()))

  test('names its scopes once each, sorted', () =>
    given()
      .when(create({ scopes: [...scopes, ...scopes].toReversed() }))
      .thenRecorded(created({ scopes: [...scopes].toSorted() })))

  test('can be for a person, by id or handle, whom we know', () => {
    const bob = {
      type: 'PersonRegistered',
      data: { personId: 'bob', handle: 'bb', name: 'Bob' },
    } as const
    for (const owner of ['bb', 'bob'])
      given(bob)
        .when(create({ owner }))
        .thenRecorded(created({ owner: 'bob' }))
    given(bob)
      .when(create({ owner: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
  })

  test('can be until a time that is to come', () => {
    given()
      .when(create({ expiresAt: at('12:11') }))
      .thenRecorded(created({ expiresAt: at('12:11') }))
    for (const expiresAt of [at('12:10'), at('11:00')])
      given()
        .when(create({ expiresAt }))
        .thenRefused('INVALID_INPUT', { fields: ['expiresAt'] })
  })

  test('is over when 10,000 are made', () => {
    const keys = new Map(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, {}])) as never
    expect(() =>
      given
        .with({ ...given().state, keys })
        .when(create())
        .outcome(),
    ).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }))
  })
})

describe('revoking a key', () => {
  test('keeps why, if it was said', () => {
    given(created()).when(revoke()).thenRecorded(revoked())
    given(created()).when(revoke(made.keyId, 'Leaked')).thenRecorded(revoked('Leaked'))
  })

  test('again changes nothing', () => given(created(), revoked()).when(revoke()).thenNothing())

  test('that there is not is refused', () => {
    for (const keyId of ['other', '__proto__'])
      given(created()).when(revoke(keyId)).thenRefused('KEY_NOT_FOUND', { keyId })
  })

  test('keeps what the key was', () =>
    expect(given(created(), { ...revoked(), at: at('12:05') }).state.keys.get(made.keyId)).toEqual({
      ...key,
      digest: made.secretDigest,
      createdAt: noon,
      revokedAt: at('12:05'),
    }))
})

test('a revocation of a key that is not known leaves none behind', () =>
  expect(given(revoked()).state.keys.size).toBe(0))

test('the log tells which keys were made and revoked', () =>
  expect(
    given(revoked(), created(), created({ owner: 'bob' }), revoked('Leaked'), revoked()).tells(),
  ).toEqual([
    'alice revoked the key “new-key”',
    'alice made the key “Bot”',
    'alice made the key “Bot” for bob',
    'alice revoked the key “Bot”: Leaked',
    'alice revoked the key “Bot”',
  ]))
