import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  type GraphQLNamedType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { scopes } from '../../src/auth/scopes.js'
import { type App, startApp } from '../support/app.js'
import { sdl } from '../support/sdl.js'

const marker = 'quagga'
let app: App
let stranger: string
/** What must never be told to a stranger. */
const secrets = [marker]
beforeAll(async () => {
  app = await startApp()
  const input = { title: `${marker} leaked`, type: 'SECURITY', services: [marker] }
  const id = await app.declared(input)
  const { reference } = (await app.told('alice', `{ incident(id: "${id}") { reference } }`))
    .incident
  const task = { title: marker, assignee: { person: 'alice' }, timeboxMinutes: 5 }
  const { events } = await app.act('alice', 'assignTask', id, task)
  await app.act('alice', 'recordObservation', id, { text: marker })
  await app.act('alice', 'claimCommand', id)
  await app.act('root', 'recordObservation', id, { text: marker })
  secrets.push(id, reference, events[0]!.id, events[0]!.data.taskId)
  await app.declared({ title: 'Seen by all' }, 'bob')
  const all = scopes.filter(scope => scope !== 'INCIDENTS_ADMIN')
  const { createApiKey } = await app.told(
    'local',
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { label: 'Stranger', scopes: all, owner: 'bob' } },
  )
  stranger = createApiKey.secret
})
afterAll(() => app.close())

/** All that a type holds, as deep as the limits allow; pages as their nodes. */
function selection(type: GraphQLNamedType, depth: number): string {
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).filter(
    ({ name, args }) => name !== 'edges' && !args.some(isRequiredArgument),
  )
  const chosen = fields.flatMap(field => {
    const of = getNamedType(field.type)
    if (isLeafType(of)) return [field.name]
    return depth > 1 ? [`${field.name} ${selection(of, depth - 1)}`] : []
  })
  return chosen.length > 0 ? `{ ${chosen.join(' ')} }` : '{ __typename }'
}

const lists = Object.values(sdl.getQueryType()!.getFields()).filter(
  ({ args }) =>
    !args.some(({ name, type }) => name === 'id' || isRequiredArgument({ type } as never)),
)

test.each(lists.map(field => [field.name, field] as const))(
  'nothing that %s tells a stranger is of a restricted incident',
  async (name, field) => {
    const answer = await app.asSecret(
      stranger,
      `{ ${name} ${selection(getNamedType(field.type), 3)} }`,
    )
    expect(answer.errors).toBeUndefined()
    const told = JSON.stringify(answer)
    // What a cursor says is told too.
    const cursors = [...told.matchAll(/"([A-Za-z0-9_-]{20,})"/g)].map(([, text]) =>
      Buffer.from(text!, 'base64url').toString(),
    )
    const whole = [told, ...cursors].join('\n')
    for (const secret of secrets) expect(whole.includes(secret) ? secret : '').toBe('')
  },
)

test('a member is told of it, so this would be seen', async () => {
  const answer = await app.ask(
    'alice',
    '{ incidents { nodes { id title } } events { nodes { id } } }',
  )
  expect(JSON.stringify(answer)).toContain(secrets[1])
})
