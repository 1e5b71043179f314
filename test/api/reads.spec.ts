import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isRequiredArgument,
} from 'graphql'
import { Counterparts } from '../../src/duties/counterparts.js'
import { Timers } from '../../src/duties/timers.js'
import { Views } from '../../src/views/views.js'
import { type App, startApp } from '../support/app.js'
import { sdl } from '../support/sdl.js'
import { everythingOf, pagedQueries } from '../support/selections.js'

/** Of each kind of thing there is more than the larger page shows. */
const [small, large] = [2, 12]
/** What was just written may still be looked at, so the quieter of two runs counts. */
const runs = 2
/** For arguments that must be given. */
const given: Record<string, string> = { query: '"down"', at: '"2026-01-01T12:00:00.000Z"' }
const neededBy = ({ args }: GraphQLField<unknown, unknown>) =>
  args.filter(isRequiredArgument).map(arg => `${arg.name}: ${given[arg.name]}, `)

const register =
  'mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { revision } }'

let app: App
const ids: string[] = []
beforeAll(async () => {
  app = await startApp()
  // What is done by itself reads now and then; what a question reads is to be counted alone.
  for (const duty of [Timers, Counterparts]) await app.app.get(duty).beforeApplicationShutdown()
  for (let n = 0; n <= large; n++) {
    const input = { handle: `person-${n}`, name: `Person ${n}` }
    await app.told('root', register, { input })
    ids.push(await filled(n))
  }
})
afterAll(() => app.close())

/** An incident of which there is something to say everywhere, the more of it the later it is. */
async function filled(n: number): Promise<string> {
  const id = await app.declared({ title: `API ${n} down`, services: ['api'], effect: 'OUTAGE' })
  await app.act('alice', 'claimCommand', id)
  await app.act('bob', 'joinIncident', id)
  for (let i = 0; i <= (n === large ? large : 0); i++) {
    const task = { title: `Look ${i}`, assignee: { person: 'bob' }, timeboxMinutes: 30 }
    await app.act('alice', 'assignTask', id, task)
    await app.act('bob', 'recordObservation', id, { text: `Seen ${i}` })
    await app.act('bob', 'addLink', id, { kind: 'OTHER', url: `https://example.org/${i}` })
  }
  return id
}

/** How often a question makes this thread ask SQLite, for lists and for the log alike. */
async function readsOf(query: string, variables = {}): Promise<number> {
  const statement = Object.getPrototypeOf(app.app.get(Views).db.prepare('select 1'))
  const asks = ['get', 'all', 'iterate'] as const
  const real = asks.map(ask => statement[ask])
  let count = 0
  asks.forEach((ask, i) => {
    statement[ask] = function (...values: unknown[]) {
      count++
      return real[i].apply(this, values)
    }
  })
  try {
    await app.told('root', query, variables)
    return count
  } finally {
    asks.forEach((ask, i) => (statement[ask] = real[i]))
  }
}

async function fewest(ask: () => Promise<number>): Promise<number> {
  const counts: number[] = []
  while (counts.length < runs) counts.push(await ask())
  return Math.min(...counts)
}

test.each(pagedQueries.map(({ name }) => name))(
  'a long page of %s takes no more reads',
  async name => {
    const field = sdl.getQueryType()!.getFields()[name]!
    const page = (first: number) =>
      `{ ${name}(${neededBy(field).join('')}first: ${first}) ${everythingOf(field.type, 4)} }`
    const [few, many] = [
      await fewest(() => readsOf(page(small))),
      await fewest(() => readsOf(page(large))),
    ]
    expect(many).toBeLessThanOrEqual(few)
  },
)

const incidentFields = Object.values(
  (sdl.getType('Incident') as GraphQLObjectType).getFields(),
).filter(({ type }) => isCompositeType(getNamedType(type)))
test.each(incidentFields.map(({ name }) => name))(
  '%s of a full incident takes no more reads than of a small one',
  async name => {
    const field = incidentFields.find(field => field.name === name)!
    const needed = neededBy(field)
    const asked = needed.length > 0 ? `${name}(${needed.join('')})` : name
    const query = `query ($id: ID!) { incident(id: $id) { ${asked} ${everythingOf(field.type, 4)} } }`
    const of = (id: string) => fewest(() => readsOf(query, { id }))
    const few = await of(ids[0]!)
    expect(few).toBeGreaterThan(0)
    expect(await of(ids[large]!)).toBeLessThanOrEqual(few)
  },
)
