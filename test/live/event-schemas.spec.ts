import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ERASED } from '../../src/decider/facet.js'
import { facets } from '../../src/incident/incident.js'
import { otherNamed } from '../../src/incident/counterparts.js'
import { facets as ofOrganisation } from '../../src/organisation/organisation.js'
import { eventSchemas } from '../../src/live/event-schemas.js'
import { wireType } from '../../src/replays/wire-type.js'
import { type App, logOf, startApp } from '../support/app.js'
import { isOfOrganisation, sealedExamples } from '../support/examples.js'
import { liveCycle } from '../support/live-cycle.mjs'
import { liveDetails } from '../support/live-details.mjs'
import { liveIncident } from '../support/live-incident.mjs'
import { liveRules } from '../support/live-rules.mjs'
import { liveMobilising } from '../support/live-mobilising.mjs'
import { livePreparation } from '../support/live-preparation.mjs'
import { liveCommand } from '../support/live-command.mjs'
import { liveTasks } from '../support/live-tasks.mjs'
import { liveResponse } from '../support/live-response.mjs'

/** A program of ours that has no types. */
const { isGrown } = (await import(new URL('../../generate.mjs', import.meta.url).href)) as {
  isGrown(before: object, after: object): boolean
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const validators = new Map([...eventSchemas()].map(([type, schema]) => [type, ajv.compile(schema)]))

interface Typed {
  readonly stream: string
  readonly type: string
  readonly schemaVersion: number
  readonly data: object
}
const wireOf = ({ stream, type, schemaVersion }: Typed) =>
  wireType(stream === 'organisation' ? 'organisation' : 'incident', type, schemaVersion)
/** What is wrong with the data of an event; null if nothing is. */
function wrong(event: Typed): unknown {
  const validate = validators.get(wireOf(event))
  if (!validate) return `${wireOf(event)} has no schema`
  validate(event.data)
  return validate.errors ?? null
}

const sensitive: Record<string, Record<string, string>> = Object.assign(
  {},
  ...[...Object.values(facets), ...Object.values(ofOrganisation)].map(facet => facet.sensitive),
)
const examples = sealedExamples().map(({ event }) => event)

test('every type of event has its schema, and says what it is', () => {
  expect(examples.map(wireOf).toSorted()).toEqual([...eventSchemas().keys()])
  for (const [type, schema] of eventSchemas())
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `${type}.json`,
      title: expect.stringMatching(/^[A-Z]\w+( \w+)*$/),
      description: expect.stringMatching(/\w{3}/),
    })
})

describe.each(examples.map(event => [event.type, event] as const))('%s', (type, event) => {
  test('is as its schema says', () => expect(wrong(event)).toBe(null))

  test('may be told with a field more, and not with one less that it always has', () => {
    expect(wrong({ ...event, data: { ...event.data, more: { of: [1] } } })).toBe(null)
    const { required = [] } = eventSchemas().get(wireOf(event)) as { required?: string[] }
    for (const field of required) {
      const { [field]: _, ...data } = event.data as Record<string, unknown>
      expect(wrong({ ...event, data })).not.toBe(null)
    }
  })

  test('is as its schema says when what may be erased is', () => {
    const data = Object.fromEntries(
      Object.entries(event.data).map(([field, value]) => [
        field,
        (sensitive[type]![field] ?? 'PLAIN') === 'PLAIN' ? value : ERASED,
      ]),
    )
    expect(wrong({ ...event, data })).toBe(null)
  })

  test('is told with null only where it names another incident', () => {
    const other = otherNamed(event)
    const [field] = Object.entries(event.data).find(([, value]) => value === other) ?? []
    for (const name of Object.keys(event.data)) {
      const told = wrong({ ...event, data: { ...event.data, [name]: null } })
      if (name === field) expect(told).toBe(null)
      if (other === undefined) expect(told).not.toBe(null)
    }
  })
})

