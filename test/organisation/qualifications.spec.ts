import { describe, expect, test } from '@jest/globals'
import { at, givenOrganisation as given, noon } from '../support/given.js'

const bob = {
  type: 'PersonRegistered',
  data: { personId: 'bob', handle: 'bb', name: 'Bob' },
} as const
const role = 'INCIDENT_COMMANDER'
const expiresAt = '2027-01-01T00:00:00.000Z'
const grant = (data: object = {}) =>
  ({ type: 'GrantQualification', data: { person: 'bb', role, ...data } }) as const
const granted = (data: object = {}) =>
  ({ type: 'QualificationGranted', data: { person: 'bob', role, ...data } }) as const
const revoke = { type: 'RevokeQualification', data: { person: 'bb', role } } as const
const revoked = { type: 'QualificationRevoked', data: { person: 'bob', role } } as const

describe('granting a qualification', () => {
  test('is recorded of the person, with its end if it has one', () => {
    given(bob).when(grant()).thenRecorded(granted())
    given(bob).when(grant({ expiresAt })).thenRecorded(granted({ expiresAt }))
  })

  test('that is held already changes nothing, and with another end renews it', () => {
    given(bob, granted({ expiresAt })).when(grant({ expiresAt })).thenNothing()
    given(bob, granted({ expiresAt })).when(grant()).thenRecorded(granted())
    given(bob, granted({ expiresAt }))
      .when(grant({ role: 'DEPUTY', expiresAt }))
      .thenRecorded(granted({ role: 'DEPUTY', expiresAt }))
  })

  test('is refused of nobody, and for an end that is no later than it', () => {
    given().when(grant()).thenRefused('UNKNOWN_PERSON', { person: 'bb' })
    given(bob)
      .when(grant({ expiresAt: at('12:10') }))
      .thenRefused('INVALID_INPUT', { fields: ['expiresAt'] })
  })

  test('may be told later, though not as before the one that it follows', () => {
    const asker = (claimed: string) => ({ person: 'alice', claimed })
    given(bob)
      .when(grant({ expiresAt: at('12:05') }), asker(at('12:00')))
      .thenRecorded(granted({ expiresAt: at('12:05') }))
    given(bob, granted())
      .when(grant({ expiresAt }), asker(at('11:59')))
      .thenRefused('OCCURRED_BEFORE_LAST', { last: noon })
  })
})

test('a qualification is revoked once, and others stay', () => {
  given(bob, granted()).when(revoke).thenRecorded(revoked)
  given(bob, granted(), revoked).when(revoke).thenNothing()
  given(bob).when(revoke).thenNothing()
  const { qualifications } = given(bob, granted(), granted({ role: 'DEPUTY' }), revoked).state
  expect([...qualifications.get('bob')!.keys()]).toEqual(['DEPUTY'])
  expect(given(revoked).state.qualifications.get('bob')?.size).toBe(0)
})

test('what is kept says since when and until when', () =>
  expect(given(bob, granted({ expiresAt })).state.qualifications.get('bob')?.get(role)).toEqual({
    person: 'bob',
    role,
    grantedAt: noon,
    expiresAt,
  }))

test('the log tells who was qualified, and who no longer is', () =>
  expect(given(bob, granted({ expiresAt }), granted(), revoked).tells().slice(1)).toEqual([
    `alice noted that bob is qualified as incident commander until ${expiresAt}`,
    'alice noted that bob is qualified as incident commander',
    'alice noted that bob is no longer qualified as incident commander',
  ]))
