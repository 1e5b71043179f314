import { expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import { givenOrganisation as given } from '../support/given.js'

const content = { name: 'Scribe', duties: ['Writes down'], instructions: 'Open the timeline' }
const define = (data: object = {}) =>
  ({ type: 'DefineRole', data: { role: 'SCRIBE', ...content, ...data } }) as const
const defined = (version: number, data: object = {}) =>
  ({
    type: 'RoleDefined',
    data: {
      role: 'SCRIBE',
      version,
      ...content,
      exclusive: false,
      required: false,
      qualified: false,
      ...data,
    },
  }) as const

test('defining a role makes a version, and another each time something differs', () => {
  given().when(define()).thenRecorded(defined(1))
  given(defined(1))
    .when(define({ required: false }))
    .thenNothing()
  given(defined(1))
    .when(define({ required: true }))
    .thenRecorded(defined(2, { required: true }))
  given(defined(1))
    .when(define({ duties: [] }))
    .thenRecorded(defined(2, { duties: [] }))
})

test('of a role that says only its name, nothing is required', () =>
  given()
    .when({ type: 'DefineRole', data: { role: 'OBSERVER', name: 'Guest' } })
    .thenRecorded({
      type: 'RoleDefined',
      data: {
        role: 'OBSERVER',
        version: 1,
        name: 'Guest',
        duties: [],
        exclusive: false,
        required: false,
        qualified: false,
      },
    }))

test('there is one commander, whatever is said', () => {
  const commander = { role: 'INCIDENT_COMMANDER', name: 'Commander' } as const
  given()
    .when({ type: 'DefineRole', data: commander })
    .thenRecorded({
      type: 'RoleDefined',
      data: {
        ...commander,
        version: 1,
        duties: [],
        exclusive: true,
        required: false,
        qualified: false,
      },
    })
  given()
    .when({ type: 'DefineRole', data: { ...commander, exclusive: false } })
    .thenRefused('INVALID_INPUT', { fields: ['exclusive'] })
})

test('the log tells which versions there were; erased duties are none', () => {
  const log = given(defined(1), defined(2, { duties: ERASED }))
  expect(log.tells()).toEqual([
    'alice defined version 1 of the role “Scribe” (SCRIBE)',
    'alice defined version 2 of the role “Scribe” (SCRIBE)',
  ])
  expect(log.state.roleCatalogue.get('SCRIBE')).toEqual({
    version: 2,
    ...content,
    duties: [],
    exclusive: false,
    required: false,
    qualified: false,
  })
})
