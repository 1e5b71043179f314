import { expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { Documents } from '../../src/api/documents.js'

const text = (i: number) => `{ a${i} } #${'x'.repeat(60 * 1024)}`

test('documents are kept within a bound, those asked lately longest', () => {
  const documents = new Documents()
  for (let i = 0; i < 4; i++) documents.add(parse(text(i)))
  expect(documents.get(text(0))).toBeDefined()
  documents.add(parse(text(4)))
  expect([0, 1, 2, 3, 4].map(i => documents.get(text(i)) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ])
})
