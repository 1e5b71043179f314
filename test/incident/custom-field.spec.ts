import { describe, expect, test } from '@jest/globals'
import { validateSync } from 'class-validator'
import { FieldInput, FieldValue, fieldTypes, settled } from '../../src/incident/custom-field.js'
import { person } from '../support/given.js'
import { policy } from '../support/policy.js'

const refusal = (code: string, details: object) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) })
const take = (key: string, value: FieldValue) => settled({ key, value }, policy, person)

describe('a value is taken as its field is defined', () => {
  test.each<[string, FieldValue, FieldValue]>([
    ['cause', { text: 'A lock' }, { text: 'A lock' }],
    ['affected', { number: 12.5 }, { number: 12.5 }],
    ['public', { boolean: false }, { boolean: false }],
    ['since', { date: '2026-01-31' }, { date: '2026-01-31' }],
    ['region', { option: 'Asia' }, { option: 'Asia' }],
    ['channels', { options: ['app', 'web', 'app'] }, { options: ['web', 'app'] }],
    ['contact', { person: 'bb' }, { person: 'bob' }],
    ['report', { link: 'https://example.org/1' }, { link: 'https://example.org/1' }],
    ['constructor', { text: 'is a key like any other' }, { text: 'is a key like any other' }],
  ])('%s: %j', (key, given, stored) => expect(take(key, given)).toStrictEqual(stored))

  test('minus zero is zero, as it will be read back', () =>
    expect(Object.is(take('affected', { number: -0 }).number, 0)).toBe(true))

  test.each<[string, FieldValue, string, object]>([
    ['nothing', { text: 'x' }, 'UNKNOWN_FIELD', { key: 'nothing' }],
    ['__proto__', { text: 'x' }, 'UNKNOWN_FIELD', { key: '__proto__' }],
    ['old', { text: 'x' }, 'FIELD_RETIRED', { key: 'old' }],
    ['cause', { number: 1 }, 'FIELD_TYPE', { key: 'cause', type: 'TEXT' }],
    ['cause', { text: 'x', number: 1 }, 'FIELD_TYPE', { key: 'cause', type: 'TEXT' }],
    ['cause', {}, 'FIELD_TYPE', { key: 'cause', type: 'TEXT' }],
    ['region', { options: ['Asia'] }, 'FIELD_TYPE', { type: 'SINGLE_SELECT' }],
    ['region', { option: 'Mars' }, 'UNKNOWN_OPTION', { key: 'region', option: 'Mars' }],
    ['channels', { options: ['web', 'fax'] }, 'UNKNOWN_OPTION', { option: 'fax' }],
  ])('%s: %j is refused with %s', (key, value, code, details) =>
    expect(() => take(key, value)).toThrow(refusal(code, details)),
  )

  test('somebody whom nobody knows is nobody’s value', () =>
    expect(() => take('contact', { person: 'zz' })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_PERSON' }),
    ))
})

test('there is a field of every type to try', () =>
  expect(new Set([...policy.customFields.values()].map(({ type }) => type))).toEqual(
    new Set(fieldTypes),
  ))

const broken = (key: string, value: object) =>
  validateSync(
    Object.assign(new FieldInput(), { key, value: Object.assign(new FieldValue(), value) }),
  ).length > 0

test.each<[string, object, boolean]>([
  ['affected-customers', { text: 'x' }, false],
  ['a', { number: 1e300 }, false],
  ['-a', {}, true],
  ['A', {}, true],
  ['a'.repeat(51), {}, true],
  ['a', { number: Infinity }, true],
  ['a', { number: '1' }, true],
  ['a', { date: '2026-02-30' }, true],
  ['a', { date: '2026-1-1' }, true],
  ['a', { date: '2026-01-01T00:00:00Z' }, true],
  ['a', { text: 'x'.repeat(1001) }, true],
  ['a', { options: [] }, true],
  ['a', { options: ['a', ''] }, true],
  ['a', { options: Array.from({ length: 101 }, String) }, true],
  ['a', { link: 'javascript:alert(1)' }, true],
])('%s: %j breaks a bound: %s', (key, value, is) => expect(broken(key, value)).toBe(is))
