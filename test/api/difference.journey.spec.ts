import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type GraphQLObjectType, print, visit } from 'graphql'
import { comparison, plain } from '../../src/api/comparable.js'
import { type App, codeOf, startApp } from '../support/app.js'
import { applied } from '../support/apply-changes.js'
import { liveIncident } from '../support/live-incident.mjs'
import { sdl } from '../support/sdl.js'

let app: App
let id: string
let revision: number
beforeAll(async () => {
  app = await startApp()
  const { act, person } = app
  const ask = (query: string, variables: object) => app.told('rob', query, variables)
  const story = liveIncident({ act, person, ask, push: minutes => app.clock.push(minutes) })
  const chapters = Object.values(story).filter(part => typeof part === 'function')
  for (const chapter of chapters) await chapter()
  id = story.told.id
  revision = (await app.told('rob', `{ incident(id: "${id}") { revision } }`)).incident.revision
})
afterAll(() => app.close())

const pageInfo = 'pageInfo { endCursor hasNextPage }'
async function all(at: object, connection: string, fields: string, first = 100): Promise<any[]> {
  const nodes: any[] = []
  for (let after: string | null = null; ;) {
    const { diff }: any = await app.told(
      'rob',
      `query ($id: ID, $from: AsOf!, $to: AsOf, $after: Cursor) { diff(id: $id, from: $from, to: $to) {
        ${connection}(first: ${first}, after: $after) { nodes { ${fields} } ${pageInfo} } } }`,
      { id, ...at, after },
    )
    nodes.push(...diff[connection].nodes)
    if (!diff[connection].pageInfo.hasNextPage) return nodes
    after = diff[connection].pageInfo.endCursor
  }
}
const changesOf = (at: object, first?: number) =>
  all(at, 'changes', 'kind path index before after sentence', first)

/** All that is compared, as a client asks for it. */
const whole = async (at: object) => {
  const [first] = visit(comparison(sdl), {
    IntValue: node => (Number(node.value) > 100 ? { ...node, value: '100' } : undefined),
  }).definitions as any[]
  const fields = print(first.selectionSet.selections[0].selectionSet)
  const query = `query ($id: ID, $at: AsOf) { incident(id: $id, at: $at) ${fields} }`
  const { revision: _, ...rest } = (await app.told('rob', query, { id, at })).incident
  return plain(rest)
}

test('every field of an incident is compared, but for those that are told from others or from now', () => {
  const compared = new Set<string>()
  visit(comparison(sdl), { Field: ({ name }) => void compared.add(name.value) })
  const fields = Object.keys((sdl.getType('Incident') as GraphQLObjectType).getFields())
  expect(fields.filter(field => !compared.has(field)).toSorted()).toEqual(
    [
      'brief',
      'commandTree',
      'minutesSinceVerification',
      'missingRoles',
      'postmortem',
      'readiness',
      'responderFatigue',
      'timeline',
      'viewerCan',
      'warnings',
      'whoIsOn',
    ].toSorted(),
  )
})

test('from any revision to any other, the changes make the one of the other', async () => {
  const known = new Map<number, Promise<any>>()
  const at = (n: number) => known.get(n) ?? known.set(n, whole({ revision: n })).get(n)!
  const place = fc.integer({ min: 0, max: revision })
  const property = fc.asyncProperty(place, place, async (from, to) => {
    const changes = await changesOf({ from: { revision: from }, to: { revision: to } })
    expect(applied(await at(from), changes)).toEqual(await at(to))
  })
  await fc.assert(property, { numRuns: 15 })
})

test('the whole of it is told in words, and the same a page at a time', async () => {
  const span = { from: { revision: 0 } }
  const changes = await changesOf(span)
  expect(await changesOf(span, 1)).toEqual(changes)
  expect(changes.map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      'Title changed from “Checkout fails” to “Checkout fails in Europe”.',
      'Severity changed from UNDETERMINED to SEV1.',
      'Services: checkout-api was added.',
      'Tasks: “Look at the error rate” was added.',
    ]),
  )
  const task = changes.find(({ after }) => after?.title === 'Write to customers')
  expect(task.path).toEqual(['tasks', task.after.id])
  expect(task.after.assignee).toBe(await app.person('carol'))
})

test('the events between, and their sentences, are those behind the one and up to the other', async () => {
  const span = { from: { revision: 4 }, to: { revision: 9 } }
  const between = [5, 6, 7, 8, 9]
  for (const at of [span, { from: span.to, to: span.from }]) {
    expect((await all(at, 'events', 'revision', 2)).map(event => event.revision)).toEqual(between)
    const entries = await all(at, 'timeline', 'revision sentence', 2)
    expect(entries.map(entry => entry.revision)).toEqual(between)
    expect(entries[0].sentence).toMatch(/^Alice took command/)
  }
})

test('the sentences are those of the events, also between moments of different clocks', async () => {
  const late = await app.declared()
  const { events } = await app.act('alice', 'claimCommand', late)
  const happened = new Date(Date.parse(events[0]!.occurredAt) + 60_000).toISOString()
  app.clock.push(5)
  const { revision: known } = await app.act('alice', 'recordObservation', late, { text: 'Up' })
  await app.act('bob', 'recordObservation', late, { text: 'Down' }, { occurredAt: happened })
  const moments = [{ revision: known }, { occurredAt: happened }]
  for (const [from, to] of [moments, moments.toReversed()]) {
    const at = { id: late, from, to }
    const sentences = (await all(at, 'timeline', 'sentence')).map(({ sentence }) => sentence)
    expect(sentences).toEqual(['Alice: Up', 'Bob: Down'])
  }
})

test('what is recorded while it is answered is in none of it', async () => {
  const busy = await app.declared()
  const read = app.store.read.bind(app.store)
  let reads = 0
  app.store.read = async (...asked) => {
    reads++
    await app.act('bob', 'recordObservation', busy, { text: `In read ${reads}` })
    return read(...asked)
  }
  const { diff } = await app
    .told(
      'rob',
      `{ diff(id: "${busy}", from: { revision: 0 }) {
        toRevision events { nodes { revision } } timeline { nodes { revision } } } }`,
    )
    .finally(() => (app.store.read = read))
  expect(reads).toBeGreaterThan(0)
  for (const told of [diff.events, diff.timeline])
    expect(told.nodes.at(-1)?.revision).toBe(diff.toRevision)
})

test('an incident that was not there at one of the moments is not found', async () => {
  const diff = (args: string) => app.ask('rob', `{ diff(${args}) { toRevision } }`)
  const early = '{ recordedAt: "2020-01-01T00:00:00Z" }'
  expect(codeOf(await diff(`id: "${id}", from: ${early}`))).toBe('INCIDENT_NOT_FOUND')
  expect(codeOf(await diff(`id: "${id}", from: { revision: 1 }, to: ${early}`))).toBe(
    'INCIDENT_NOT_FOUND',
  )
  expect(codeOf(await diff('reference: "INC-99", from: { revision: 1 }'))).toBe(
    'INCIDENT_NOT_FOUND',
  )
  expect(codeOf(await diff('from: { revision: 1 }'))).toBe('INVALID_INPUT')
  const { data } = await diff(`reference: "INC-1", from: { revision: 3 }, to: { revision: 3 }`)
  expect(data.diff).toEqual({ toRevision: 3 })
})
