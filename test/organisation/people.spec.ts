import { describe, expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import { type FactOf, givenOrganisation as given, newId } from '../support/given.js'
import type { OrganisationEvents } from '../../src/organisation/organisation.js'

type Fact = FactOf<OrganisationEvents>
const slack = { provider: 'slack', subject: 'U1' }
const registered = (personId: string, handle: string, rest: object = {}) =>
  ({ type: 'PersonRegistered', data: { personId, handle, name: handle, ...rest } }) as const
const alice = registered('alice', 'alice')
const bob = registered('bob', 'bob', { identities: [slack] })
const register = (handle: string, rest: object = {}) =>
  ({ type: 'RegisterPerson', data: { handle, name: handle, ...rest } }) as const
const update = (personId: string, change: object) =>
  ({ type: 'UpdatePerson', data: { personId, ...change } }) as const
const updated = (personId: string, change: object) =>
  ({ type: 'PersonUpdated', data: { personId, ...change } }) as const

describe('registering a person', () => {
  test('takes a handle and a name, and gives an id', () =>
    given().when(register('carol')).thenRecorded(registered(newId, 'carol')))

  test('keeps time zone and identities', () => {
    const rest = { timeZone: 'Europe/Zurich', identities: [slack] }
    given()
      .when(register('carol', rest))
      .thenRecorded(registered(newId, 'carol', rest))
  })

  test('with another’s handle is refused', () =>
    given(alice).when(register('alice')).thenRefused('HANDLE_TAKEN', { handle: 'alice' }))

  test('with another’s identity is refused, though not with one of another provider', () => {
    given(bob)
      .when(register('carol', { identities: [{ subject: 'U1', provider: 'slack' }] }))
      .thenRefused('IDENTITY_TAKEN', { identity: slack })
    const other = { identities: [{ provider: 'teams', subject: 'U1' }] }
    given(bob)
      .when(register('carol', other))
      .thenRecorded(registered(newId, 'carol', other))
  })

  test('is over when 10,000 are', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => registered(`p${n}`, `h${n}`))
    const { state } = given()
    const people = new Map(many.map(({ data }) => [data.personId, data])) as never
    expect(state.people.size).toBe(0)
    expect(() =>
      given
        .with({ ...state, people })
        .when(register('carol'))
        .outcome(),
    ).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }))
  })
})

describe('changing what is known of a person', () => {
  test('keeps what is not named', () => {
    given(bob)
      .when(update('bob', { name: 'Bob B.' }))
      .thenRecorded(updated('bob', { name: 'Bob B.' }))
    expect(given(bob, updated('bob', { name: 'Bob B.' })).state.people.get('bob')).toMatchObject({
      handle: 'bob',
      name: 'Bob B.',
      identities: [slack],
    })
  })

  test.each([
    {},
    { handle: 'bob' },
    { name: 'bob' },
    { identities: [slack] },
    { identities: [{ subject: 'U1', provider: 'slack' }] },
  ])('to what is known already changes nothing: %j', change =>
    given(bob).when(update('bob', change)).thenNothing(),
  )

  test.each([
    { handle: 'bobby' },
    { timeZone: 'Europe/Zurich' },
    { identities: [] },
    { identities: [slack, { provider: 'teams', subject: 'x' }] },
  ])('is recorded: %j', change =>
    given(bob).when(update('bob', change)).thenRecorded(updated('bob', change)),
  )

  test('of nobody we know is refused', () => {
    for (const id of ['carol', '__proto__'])
      given(bob)
        .when(update(id, { name: 'x' }))
        .thenRefused('UNKNOWN_PERSON', { personId: id })
  })

  test('to another’s handle or identity is refused', () => {
    given(alice, bob)
      .when(update('alice', { handle: 'bob' }))
      .thenRefused('HANDLE_TAKEN')
    given(alice, bob)
      .when(update('alice', { identities: [slack] }))
      .thenRefused('IDENTITY_TAKEN', { identity: slack })
  })

  test('to a handle that became free is not', () =>
    given(alice, bob, updated('bob', { handle: 'bobby' }))
      .when(update('alice', { handle: 'bob' }))
      .thenRecorded(updated('alice', { handle: 'bob' })))
})

describe('a person of imported history', () => {
  const who = (name: string) => ({ type: 'ImportPerson', data: { name } }) as const
  const imported = (handle: string, name: string) =>
    registered(newId, handle, { name, imported: true })

  test.each([
    ['José García (IC)', 'jose-garcia-ic'],
    ['On-call engineer #2', 'on-call-engineer-2'],
    ['山田', 'person'],
    ['Q', 'person'],
    ['The engineer who was on call for databases', 'the-engineer-who-was-on-call-for'],
    ['alice', 'alice-2'],
    ['data', 'data-2'],
  ])('%s has a handle made of the name: %s', (name, handle) =>
    given(alice, { type: 'GroupDefined', data: { handle: 'data', name: 'Data', members: [] } })
      .when(who(name))
      .thenRecorded(imported(handle, name)),
  )

  test('is registered once by each name, and is nobody who was registered by hand', () => {
    given(imported('carol', 'Carol')).when(who('Carol')).thenNothing()
    given(registered('carol', 'carol', { name: 'Carol' }))
      .when(who('Carol'))
      .thenRecorded(imported('carol-2', 'Carol'))
    expect(given(imported('carol', 'Carol')).state.people.get(newId)?.imported).toBe(true)
  })

  test('is told as such', () =>
    expect(given(imported('carol', 'Carol')).tells()).toEqual([
      'alice registered Carol (carol), known from history',
    ]))
})

test('what was erased of a person is not known, and keeps nobody from being registered', () => {
  const erased = {
    type: 'PersonRegistered',
    data: { personId: 'x', handle: ERASED, name: ERASED, identities: ERASED },
  } as unknown as Fact
  expect(given(erased).state.people.get('x')?.identities).toEqual([])
  given(erased)
    .when(register('carol', { identities: [slack] }))
    .thenRecorded(registered(newId, 'carol', { identities: [slack] }))
})

test('a change of somebody who is not known leaves nobody behind', () =>
  expect(given(updated('x', { name: 'X' })).state.people.size).toBe(0))

test('the log tells who was registered and who changed', () =>
  expect(given(bob, updated('bob', { name: 'Bob B.' })).tells()).toEqual([
    'alice registered bob (bob)',
    'alice changed what is known of bob',
  ]))
