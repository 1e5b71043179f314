import { describe, expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import type { RegisterServiceOwner } from '../../src/organisation/service-owners.js'
import { at, givenOrganisation as given } from '../support/given.js'

const person = (personId: string, handle: string) =>
  ({ type: 'PersonRegistered', data: { personId, handle, name: personId } }) as const
const people = [person('alice', 'aa'), person('bob', 'bb')] as const
const chat = { kind: 'CHAT', value: '#api' } as const
const owners = ['bb', 'alice', 'aa']
const register = (data: Partial<RegisterServiceOwner> = {}) => ({
  type: 'RegisterServiceOwner' as const,
  data: {
    service: 'api',
    name: 'API',
    owners,
    contacts: [{ ...chat }],
    escalation: [{ people: ['aa'], afterMinutes: 10 }],
    ...data,
  },
})
const registered = (data: object = {}) =>
  ({
    type: 'ServiceOwnerRegistered',
    data: {
      service: 'api',
      name: 'API',
      owners: ['bob', 'alice'],
      contacts: [chat],
      escalation: [{ people: ['alice'], afterMinutes: 10 }],
      ...data,
    },
  }) as const
const retire = { type: 'RetireServiceOwner', data: { service: 'api' } } as const
const retired = { type: 'ServiceOwnerRetired', data: { service: 'api' }, at: at('12:05') } as const

describe('registering who looks after a service', () => {
  test('keeps people by their ids, in the order to ask them', () =>
    given(...people)
      .when(register())
      .thenRecorded(registered()))

  test('as it is changes nothing; otherwise, or after its end, it is said anew', () => {
    given(...people, registered())
      .when(register())
      .thenNothing()
    given(...people, registered())
      .when(register({ owners: ['aa', 'bb'] }))
      .thenRecorded(registered({ owners: ['alice', 'bob'] }))
    given(...people, registered(), retired)
      .when(register())
      .thenRecorded(registered())
  })

  test('is refused without anybody to call', () => {
    given(...people)
      .when(register({ owners: [], contacts: [] }))
      .thenRefused('INVALID_INPUT', { fields: ['owners', 'contacts'] })
    given(...people)
      .when(register({ owners: ['cc'] }))
      .thenRefused('UNKNOWN_PERSON', { person: 'cc' })
    given(...people)
      .when(register({ escalation: [{ people: ['cc'], afterMinutes: 5 }] }))
      .thenRefused('UNKNOWN_PERSON', { person: 'cc' })
    given({ type: 'GroupDefined', data: { handle: 'web', name: 'Web', members: [] } })
      .when(register({ owners: ['web'] }))
      .thenRefused('GROUP_ASSIGNEE', { group: 'web' })
  })

  test('takes links that a browser may follow safely, and no others', () => {
    const link = (value: string) => register({ contacts: [{ kind: 'LINK', value }] })
    given(...people)
      .when(link('https://a.example'))
      .thenRecorded(registered({ contacts: [{ kind: 'LINK', value: 'https://a.example' }] }))
    given(...people)
      .when(link('javascript:alert(1)'))
      .thenRefused('INVALID_INPUT', { fields: ['contacts'] })
  })

  test('is over when 5,000 are', () => {
    const many = new Map(
      Array.from({ length: 5_000 }, (_, n) => [
        `s${n}`,
        { name: 'x', owners: [], contacts: [], escalation: [] },
      ]),
    )
    given
      .with({ ...given(...people).state, serviceOwners: many })
      .when(register())
      .thenRefused('LIMIT_REACHED')
  })
})

test('what nobody looks after any more is retired once, and kept', () => {
  given(...people, registered())
    .when(retire)
    .thenRecorded({ type: 'ServiceOwnerRetired', data: { service: 'api' } })
  given(...people, registered(), retired)
    .when(retire)
    .thenNothing()
  given().when(retire).thenRefused('NO_SERVICE_OWNER', { service: 'api' })
  expect(given(registered(), retired).state.serviceOwners.get('api')).toMatchObject({
    name: 'API',
    retiredAt: at('12:05'),
  })
  expect(given(retired).state.serviceOwners.size).toBe(0)
})

test('the log tells who looks after what; what was erased holds nobody', () => {
  const erased = registered({ owners: ERASED, contacts: ERASED, escalation: ERASED })
  const log = given(registered({ team: 'Core' }), retired, erased)
  expect(log.tells()).toEqual([
    'alice registered who looks after “API” (api): Core, bob, alice',
    'alice noted that nobody looks after “API” any more',
    'alice registered who looks after “API” (api): see its contacts',
  ])
  expect(log.state.serviceOwners.get('api')).toEqual({
    name: 'API',
    owners: [],
    contacts: [],
    escalation: [],
  })
})
