import { describe, expect, test } from '@jest/globals'
import { type OperationDefinitionNode, buildSchema, getVariableValues, parse } from 'graphql'
import { hasMoreThan, mistakesIn } from '../../src/api/variables.js'

const schema = buildSchema(`
  type Query { find(input: Input, status: [Status!], id: ID): Int }
  enum Status { ACTIVE RESOLVED }
  input Input { title: String!, count: Int = 1, fields: [Field!] }
  input Field { key: String!, value: String }
`)
const operation = (variables: string) =>
  parse(`query (${variables}) { __typename }`).definitions[0] as OperationDefinitionNode

const messages = (variables: string, given: Record<string, unknown>) =>
  mistakesIn(schema, operation(variables), given, 3).map(({ message }) => message)

/** What graphql itself says, without the value that it prints of objects. */
const ofGraphql = (variables: string, given: Record<string, unknown>) => {
  const { errors = [] } = getVariableValues(
    schema,
    operation(variables).variableDefinitions ?? [],
    given,
  ) as { errors?: readonly Error[] }
  return errors.map(({ message }) =>
    message.replace(/ [{[].*[}\]](?=; Field| at "|; Expected)/, ''),
  )
}

describe('what graphql would say is said, the first three of it', () => {
  test.each([
    ['a variable that is missing', '$i: Input!', {}],
    ['a default that is not overruled', '$i: Input! = { title: "x" }', {}],
    ['null where it may not be', '$i: Input! = { title: "x" }', { i: null }],
    ['null where it may be', '$i: Input', { i: null }],
    ['a field that is missing', '$i: Input', { i: {} }],
    ['a field that is nearly right', '$i: Input', { i: { title: 'x', cuont: 1 } }],
    ['a number for a text', '$i: Input', { i: { title: 1 } }],
    ['a value that is nearly of an enum', '$s: [Status!]', { s: ['ACTIVE', 'RESOLVE'] }],
    ['null in a list', '$s: [Status!]', { s: [null] }],
    ['a text for an input', '$i: Input', { i: 'x' }],
    ['mistakes in two variables', '$i: Input, $s: Status', { i: { title: 1 }, s: 'X' }],
    ['a list deep within', '$i: Input', { i: { title: 'x', fields: [{ key: 'a' }, { key: 2 }] } }],
    ['all that is right', '$i: Input, $s: [Status!]', { i: { title: 'x' }, s: 'ACTIVE' }],
    ['what is not declared', '$s: Status', { s: 'ACTIVE', t: { a: 1 } }],
    ['names of the prototype', '$s: Status, $toString: ID', { s: 'constructor' }],
  ])('%s', (_, variables, given) => {
    expect(messages(variables, given)).toEqual(ofGraphql(variables, given).slice(0, 3))
  })
})

test('of many mistakes three are told, and of a long value little is repeated', () => {
  const given = { s: Array.from({ length: 50 }, () => 'X'.repeat(10_000)) }
  const told = mistakesIn(schema, operation('$s: [Status!]'), given, 3)
  expect(told).toHaveLength(3)
  expect(told[0]!.message).toMatch(/^Variable "\$s" got invalid value "X{50}" at "s\[0\]"; Value/)
  expect(told[0]!.locations).toEqual([{ line: 1, column: 8 }])
})

test.each([
  ['four values', '$s: [Status!]', { s: [1, 2, 3] }, false],
  ['five values', '$s: [Status!]', { s: [1, 2, 3, 4] }, true],
  ['values within values', '$i: Input', { i: { a: [{ b: 1 }, { c: 2 }] } }, true],
  ['a long text', '$i: ID', { i: 'xxxxxxxxxx' }, false],
  ['a list that is not declared', '$i: ID', { x: [1, 2, 3, 4, 5, 6] }, false],
  [
    'a list in place of something else, which is told as that',
    '$i: ID',
    { i: [1, 2, 3, 4, 5] },
    false,
  ],
  ['null', '$i: ID', { i: null }, false],
])('whether there are more than four is known of %s', (_, variables, given, more) => {
  expect(hasMoreThan(4, operation(variables), given)).toBe(more)
})