describe('without a new version', () => {
  const one = {
    title: 'One',
    type: 'object',
    properties: { a: { type: 'string', enum: ['A'] }, title: { type: 'string' } },
    required: ['a'],
  }
  const { a, title } = one.properties
  test.each<[string, object, boolean]>([
    ['nothing changes', one, true],
    ['it may be said in other words', { ...one, title: 'Two', description: 'Else' }, true],
    ['a field that may be absent may come', { ...one, properties: { a, title, b: {} } }, true],
    [
      'nor does it matter how deep in it',
      { ...one, properties: { a, title, list: { anyOf: [{ items: one }, { const: '' }] } } },
      true,
    ],
    ['one that is always there may not', { ...one, required: ['a', 'title'] }, false],
    ['none may go', { ...one, properties: { a } }, false],
    ['none may become another', { ...one, properties: { a, title: { type: 'number' } } }, false],
    ['no value may come', { ...one, properties: { a: { ...a, enum: ['A', 'B'] }, title } }, false],
    ['none may be missing that was always there', { ...one, required: [] }, false],
    ['nothing more may be asked', { ...one, additionalProperties: false }, false],
  ])('%s', (_, two, may) => expect(isGrown(one, two)).toBe(may))
})

describe('of a server', () => {
  let app: App
  beforeAll(async () => void (app = await startApp()))
  afterAll(() => app.close())

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${app.url}${path}`, {
      headers: { authorization: `Bearer ${app.secrets['rob']}`, ...headers },
    })

  test('all that happened in lively incidents is as the schemas say', async () => {
    const { act, person, organise } = app
    const push = (minutes: number) => app.clock.push(minutes)
    const ask = (query: string, variables: object) => app.told('rob', query, variables)
    for (const story of [
      liveIncident({ act, person, ask, push }),
      liveResponse({ act, push }),
      liveCommand({ act, push }),
      liveTasks({ act, organise, push }),
      liveCycle({ act, push }),
      liveMobilising({ act, organise, push }),
      liveDetails({ act, organise }),
      liveRules({ act, organise, push }),
      livePreparation({ organise, now: () => app.clock.now() }),
    ])
      for (const chapter of Object.values(story)) if (chapter instanceof Function) await chapter()
    const events = await logOf(app.store)
    const told = events.filter(({ stream }) => /^(incident-|organisation$)/.test(stream))
    expect(told.length).toBeGreaterThan(100)
    expect(told.map(event => wrong(event)).filter(found => found !== null)).toEqual([])
    expect(told.some(({ type }) => isOfOrganisation(type))).toBe(true)
  })

  test('a schema is read where the list says, and called so', async () => {
    const answer = await get('/schemas')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    const { schemas } = (await answer.json()) as { schemas: { type: string; schema: string }[] }
    expect(schemas.map(({ type }) => type)).toEqual([...eventSchemas().keys()])
    const { type, schema } = schemas.find(({ type }) => type.includes('severity_set'))!
    expect(schema).toBe(`${app.url}/schemas/${type}.json`)
    const read = await get(new URL(schema).pathname)
    expect([read.status, read.headers.get('content-type')]).toEqual([
      200,
      'application/schema+json; charset=utf-8',
    ])
    expect(await read.json()).toEqual({ ...eventSchemas().get(type), $id: schema })
    const tag = read.headers.get('etag')!
    const known = await get(new URL(schema).pathname, { 'if-none-match': tag })
    expect([known.status, await known.text()]).toEqual([304, ''])
  })

  test.each([
    ['/schemas/dev.incidentledger.incident.severity_set.v99.json', 404, 'NOT_FOUND'],
    ['/schemas/dev.incidentledger.incident.severity_set.v1', 404, 'NOT_FOUND'],
    ['/schemas/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
    ['/schemas/__proto__.json', 404, 'NOT_FOUND'],
  ])('%s is not there', async (path, status, code) => {
    const answer = await get(path)
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { errors: [{ extensions: { code } }] },
    ])
  })

  test.each(['/schemas', '/schemas/dev.incidentledger.incident.severity_set.v1.json'])(
    'without a key %s is not told',
    async path => {
      const answer = await get(path, { authorization: 'Bearer nobody' })
      expect([answer.status, await answer.json()]).toMatchObject([
        401,
        { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      ])
    },
  )
})
