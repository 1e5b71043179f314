import { describe, expect, test } from '@jest/globals'
import type { EngagedFunction } from '../../src/incident/engaged-functions.js'
import { type Policy, nothingSettled } from '../../src/incident/policy.js'
import { aliceCommands, declared, restrictedToAlice, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const engages = (which: EngagedFunction, rest: object = {}) =>
  ({ type: 'EngageFunction', data: { function: which, ...rest } }) as const
const engaged = (which: EngagedFunction, rest: object = {}): Fact => ({
  type: 'FunctionEngaged',
  data: { function: which, ...rest },
  at: at('12:03'),
})
const event = (which: EngagedFunction, rest: object = {}) =>
  ({ type: 'FunctionEngaged', data: { function: which, ...rest } }) as const
/** Lawyers and data protection are pulled into every security incident. */
const policy: Policy = {
  ...nothingSettled,
  incidentTypes: new Map([
    ['SECURITY', { version: 1, route: [], functions: ['LEGAL', 'PRIVACY'] }],
  ]),
}
const byType = { byType: true } as const

describe('a function outside the response', () => {
  test('is anybody’s to pull in, and its person and the reason are told if they are known', () => {
    given(declared, aliceCommands).when(engages('HR'), 'bob').thenRecorded(event('HR'))
    given(declared)
      .when(engages('PR', { person: 'cc', reason: 'A journalist asks' }))
      .thenRecorded(event('PR', { person: 'carol', reason: 'A journalist asks' }))
  })

  test('is not pulled in twice, and nobody unknown is named in passing', () => {
    const scene = given(declared, engaged('LEGAL', byType))
    scene.when(engages('LEGAL', { person: 'bob' })).thenNothing()
    scene.when(engages('LEGAL', { person: 'dave' })).thenRefused('UNKNOWN_PERSON')
    scene.when(engages('PR', { person: 'sre' })).thenRefused('GROUP_ASSIGNEE')
    expect(given(declared, engaged('HR'), engaged('HR')).state.functions).toHaveLength(1)
  })

  test('lets whom it names into a restricted incident', () =>
    given(declared, restrictedToAlice)
      .when(engages('LEGAL', { person: 'bob' }))
      .thenRecorded(event('LEGAL', { person: 'bob' }), {
        type: 'MembershipGranted',
        data: { person: 'bob' },
      }))

  test('is told in the timeline', () =>
    expect(
      given(
        declared,
        engaged('LEGAL', byType),
        engaged('HR'),
        engaged('PR', { person: 'bob', reason: 'A journalist asks' }),
        engaged('SECURITY'),
        engaged('PRIVACY'),
      )
        .tells()
        .slice(1),
    ).toEqual([
      'The type of the incident pulled in legal',
      'alice pulled in human resources',
      'alice pulled in public relations (bob): A journalist asks',
      'alice pulled in security',
      'alice pulled in data protection',
    ]))
})

describe('the functions of a type', () => {
  const declares = (rest: object) =>
    ({ type: 'DeclareIncident', data: { title: 'Keys leaked', ...rest } }) as const
  const pulledIn = (rest: object) =>
    given()
      .when(declares(rest), { policy })
      .outcome()
      .events.filter(({ type }) => type === 'FunctionEngaged')

  test.each([
    [{ type: 'SECURITY' }, [event('LEGAL', byType), event('PRIVACY', byType)]],
    [{ type: 'SERVICE' }, []],
    [{ type: 'SECURITY', mode: 'RETROSPECTIVE' }, []],
  ])('are pulled in by declaring it, but for history: %j', (rest, expected) =>
    expect(pulledIn(rest)).toEqual(expected),
  )

  test('are pulled in by reclassifying to it, as far as they are not there, but for history', () => {
    const to = { type: 'Reclassify', data: { type: 'SECURITY', reason: 'x' } } as const
    const after = (...facts: [Fact, ...Fact[]]) =>
      given(...facts)
        .when(to, { policy })
        .outcome()
        .events.map(({ type, data }) => (type === 'FunctionEngaged' ? data.function : type))
    const isSecurity = ['IncidentReclassified', 'VisibilitySet']
    expect(after(declared, engaged('LEGAL'))).toEqual([...isSecurity, 'PRIVACY'])
    expect(after(retrospective)).toEqual(isSecurity)
  })
})
