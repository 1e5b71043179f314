import { describe, expect, test } from '@jest/globals'
import { typeOf } from '../../src/incident/guards.js'
import type { IncidentType } from '../../src/incident/incident-kinds.js'
import { aliceCommands, bobsTask, declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Somebody was in'
const reclassify = (type: IncidentType) => ({ type: 'Reclassify', data: { type, reason } }) as const
const toSecurity: Fact = {
  type: 'IncidentReclassified',
  data: { from: 'SERVICE', to: 'SECURITY', reason },
  at: at('12:05'),
}
const toService: Fact = {
  type: 'IncidentReclassified',
  data: { from: 'SECURITY', to: 'SERVICE', reason },
}
const restricted = (people: readonly string[], keys?: readonly string[]): Fact => ({
  type: 'VisibilitySet',
  data: {
    visibility: 'RESTRICTED',
    ...(people.length > 0 && { people }),
    ...(keys && { keys }),
  },
})
const { at: _, ...becameSecurity } = toSecurity

describe('reclassifying', () => {
  test('to security restricts the incident to who does it and who has a part in it', () =>
    given(declared, aliceCommands, bobsTask)
      .when(reclassify('SECURITY'), 'alice')
      .thenRecorded(becameSecurity, restricted(['alice', 'bob'])))

  test('to security by a key that belongs to nobody keeps the key a member', () =>
    given(declared)
      .when(reclassify('SECURITY'), { type: 'API_KEY', person: 'key' })
      .thenRecorded(becameSecurity, restricted([], ['key'])))

  test('to security leaves what is restricted already to its members', () =>
    given(declared, restricted(['alice', 'carol']))
      .when(reclassify('SECURITY'), 'alice')
      .thenRecorded(becameSecurity))

  test('back to service opens nothing', () => {
    const scene = given(declared, toSecurity, restricted(['alice']))
    scene.when(reclassify('SERVICE'), 'alice').thenRecorded(toService)
    expect(scene.state.visibility.level).toBe('RESTRICTED')
  })

  test('to what it is records nothing', () => {
    given(declared).when(reclassify('SERVICE')).thenNothing()
    given(declared, toSecurity).when(reclassify('SECURITY')).thenNothing()
  })

  test('is the commander’s while there is one, also after the end', () => {
    const [first, ...moves] = into.POST_INCIDENT
    for (const facts of [
      [declared, aliceCommands],
      [first, aliceCommands, ...moves],
    ] as const)
      given(...facts)
        .when(reclassify('SECURITY'), 'bob')
        .thenRefused('NOT_COMMANDER')
    expect(given(declared).when(reclassify('SECURITY'), 'bob').outcome().events).toHaveLength(2)
  })

  test('does not precede the last time, nor, where it restricts, who may see it', () => {
    given(declared, toSecurity)
      .when(reclassify('SERVICE'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared, { ...restricted(['alice']), at: at('12:07') })
      .when(reclassify('SECURITY'), { claimed: at('12:06') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:07') })
  })
})

test('an incident is of the type it was last said to be', () => {
  expect(typeOf(given(declared).state)).toBe('SERVICE')
  expect(typeOf(given(declared, toSecurity).state)).toBe('SECURITY')
  expect(typeOf(given(declared, toSecurity, toService).state)).toBe('SERVICE')
})

test('the timeline tells what was made of it, and why', () =>
  expect(given(declared, toSecurity).tells().at(-1)).toBe(
    'alice made a security incident of this service incident: Somebody was in',
  ))
