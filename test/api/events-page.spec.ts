import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { EventsResolver } from '../../src/api/events.resolver.js'
import type { OperationContext } from '../../src/api/pipeline.js'
import { Sight } from '../../src/api/sight.js'
import { AccessLog } from '../../src/commands/access-log.js'
import { Directory } from '../../src/commands/directory.js'
import { IncidentStreams } from '../../src/commands/handle-incident.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import type { EventFilter } from '../../src/schema.generated.js'
import { Views } from '../../src/views/views.js'
import { type App, newFolder, startApp } from '../support/app.js'

/** As after a start at which no view knows the log yet: who may see an incident, its stream is asked. */
const count = 200
let app: App
let answered: EventsResolver
const asked = new Set<string>()
beforeAll(async () => {
  app = await startApp()
  for (let n = 0; n < count; n++) await app.declared({ title: `Incident ${n}` })
  const store = Object.create(app.store) as EventStore
  store.read = (stream, ...rest) => (asked.add(stream), app.store.read(stream, ...rest))
  store.readAll = (...range) => app.store.readAll(...range)
  store.head = () => app.store.head()
  const views = new Views(newFolder())
  views.moved(await app.store.head())
  const sight = new Sight(store, views, app.app.get(AccessLog), app.app.get(IncidentStreams))
  answered = new EventsResolver(sight, app.app.get(Directory))
})
afterAll(() => app.close())

const context = {
  principal: { actor: { type: 'USER', id: 'somebody' }, scopes: new Set(['INCIDENTS_READ']) },
} as unknown as OperationContext

async function page(first: number, filter: EventFilter = {}, after?: string) {
  asked.clear()
  const { nodes, pageInfo } = await answered.events(filter, 'LOG', first, after, context)
  return {
    count: nodes.length,
    end: pageInfo.endCursor!,
    hasNext: pageInfo.hasNextPage,
    streams: asked.size,
  }
}

test('a page of the log asks who may see what of few incidents, however many there are', async () => {
  const { end } = await page(1)
  const next = await page(1, {}, end)
  expect(next).toMatchObject({ count: 1, hasNext: true })
  expect(next.streams).toBeGreaterThan(0)
  expect(next.streams).toBeLessThan(count / 2)
})

const declared = 'dev.incidentledger.incident.declared.v1'
test.each([
  ['all that is shown, page by page', {}, 37, 2 * count],
  ['what a filter shows, in long pages', { types: [declared] }, 100, count],
  ['what a filter shows, page by page', { types: [declared] }, 37, count],
])('the log gives %s', async (_, filter, first, expected) => {
  let shown = 0
  let after: string | undefined
  for (let hasNext = true; hasNext;) {
    const next = await page(first, filter, after)
    ;({ hasNext, end: after } = next)
    shown += next.count
  }
  expect(shown).toBe(expected)
})

test('a filter that shows nothing gives one empty page', async () => {
  expect(await page(1, { mode: ['DRILL'] })).toMatchObject({ count: 0, hasNext: false })
})
