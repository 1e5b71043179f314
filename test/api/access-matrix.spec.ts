import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { scopes } from '../../src/auth/scopes.js'
import type { Scope } from '../../src/schema.generated.js'
import { type Answer, type App, codeOf, startApp } from '../support/app.js'
import { sdl } from '../support/sdl.js'

/**
 * What the root fields need. A command of an incident needs to write, another the organisation; a query
 * that is not here fails: who adds one says whom it is for.
 */
const policies: Record<string, Scope | 'ANY'> = {
  viewer: 'ANY',
  incident: 'INCIDENTS_READ',
  incidents: 'INCIDENTS_READ',
  tasks: 'INCIDENTS_READ',
  undecided: 'INCIDENTS_READ',
  openWork: 'INCIDENTS_READ',
  events: 'INCIDENTS_READ',
  diff: 'INCIDENTS_READ',
  people: 'INCIDENTS_READ',
  customFields: 'INCIDENTS_READ',
  incidentTemplates: 'INCIDENTS_READ',
  incidentTypes: 'INCIDENTS_READ',
  routePreview: 'INCIDENTS_READ',
  severityScale: 'INCIDENTS_READ',
  rotationPolicy: 'INCIDENTS_READ',
  runbooks: 'INCIDENTS_READ',
  responsePlans: 'INCIDENTS_READ',
  planCoverage: 'INCIDENTS_READ',
  groups: 'INCIDENTS_READ',
  roleCatalogue: 'INCIDENTS_READ',
  qualifications: 'INCIDENTS_READ',
  qualifiedCommanders: 'INCIDENTS_READ',
  benchDepth: 'INCIDENTS_READ',
  services: 'INCIDENTS_READ',
  whoToCall: 'INCIDENTS_READ',
  search: 'INCIDENTS_READ',
  declareIncident: 'INCIDENTS_WRITE',
  accessLog: 'AUDIT_READ',
  apiKeys: 'ORGANISATION_MANAGE',
}

type Field = GraphQLField<unknown, unknown>
const roots = [
  ...Object.values(sdl.getQueryType()!.getFields()).map(field => ['query', field] as const),
  ...Object.values(sdl.getMutationType()!.getFields()).map(field => ['mutation', field] as const),
]
const isOfIncident = ({ args }: Field) => args.some(({ name }) => name === 'incidentId')
const needsOf = (kind: string, field: Field): Scope | 'ANY' | undefined =>
  policies[field.name] ??
  (kind === 'query' ? undefined : isOfIncident(field) ? 'INCIDENTS_WRITE' : 'ORGANISATION_MANAGE')

const nowhere = '01890000-0000-7000-8000-000000000000'

/** Some value of a type, `id` wherever an id is wanted. */
function some(type: GraphQLInputType, id: string): string {
  if (isNonNullType(type)) return some(type.ofType, id)
  if (isListType(type)) return '[]'
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField)
    return `{ ${given.map(field => `${field.name}: ${some(field.type, id)}`).join(', ')} }`
  }
  if (isEnumType(type)) return type.getValues()[0]!.name
  const values: Record<string, string> = {
    ID: `"${id}"`,
    Int: '1',
    Float: '1',
    Boolean: 'true',
    DateTime: '"2026-01-01T00:00:00Z"',
  }
  return values[type.name] ?? '"words"'
}

/** The field asked about an incident with as little as it takes. */
function documentOf(kind: string, field: Field, id: string): string {
  const wanted = field.args.filter(
    arg => isRequiredArgument(arg) || (arg.name === 'id' && field.args.length > 1),
  )
  const args = wanted.map(({ name, type }) => `${name}: ${some(type, id)}`).join(', ')
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  return `${kind} { ${field.name}${args && `(${args})`}${selection} }`
}

