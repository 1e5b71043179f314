import { expect, test } from '@jest/globals'
import { copier } from '../../src/decider/copier.js'

test('a copy has the same members, and is another object', () => {
  const one = { first: [1], second: undefined }
  const copy = copier<typeof one>(['first', 'second'])(one)
  expect(copy).toStrictEqual(one)
  expect(copy).not.toBe(one)
  expect(copy.first).toBe(one.first)
})

test('a name is a name, whatever is in it', () => {
  const names = ['a b', '"', "'", '\\', '\n', '`${x}', '*/', '1', 'é']
  const one = Object.fromEntries(names.map((name, at) => [name, at]))
  expect(copier<Record<string, unknown>>(names)(one)).toStrictEqual(one)
})
