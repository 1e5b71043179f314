import { describe, expect, test } from '@jest/globals'
import { ERASED } from '../../src/decider/facet.js'
import { at, givenOrganisation as given } from '../support/given.js'

const region = { key: 'region', name: 'Region', type: 'SINGLE_SELECT' } as const
const options = ['Europe', 'Asia']
const define = (data: object = {}) =>
  ({ type: 'DefineCustomField', data: { ...region, options, ...data } }) as const
const defined = (data: object = {}) =>
  ({ type: 'CustomFieldDefined', data: { ...region, options, required: false, ...data } }) as const
const change = (data: object, key = 'region') =>
  ({ type: 'ChangeCustomField', data: { key, ...data } }) as const
const changed = (data: object) =>
  ({ type: 'CustomFieldChanged', data: { key: 'region', ...data } }) as const
const retire = (key = 'region') => ({ type: 'RetireCustomField', data: { key } }) as const
const retired = { type: 'CustomFieldRetired', data: { key: 'region' }, at: at('12:05') } as const

describe('defining a custom field', () => {
  test('settles its type, its options once each, and that it is not required', () =>
    given()
      .when(define({ options: ['Europe', 'Asia', 'Europe'] }))
      .thenRecorded(defined()))

  test('the same again changes nothing; another under its key is refused', () => {
    given(defined()).when(define()).thenNothing()
    for (const other of [{ name: 'Area' }, { options: ['Europe'] }, { required: true }])
      given(defined())
        .when(define(other))
        .thenRefused('FIELD_EXISTS', { key: 'region', type: 'SINGLE_SELECT' })
  })

  test('brings a retired one back, but never with another type', () => {
    given(defined(), retired)
      .when(define({ name: 'Area' }))
      .thenRecorded(defined({ name: 'Area' }))
    expect(
      given(defined(), retired, defined()).state.customFields.get('region'),
    ).not.toHaveProperty('retiredAt')
    given(defined(), retired)
      .when({ type: 'DefineCustomField', data: { ...region, type: 'TEXT' } })
      .thenRefused('FIELD_EXISTS', { type: 'SINGLE_SELECT' })
  })

  test.each<[string, object]>([
    ['to select from nothing', { options: undefined }],
    ['of words to select', { type: 'TEXT' }],
  ])('%s is refused', (_, data) =>
    given()
      .when(define(data))
      .thenRefused('INVALID_INPUT', { fields: ['options'] }),
  )

  test('is over when 200 are defined, the retired ones counted', () => {
    const field = { ...region, options, required: false }
    const customFields = new Map(Array.from({ length: 200 }, (_, n) => [`f${n}`, field]))
    given
      .with({ ...given().state, customFields })
      .when(define())
      .thenRefused('LIMIT_REACHED')
  })
})

describe('changing a custom field', () => {
  test('leaves what is left out', () => {
    given(defined())
      .when(change({ name: 'Area', required: true }))
      .thenRecorded(changed({ name: 'Area', required: true }))
    expect(
      given(defined(), changed({ name: 'Area' }), changed({ options: ['Asia'] })).state
        .customFields,
    ).toEqual(
      new Map([
        ['region', { name: 'Area', type: 'SINGLE_SELECT', options: ['Asia'], required: false }],
      ]),
    )
  })

  test('to what it is changes nothing', () => {
    given(defined())
      .when(change({ name: 'Region', options }))
      .thenNothing()
    given(defined()).when(change({})).thenNothing()
  })

  test('that there is not, or that is retired, is refused', () => {
    for (const key of ['area', 'constructor'])
      given(defined())
        .when(change({ name: 'x' }, key))
        .thenRefused('UNKNOWN_FIELD', { key })
    given(defined(), retired)
      .when(change({ name: 'x' }))
      .thenRefused('FIELD_RETIRED', { key: 'region' })
  })

  test('gives nothing to select to a field of words', () =>
    given({
      type: 'CustomFieldDefined',
      data: { key: 'region', name: 'Region', type: 'TEXT', required: false },
    })
      .when(change({ options }))
      .thenRefused('INVALID_INPUT', { fields: ['options'] }))
})

describe('retiring a custom field', () => {
  test('keeps what it was, and since when', () => {
    given(defined())
      .when(retire())
      .thenRecorded({ type: 'CustomFieldRetired', data: { key: 'region' } })
    expect(given(defined(), retired).state.customFields.get('region')).toMatchObject({
      name: 'Region',
      retiredAt: at('12:05'),
    })
  })

  test('again changes nothing; that there is not is refused', () => {
    given(defined(), retired).when(retire()).thenNothing()
    given().when(retire()).thenRefused('UNKNOWN_FIELD', { key: 'region' })
  })
})

test('a change or an end of a field that is not known leaves none behind', () =>
  expect(given(changed({ name: 'x' }), retired).state.customFields.size).toBe(0))

test('an erased field has nothing to choose, and still a sentence', () => {
  const scene = given(defined({ name: ERASED, options: ERASED }), changed({ options: ERASED }))
  expect(scene.state.customFields.get('region')).toMatchObject({ name: ERASED, options: [] })
  expect(scene.tells()[1]).toBe('alice changed the custom field “[erased]”')
})

test('the log tells what was defined, changed and retired', () =>
  expect(
    given(defined(), changed({ name: 'Area' }), {
      type: 'CustomFieldRetired',
      data: { key: 'region', reason: 'Nobody knows' },
    }).tells(),
  ).toEqual([
    'alice defined the custom field “Region” (region)',
    'alice changed the custom field “Area”',
    'alice retired the custom field “Area”: Nobody knows',
  ]))
