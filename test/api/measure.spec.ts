import { expect, test } from '@jest/globals'
import { type OperationDefinitionNode, buildSchema, parse } from 'graphql'
import { limits } from '../../src/api/limits.js'
import { Measure } from '../../src/api/measure.js'
import { verdict } from '../../src/api/verdict.js'
import type { Scope } from '../../src/schema.generated.js'

const schema = buildSchema(`
  directive @scope(needs: Scope!) on FIELD_DEFINITION | OBJECT
  directive @authenticated on FIELD_DEFINITION
  enum Scope { INCIDENTS_READ AUDIT_READ }
  type Query {
    incidents(first: Int = 20): IncidentConnection! @scope(needs: INCIDENTS_READ)
    people(first: Int): PersonConnection! @scope(needs: INCIDENTS_READ)
    incident: Incident @scope(needs: INCIDENTS_READ)
    viewer: Person @authenticated
  }
  type IncidentConnection { edges: [IncidentEdge!]! nodes: [Incident!]! total: Int }
  type IncidentEdge { node: Incident! cursor: String }
  type PersonConnection { nodes: [Person!]! }
  type Person { name: String }
  type Incident { id: ID tags: [String!]! tasks: [Task!]! lead: Person postmortem: Postmortem log: [Access!]! }
  type Postmortem { text: String lessons: [Person!]! }
  type Task { title: String owner: Person incident: Incident }
  type Access @scope(needs: AUDIT_READ) { by: String }`)

function measure(text: string, variables = {}) {
  const document = parse(text)
  const fragments = new Map(
    document.definitions.flatMap(node =>
      node.kind === 'FragmentDefinition' ? [[node.name.value, node] as const] : [],
    ),
  )
  const operation = document.definitions[0] as OperationDefinitionNode
  return new Measure(schema, fragments, operation, variables, limits.first).measured()
}

test.each([
  ['{ incident { id tags } }', 1, 'a scalar costs nothing, a list of them neither'],
  ['{ incident { lead { name } } }', 2, 'each object costs 1'],
  ['{ incident { tasks { title } } }', 2, 'a list costs 1 …'],
  ['{ incident { tasks { owner { name } } } }', 12, '… and what is under it ten times'],
  ['{ incident { tasks { incident { tasks { owner { name } } } } } }', 122, 'lists multiply'],
  ['{ incident { postmortem { text } } }', 21, 'a postmortem costs 20'],
  ['{ whoToCall { key } }', 20, 'so does what was settled at a moment'],
  ['{ incident { postmortem { lessons { name } } } }', 22, 'and what is under it'],
  ['{ incidents(first: 7) { nodes { id } } }', 8, 'a connection counts its page once'],
  ['{ incidents(first: 7) { edges { node { id } } } }', 15, 'and not again for its edges'],
  ['{ incidents { nodes { id } } }', 21, 'its default page is the one of the schema'],
  ['{ people { nodes { name } } }', 101, 'without one it is the largest'],
  ['{ ...A ...A } fragment A on Query { incident { id } }', 2, 'a fragment counts wherever it is'],
  ['{ incident @skip(if: true) { id } }', 1, 'what is skipped counts'],
  ['{ ... on Query { incident { ... { lead { name } } } } }', 2, 'inline fragments are free'],
  ['{ incident { __typename } __typename }', 1, 'so is a type name'],
  ['{ nowhere { id } }', 1, 'an unknown object costs 1'],
])('%s costs %i: %s', (text, cost) => expect(measure(text).cost).toBe(cost))

test.each([
  [{ n: 3 }, 4],
  [{}, 6],
  [{ n: 1000 }, 101],
  [{ n: 'x' }, 101],
])('a page size in a variable counts as it is given: %j', (variables, cost) => {
  const measured = measure(
    'query ($n: Int = 5) { incidents(first: $n) { nodes { id } } }',
    variables,
  )
  expect(measured).toMatchObject({ cost, varies: true })
})

test('a page size out of bounds is told, wherever it hides', () => {
  const text = `query ($n: Int) { a: incidents(first: $n) { total } ...B }
    fragment B on Query { incidents(first: 0) { total } people(first: 101) { nodes { name } } }`
  expect(measure(text, { n: null }).wrongFirst).toEqual([null, 0, 101])
})

test('depth, aliases and root fields are counted through fragments', () => {
  const text = `{ ...A b: incident { c: id id } __typename }
    fragment A on Query { incident { tasks { ...B } } viewer { name } } fragment B on Task { d: title title title }`
  expect(measure(text)).toMatchObject({ depth: 3, aliases: 4, fields: 3, own: 3 })
})

test.each<[string, Scope[]]>([
  ['{ viewer { name } }', []],
  ['{ ...A } fragment A on Query { incident { id } }', ['INCIDENTS_READ']],
  ['{ incident { log { by } } }', ['INCIDENTS_READ', 'AUDIT_READ']],
])('%s needs the scopes %j', (text, scopes) => {
  expect([...measure(text).scopes]).toEqual(scopes)
  const principal = { actor: { type: 'USER', id: 'alice' }, scopes: new Set(scopes) } as const
  expect(verdict(schema, text, undefined, {}, principal)).toHaveProperty('operation')
  const without = { ...principal, scopes: new Set(scopes.slice(1)) }
  if (scopes.length > 0)
    expect(verdict(schema, text, undefined, {}, without)).toHaveProperty(
      'refused.0.extensions.details.needs',
      scopes[0],
    )
})

test('a document sent again is neither parsed nor walked again, whatever its variables', () => {
  const principal = { actor: { type: 'USER', id: 'alice' }, scopes: new Set(['INCIDENTS_READ']) }
  const ask = (n: number) =>
    verdict(
      schema,
      'query ($n: Int) { incidents(first: $n) { nodes { tasks { incident { tasks { owner { name } } } } } } }',
      undefined,
      { n },
      principal as never,
    )
  const first = ask(1)
  expect(first).toHaveProperty('document')
  expect((ask(3) as { document: unknown }).document).toBe((first as { document: unknown }).document)
  expect(ask(100)).toHaveProperty('refused.0.extensions.details', {
    limit: 'cost',
    max: 5000,
    asked: 12_201,
  })
})
