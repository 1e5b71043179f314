import { describe, expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import { at, givenOrganisation as given } from '../support/given.js'

const field = {
  type: 'CustomFieldDefined',
  data: { key: 'contact', name: 'Contact', type: 'PERSON', required: false },
} as const
const bob = {
  type: 'PersonRegistered',
  data: { personId: 'bob', handle: 'bb', name: 'Bob' },
} as const
const content = { name: 'Failover', title: 'It failed over', severity: 'SEV2' } as const
const define = (data: object = {}) =>
  ({ type: 'DefineIncidentTemplate', data: { key: 'db', ...content, ...data } }) as const
const defined = (version: number, data: object = {}) =>
  ({ type: 'IncidentTemplateDefined', data: { key: 'db', version, ...content, ...data } }) as const
const retire = { type: 'RetireIncidentTemplate', data: { key: 'db' } } as const
const retired = { type: 'IncidentTemplateRetired', data: { key: 'db' }, at: at('12:05') } as const

describe('defining an incident template', () => {
  test('makes a version, and another each time something differs', () => {
    given().when(define()).thenRecorded(defined(1))
    given(defined(1)).when(define()).thenNothing()
    given(defined(1))
      .when(define({ title: 'x' }))
      .thenRecorded(defined(2, { title: 'x' }))
    given(defined(2), retired).when(define()).thenRecorded(defined(3))
  })

  test('keeps lists sorted, and values as their fields take them', () =>
    given(bob, field)
      .when(
        define({
          services: ['web', 'api', 'web'],
          labels: ['b', 'a'],
          customFields: [{ key: 'contact', value: { person: 'bb' } }],
        }),
      )
      .thenRecorded(
        defined(1, {
          services: ['api', 'web'],
          labels: ['a', 'b'],
          customFields: [{ key: 'contact', value: { person: 'bob' } }],
        }),
      ))

  test('is refused for values that its fields do not take', () => {
    const contact = (value: object) => ({ key: 'contact', value })
    given()
      .when(define({ customFields: [contact({ text: 'x' })] }))
      .thenRefused('UNKNOWN_FIELD')
    given(field)
      .when(define({ customFields: [contact({ text: 'x' })] }))
      .thenRefused('FIELD_TYPE')
    given(bob, field)
      .when(define({ customFields: [contact({ person: 'bb' }), contact({ person: 'bb' })] }))
      .thenRefused('INVALID_INPUT', { fields: ['customFields'] })
  })

  test('is over when 200 are defined', () => {
    const many = new Map(
      Array.from({ length: 200 }, (_, n) => [`t${n}`, { version: 1, name: 'x' }]),
    )
    given
      .with({ ...given().state, incidentTemplates: many })
      .when(define())
      .thenRefused('LIMIT_REACHED')
  })
})

test('a template is retired once, and kept', () => {
  given(defined(1))
    .when(retire)
    .thenRecorded({ type: 'IncidentTemplateRetired', data: { key: 'db' } })
  given(defined(1), retired).when(retire).thenNothing()
  given().when(retire).thenRefused('UNKNOWN_TEMPLATE', { key: 'db' })
  expect(given(defined(1), retired).state.incidentTemplates.get('db')).toEqual({
    version: 1,
    ...content,
    retiredAt: at('12:05'),
  })
  expect(given(retired).state.incidentTemplates.size).toBe(0)
})

test('erased lists hold nothing', () =>
  expect(
    given(defined(1, { labels: ERASED, customFields: ERASED })).state.incidentTemplates.get('db'),
  ).toEqual({ version: 1, ...content }))

test('the log tells which versions there were, and the end', () =>
  expect(given(defined(1), defined(2), retired).tells()).toEqual([
    'alice defined version 1 of the incident template “Failover” (db)',
    'alice defined version 2 of the incident template “Failover” (db)',
    'alice retired the incident template “Failover”',
  ]))
