import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AskedIncident, Incidents } from '../../src/api/asked-incident.js'
import { incidentAnswers } from '../../src/api/incident.answer.js'
import { Directory } from '../../src/commands/directory.js'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import { Views } from '../../src/views/views.js'
import { type App, startApp } from '../support/app.js'

type Field = keyof typeof incidentAnswers
type Source = 'record' | 'clock' | 'lists'

let app: App
let answer: () => AskedIncident
/** What answers were taken from, in the order it was asked. */
const sources: Source[] = []
beforeAll(async () => {
  app = await startApp()
  const id = await app.declared()
  await app.act('alice', 'relateIncident', id, { to: await app.declared(), kind: 'RELATED' })
  const events = await app.store.read(incidentStream(id), 0)
  const { incident: state, revision } = incidentAt(events, {})
  const views = app.app.get(Views)
  const asked = <Given>(source: Source, given: Given) => {
    sources.push(source)
    return given
  }
  const incidents = new Incidents(
    Object.create(app.store, {
      read: { value: (stream: string) => asked('record', app.store.read(stream, 0)) },
    }),
    app.app.get(Directory),
    Object.create(views, { db: { get: () => asked('lists', views.db) } }),
    () => asked('clock', app.clock.now()),
    5000,
  )
  const principal = { actor: events[0]!.actor, scopes: new Set<never>() }
  answer = () => incidents.answer({ id, state, revision }, principal)
})
afterAll(() => app.close())

const page = { first: 10, order: 'RECORDED', showHistory: false }

test.each<[Field[], Source[]]>([
  [['id', 'title', 'severity', 'revision'], []],
  [
    ['milestones', 'phases', 'participation', 'extensions', 'tasks'],
    ['record', 'clock'],
  ],
  [['warnings', 'missingRoles', 'responderFatigue', 'readiness'], ['clock']],
  [['mergedInto', 'parent', 'children'], []],
  [['relatedIncidents', 'relatedIncidents'], ['lists']],
])('%j of one answer ask for %j, once', async (fields, needed) => {
  sources.length = 0
  const asked = answer()
  await Promise.all(fields.map(field => incidentAnswers[field](asked, page)))
  expect(sources).toEqual(needed)
})

test('what is told of other incidents is told by every field that is asked', async () => {
  const asked = answer()
  const told = [1, 2].map(() => incidentAnswers.relatedIncidents(asked, {}))
  expect(told).toEqual([[expect.anything()], [expect.anything()]])
})

test.each<[Field, object?]>([
  ['milestones'],
  ['phases'],
  ['extensions'],
  ['participation'],
  ['teamsInvolved'],
  ['whoIsOn', { at: '2026-01-01T12:00:00.000Z' }],
])('%s is told many times from one look at the record', async (field, args = {}) => {
  const looksAt = async (times: number) => {
    const asked = answer()
    const record = await asked.events
    let looks = 0
    const watched = new Proxy(record, {
      get: (events, key) => ((looks += key === '0' ? 1 : 0), Reflect.get(events, key)),
    })
    Object.defineProperty(asked, 'events', { value: Promise.resolve(watched) })
    const given = { ...page, ...args }
    await Promise.all(Array.from({ length: times }, () => incidentAnswers[field](asked, given)))
    return looks
  }
  const once = await looksAt(1)
  expect(once).toBeGreaterThan(0)
  expect(await looksAt(30)).toBe(once)
})
