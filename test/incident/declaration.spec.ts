import { describe, expect, test } from '@jest/globals'
import { modes } from '../../src/incident/declaration.js'
import { effects } from '../../src/incident/incident-kinds.js'
import { incidentTypes } from '../../src/incident/incident-kinds.js'
import { statusOf } from '../../src/incident/guards.js'
import { severityLevels } from '../../src/incident/severity-levels.js'
import { declared, inTriage } from '../support/facts.js'
import { at, given } from '../support/given.js'

const title = 'Checkout fails'
const declares = (data: object = {}) => ({
  type: 'DeclareIncident' as const,
  data: { title, ...data },
})
const plain = {
  reference: 'INC-1',
  title,
  type: 'SERVICE',
  mode: 'LIVE',
  status: 'ACTIVE',
} as const
const undetermined = { type: 'SeveritySet', data: { level: 'UNDETERMINED' } } as const

describe('declaring', () => {
  test('takes no more than a title: a live service incident of undetermined severity, active', () =>
    given().when(declares()).thenRecorded({ type: 'IncidentDeclared', data: plain }, undetermined))

  test('is for keys and for the system too', () => {
    for (const type of ['API_KEY', 'SYSTEM', 'ALERT_SOURCE'] as const)
      expect(given().when(declares(), { type, person: 'x' }).outcome().events).toHaveLength(2)
  })

  test.each(modes)('in mode %s begins active, or in triage when asked', mode => {
    const data = { ...plain, mode }
    given().when(declares({ mode })).thenRecorded({ type: 'IncidentDeclared', data }, undetermined)
    given()
      .when(declares({ mode, triage: true }))
      .thenRecorded({ type: 'IncidentDeclared', data: { ...data, status: 'TRIAGE' } }, undetermined)
  })

  test('without triage is declaring active', () =>
    given()
      .when(declares({ triage: false }))
      .thenRecorded({ type: 'IncidentDeclared', data: plain }, undetermined))

  test.each(severityLevels)('as %s sets that severity', level =>
    given()
      .when(declares({ severity: level }))
      .thenRecorded(
        { type: 'IncidentDeclared', data: plain },
        { type: 'SeveritySet', data: { level } },
      ),
  )

  test.each(effects)('keeps the effect %s', effect =>
    given()
      .when(declares({ effect }))
      .thenRecorded({ type: 'IncidentDeclared', data: { ...plain, effect } }, undetermined),
  )

  test.each(incidentTypes)('as a %s incident keeps the type', type =>
    given()
      .when(declares({ type }), { type: 'SYSTEM', person: 'x' })
      .thenRecorded({ type: 'IncidentDeclared', data: { ...plain, type } }, undetermined),
  )

  test('names the services once each, sorted', () =>
    given()
      .when(declares({ services: ['b', 'a', 'b'] }))
      .thenRecorded({ type: 'IncidentDeclared', data: plain }, undetermined, {
        type: 'ServicesSet',
        data: { services: ['a', 'b'] },
      }))

  test('without services says nothing of services', () =>
    given()
      .when(declares({ services: [] }))
      .thenRecorded({ type: 'IncidentDeclared', data: plain }, undetermined))

  test('happens once', () => {
    given(declared).when(declares()).thenRefused('ALREADY_DECLARED')
    expect(given(declared).lists('DeclareIncident')).toBe(false)
    expect(given().lists('DeclareIncident')).toBe(true)
  })

  test('may be claimed for any time that is past', () => {
    given()
      .when(declares(), { claimed: '1999-01-01T00:00:00.000Z' })
      .thenOccurred('1999-01-01T00:00:00.000Z')
    given()
      .when(declares(), { claimed: at('12:12') })
      .thenRefused('OCCURRED_IN_FUTURE')
  })
})

test('a declared incident is in the state it was declared in, by the time it was declared for', () => {
  expect(statusOf(given(inTriage).state)).toBe('TRIAGE')
  expect(given({ ...declared, at: at('11:00') }).state.declaration).toEqual({
    ...plain,
    effect: null,
    template: null,
    declaredAt: at('11:00'),
    titledAt: at('11:00'),
  })
})

describe('the title', () => {
  const change = { type: 'ChangeTitle', data: { title: 'Payment fails' } } as const
  const changed = { type: 'TitleChanged', data: { title: 'Payment fails' } } as const

  test('is changed by anybody', () => given(declared).when(change, 'carol').thenRecorded(changed))

  test('that it has already changes nothing', () =>
    given(declared).when({ type: 'ChangeTitle', data: { title } }).thenNothing())

  test('is what it was changed to', () =>
    expect(given(declared, changed).state.declaration.title).toBe('Payment fails'))

  test('is not changed before it was given, nor before it last was changed', () => {
    given(declared)
      .when(change, { claimed: at('11:59') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:00') })
    given(declared, { type: 'TitleChanged', data: { title: 'x' }, at: at('12:05') })
      .when(change, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
  })
})

test('the timeline tells who declared what, and the new title', () =>
  expect(
    given(declared, { type: 'TitleChanged', data: { title: 'Payment fails' }, by: 'bob' }).tells(),
  ).toEqual(['alice declared “Checkout fails”', 'bob changed the title to “Payment fails”']))

test('the timeline tells a triage from a declaration', () =>
  expect(given(inTriage).tells()).toEqual(['alice opened for triage “Checkout fails”']))
