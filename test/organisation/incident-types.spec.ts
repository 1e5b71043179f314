import { describe, expect, test } from '@jest/globals'
import { payload } from '../../src/commands/payload.js'
import { ERASED } from '../../src/decider/facet.js'
import { DefineIncidentType } from '../../src/organisation/incident-types.js'
import { declared } from '../support/facts.js'
import { given, givenOrganisation as organised } from '../support/given.js'
import { settledBy } from '../support/policy.js'

const bob = {
  type: 'PersonRegistered',
  data: { personId: 'bob', handle: 'bb', name: 'Bob' },
} as const
const runbook = {
  type: 'RunbookDefined',
  data: { key: 'leak', version: 1, name: 'Leak', inOrder: false, steps: [] },
} as const
const define = (data: Partial<DefineIncidentType> = {}) => ({
  type: 'DefineIncidentType' as const,
  data: { type: 'SECURITY' as const, ...data },
})
const defined = (version: number, data: object = {}) =>
  ({
    type: 'IncidentTypeDefined',
    data: { type: 'SECURITY', version, route: [], functions: [], ...data },
  }) as const

describe('defining a type of incident', () => {
  test('makes a version, and another each time something differs', () => {
    organised().when(define()).thenRecorded(defined(1))
    organised(defined(1)).when(define()).thenNothing()
    organised(defined(1))
      .when(define({ channel: '#sec' }))
      .thenRecorded(defined(2, { channel: '#sec' }))
  })

  test('names people by their ids, and functions and audiences in one order', () =>
    organised(bob, runbook)
      .when(
        define({
          route: [{ people: ['bb'], afterMinutes: 0 }],
          playbook: 'leak',
          functions: ['PRIVACY', 'LEGAL'],
          audiences: ['CUSTOMERS', 'SUPPORT'],
        }),
      )
      .thenRecorded(
        defined(1, {
          route: [{ people: ['bob'], afterMinutes: 0 }],
          playbook: 'leak',
          functions: ['LEGAL', 'PRIVACY'],
          audiences: ['SUPPORT', 'CUSTOMERS'],
        }),
      ))

  test('is refused for a playbook that nobody can begin, and for people that there are not', () => {
    organised()
      .when(define({ playbook: 'leak' }))
      .thenRefused('UNKNOWN_RUNBOOK', { key: 'leak' })
    organised(runbook, { type: 'RunbookRetired', data: { key: 'leak' } })
      .when(define({ playbook: 'leak' }))
      .thenRefused('RUNBOOK_RETIRED', { key: 'leak' })
    organised()
      .when(define({ route: [{ people: ['zz'], afterMinutes: 0 }] }))
      .thenRefused('UNKNOWN_PERSON')
  })

  test.each([
    ['a function twice', { functions: ['HR', 'HR'] }],
    ['a function that is none', { functions: ['SALES'] }],
    ['an audience that is none', { audiences: ['SALES'] }],
    ['a tier of nobody', { route: [{ people: [], afterMinutes: 1 }] }],
    ['a channel of two lines', { channel: 'a\nb' }],
  ])('takes not %s', (_, differs) =>
    expect(() => payload(DefineIncidentType, { ...define().data, ...differs })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    ),
  )
})

test('a route that was erased has no tiers, and the log tells which version came', () => {
  const scene = organised(defined(1, { route: ERASED }))
  expect(scene.state.incidentTypes.get('SECURITY')).toEqual({
    version: 1,
    route: [],
    functions: [],
  })
  expect(scene.tells()).toEqual(['alice defined version 1 of how security incidents are handled'])
})

describe('who may see an incident of a type, where nobody says', () => {
  const declare = (type: 'SECURITY' | 'SERVICE') =>
    ({ type: 'DeclareIncident', data: { title: 'x', type } }) as const
  const visibilities = (policy: ReturnType<typeof settledBy>, type: 'SECURITY' | 'SERVICE') =>
    given()
      .when(declare(type), { policy })
      .outcome()
      .events.flatMap(event => (event.type === 'VisibilitySet' ? [event.data.visibility] : []))

  test('is as the organisation settled it, in place of what is usual', () => {
    expect(visibilities(settledBy(), 'SECURITY')).toEqual(['RESTRICTED'])
    expect(visibilities(settledBy(defined(1, { visibility: 'INTERNAL' })), 'SECURITY')).toEqual([])
    expect(
      visibilities(settledBy(defined(1, { type: 'SERVICE', visibility: 'RESTRICTED' })), 'SERVICE'),
    ).toEqual(['RESTRICTED'])
  })

  test('is so when an incident is reclassified as well', () => {
    const policy = settledBy(defined(1, { visibility: 'INTERNAL' }))
    const command = { type: 'Reclassify', data: { type: 'SECURITY', reason: 'x' } } as const
    expect(given(declared).when(command, { policy }).outcome().events).toHaveLength(1)
    expect(given(declared).when(command).outcome().events).toHaveLength(2)
  })
})
