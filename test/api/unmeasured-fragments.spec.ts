import { expect, test } from '@jest/globals'
import { verdict } from '../../src/api/verdict.js'
import { sdl } from '../support/sdl.js'

const principal = { actor: { type: 'API_KEY' as const, id: 'key' }, scopes: new Set<never>() }
const toldOf = (document: string) => {
  const judged = verdict(sdl, document, undefined, {}, principal)
  return 'refused' in judged ? judged.refused.map(({ message }) => message) : []
}

/** So many times the same, each to be compared with all others, and none of it measured. */
const dear = Array(200).fill('commander { nothing }').join(' ')

test.each([
  [`{ __typename } fragment F on Incident { ${dear} }`, 'Fragment "F" is never used.'],
  [
    `{ ...G } fragment G on Query { __typename } fragment F on Incident { ...F ${dear} }`,
    'Fragment "F" is never used.',
  ],
  [
    `{ ...G } fragment G on Query { ${dear} } fragment G on Query { __typename }`,
    'There can be only one fragment named "G".',
  ],
])('what is measured with no operation is refused before it is validated: %#', (document, why) => {
  expect(toldOf(document)).toEqual([why])
})

test('a fragment within others, lists and inline fragments is asked for', () => {
  const document = `{ ... { ...A } } fragment B on Query { ... on Query { ...C } }
    fragment A on Query { __typename ...B } fragment C on Query { __schema { ...D } }
    fragment D on __Schema { description }`
  expect(toldOf(document)).toEqual([])
})