let app: App
let restricted: string
let internal: string
const keys = new Map<string, string>()
beforeAll(async () => {
  app = await startApp()
  restricted = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  internal = await app.declared({}, 'carol')
  for (const owner of ['alice', 'bob', 'carol'])
    for (const scope of scopes)
      for (const given of [[scope], [scope, 'INCIDENTS_ADMIN']]) {
        const input = { label: 'One', scopes: [...new Set(given)], owner }
        const { createApiKey } = await app.told(
          'local',
          'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
          { input },
        )
        keys.set(`${owner} ${given.join()}`, createApiKey.secret)
      }
})
afterAll(() => app.close())

test('every root field says whom it is for, and here too', () => {
  expect(
    roots.filter(([kind, field]) => needsOf(kind, field) === undefined).map(([, { name }]) => name),
  ).toEqual([])
})

/** Who asks about what: bob is a stranger to the restricted incident, alice its member, carol administers. */
const sights = ['internal', 'member', 'stranger', 'administrator'] as const
const ask = async (
  sight: (typeof sights)[number],
  scope: Scope,
  kind: string,
  field: Field,
  mayTry: boolean,
) => {
  const owner = sight === 'member' ? 'alice' : sight === 'administrator' ? 'carol' : 'bob'
  const given = sight === 'administrator' ? `${scope},INCIDENTS_ADMIN` : scope
  // What is done is done to one that nothing was done to before.
  const isDone = mayTry && kind === 'mutation'
  const fresh = () => (isDone ? app.declared({}, 'carol') : internal)
  const id = sight === 'internal' ? await fresh() : restricted
  return app.asSecret(keys.get(`${owner} ${given}`)!, documentOf(kind, field, id))
}

/** Not the credential's scope is what is missing; `incidents:admin` alone opens nothing else. */
const isOutOfScope = (answer: Answer) => answer.status === 403 && codeOf(answer) === 'SCOPE_MISSING'

test.each(roots.map(([kind, field]) => [field.name, kind, field] as const))(
  '%s is for whoever holds its scope, and about what they may see',
  async (_, kind, field) => {
    const needs = needsOf(kind, field)
    expect((await app.asSecret('nobody', documentOf(kind, field, restricted))).status).toBe(401)
    for (const scope of scopes) {
      const mayTry = needs === 'ANY' || needs === scope
      for (const sight of mayTry ? sights : (['internal', 'stranger'] as const)) {
        const answer = await ask(sight, scope, kind, field, mayTry)
        const told = [field.name, scope, sight, isOutOfScope(answer)]
        expect(told).toEqual([field.name, scope, sight, !mayTry])
        const isAboutOne = field.args.some(({ name }) => name === 'id' || name === 'incidentId')
        if (!mayTry || !isAboutOne) continue
        if (sight !== 'stranger') {
          if (kind === 'query')
            expect([...told, codeOf(answer)]).not.toContain('INCIDENT_NOT_FOUND')
          continue
        }
        // Of a command whose input is refused either way, the refusal tells nothing either.
        const other = await app.asSecret(
          keys.get(`bob ${scope}`)!,
          documentOf(kind, field, nowhere),
        )
        expect(answer).toEqual(other)
        expect([field.name, answer.data]).toEqual([field.name, null])
      }
    }
  },
)

test.each(Object.values(sdl.getSubscriptionType()!.getFields()).map(field => [field.name, field]))(
  'to follow %s one needs to follow events and to see incidents, on every transport',
  async (_, field) => {
    const document = documentOf('subscription', field as Field, internal)
    expect((await app.asSecret('nobody', document)).status).toBe(401)
    for (const scope of scopes) {
      const { status, errors } = await app.asSecret(keys.get(`bob ${scope}`)!, document)
      expect([scope, status, errors?.[0]?.extensions.code]).toEqual([scope, 403, 'SCOPE_MISSING'])
    }
    // Who may is told that HTTP alone is not where it is answered.
    expect(codeOf(await app.ask('partner', document))).toBe('BAD_REQUEST')
  },
)
