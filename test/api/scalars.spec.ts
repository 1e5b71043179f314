import { expect, test } from '@jest/globals'
import { Kind } from 'graphql'
import { scalars } from '../../src/api/scalars.js'

const { DateTime } = scalars

test.each([
  ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.000Z'],
  ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000Z'],
  ['2026-01-01T00:30:00+02:00', '2025-12-31T22:30:00.000Z'],
  ['2024-02-29T00:00:00.123456789Z', '2024-02-29T00:00:00.123Z'],
])('the instant %s is %s', (given, normal) => {
  expect(DateTime.parseValue(given)).toBe(normal)
  expect(DateTime.parseLiteral({ kind: Kind.STRING, value: given })).toBe(normal)
})

test.each([
  '2026-02-30T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01',
  '2026-01-01T12:00:00',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '',
  '0000-01-01T00:00:00+10:00',
  '9999-12-31T23:59:59-10:00',
  '+012026-01-01T00:00:00Z',
  0,
  null,
  {},
  [['2026-01-01T12:00:00Z']],
])('%j is no instant', given =>
  expect(() => DateTime.parseValue(given)).toThrow('A DateTime is an ISO 8601 instant.'),
)
