import { describe, expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import { at, givenOrganisation as given, newId } from '../support/given.js'

const person = (personId: string, handle: string) =>
  ({ type: 'PersonRegistered', data: { personId, handle, name: personId } }) as const
const people = [person('alice', 'aa'), person('bob', 'bb')] as const
const bobAndAlice = ['bb', 'alice', 'aa']
const define = (data: object = {}) =>
  ({
    type: 'DefineGroup',
    data: { handle: 'data', name: 'Data team', members: bobAndAlice, ...data },
  }) as const
const defined = (data: object = {}) =>
  ({
    type: 'GroupDefined',
    data: { handle: 'data', name: 'Data team', members: ['alice', 'bob'], ...data },
  }) as const
const retire = { type: 'RetireGroup', data: { handle: 'data' } } as const
const retired = { type: 'GroupRetired', data: { handle: 'data' }, at: at('12:05') } as const

describe('defining a group', () => {
  test('keeps people by their ids, each once', () =>
    given(...people)
      .when(define())
      .thenRecorded(defined()))

  test('as it is changes nothing; otherwise, or after its end, it is another', () => {
    given(...people, defined())
      .when(define({ members: ['bb', 'aa'] }))
      .thenNothing()
    given(...people, defined())
      .when(define({ members: ['bb'] }))
      .thenRecorded(defined({ members: ['bob'] }))
    given(...people, defined(), retired)
      .when(define())
      .thenRecorded(defined())
  })

  test('is refused for members who are nobody, or several', () => {
    given(...people)
      .when(define({ members: ['cc'] }))
      .thenRefused('UNKNOWN_PERSON', { person: 'cc' })
    given(...people, defined({ handle: 'web' }))
      .when(define({ members: ['web'] }))
      .thenRefused('GROUP_ASSIGNEE', { group: 'web' })
  })

  test('is over when 1,000 are', () => {
    const many = new Map(
      Array.from({ length: 1_000 }, (_, n) => [`g${n}`, { name: 'x', members: [] }]),
    )
    given
      .with({ ...given(...people).state, groups: many })
      .when(define())
      .thenRefused('LIMIT_REACHED')
  })
})

describe('a handle', () => {
  test('of a person is no group’s', () =>
    given(...people)
      .when(define({ handle: 'bb' }))
      .thenRefused('HANDLE_TAKEN', { handle: 'bb' }))

  test('of a group is no person’s, even after its end', () => {
    for (const facts of [[defined()], [defined(), retired]] as const) {
      given(...people, ...facts)
        .when({ type: 'RegisterPerson', data: { handle: 'data', name: 'Dana' } })
        .thenRefused('HANDLE_TAKEN', { handle: 'data' })
      given(...people, ...facts)
        .when({ type: 'UpdatePerson', data: { personId: 'bob', handle: 'data' } })
        .thenRefused('HANDLE_TAKEN', { handle: 'data' })
    }
    given(...people, defined())
      .when({ type: 'RegisterPerson', data: { handle: 'dana', name: 'Dana' } })
      .thenRecorded({
        type: 'PersonRegistered',
        data: { personId: newId, handle: 'dana', name: 'Dana' },
      })
  })

  test('of a group is refused where one person is meant', () =>
    given(...people, defined())
      .when({ type: 'CreateApiKey', data: { label: 'x', scopes: ['act:as'], owner: 'data' } })
      .thenRefused('GROUP_ASSIGNEE', { group: 'data' }))
})

test('a group is retired once, and kept', () => {
  given(...people, defined())
    .when(retire)
    .thenRecorded({ type: 'GroupRetired', data: { handle: 'data' } })
  given(...people, defined(), retired)
    .when(retire)
    .thenNothing()
  given().when(retire).thenRefused('UNKNOWN_GROUP', { handle: 'data' })
  expect(given(defined(), retired).state.groups.get('data')).toEqual({
    name: 'Data team',
    members: ['alice', 'bob'],
    retiredAt: at('12:05'),
  })
  expect(given(retired).state.groups.size).toBe(0)
})

test('the log tells who was in it, and the end; an erased group holds nobody', () => {
  expect(given(defined(), retired, defined({ members: ERASED })).tells()).toEqual([
    'alice defined the group “Data team” (data): alice, bob',
    'alice retired the group “Data team”',
    'alice defined the group “Data team” (data): nobody',
  ])
  expect(given(defined({ members: ERASED })).state.groups.get('data')?.members).toEqual([])
})
