import { expect, test } from '@jest/globals'
import { hasTooManyParts } from '../../src/api/json-body.js'

const bracketed = (open: string, close: string, count: number) =>
  `${open.repeat(count)}1${close.repeat(count)}`

test.each([
  ['10,001 names', `{${'"a":1,'.repeat(10_001)}}`, true],
  ['10,000 names', `{${'"a":1,'.repeat(10_000)}}`, false],
  ['names with spaces before the colon', `{${'"a" :1,'.repeat(10_001)}}`, true],
  ['lists 10,001 deep', bracketed('[', ']', 10_001), true],
  ['objects 10,001 deep', bracketed('{"a":', '}', 10_001), true],
  ['brackets and colons within a text', `["${'[{:'.repeat(20_000)}"]`, false],
  ['a text with escaped quotes', `["${'\\":'.repeat(20_000)}"]`, false],
  ['a text that ends with a backslash', `["\\\\",${'['.repeat(10_001)}`, true],
  ['a text that never ends', `"${':'.repeat(20_000)}`, false],
  ['a long list of numbers', `[${'1,'.repeat(50_000)}1]`, false],
])('%s are counted as JSON reads them', (_, text, tooMany) => {
  expect(hasTooManyParts(text)).toBe(tooMany)
})
