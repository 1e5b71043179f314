import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { configFrom } from '../../src/config.js'
import { type App, PushedClock, codeOf, logOf, newFolder, startApp, until } from '../support/app.js'
import { fault } from '../support/eventstoredb/faults.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { puller } from '../support/feeds.js'
import { followed } from '../support/followed.js'

let server: TestServer
let app: App
beforeAll(async () => {
  server = await TestServer.start()
  const { store } = configFrom({ LEDGER_STORE: server.url })
  app = await startApp(newFolder(), new PushedClock(), { store })
  // From now on the log comes one event at a time, with a pause behind each.
  server.faults.always('subscribe', fault.cutAt(1))
  server.dropAll()
})
afterAll(async () => {
  await app.close()
  await server.stop()
})

const lists = `{
  incidents(first: 100) { nodes { id type } }
  search(query: "odd", first: 100) { nodes { incident { id } } }
}`

test('while the log comes event by event, nobody is shown a restricted incident for a moment', async () => {
  const open = await app.declared({ title: 'Odd noises' })
  const live = followed(app, 'partner', 'subscription { incidentEvents { event { incidentId } } }')
  const later = await app.declared({ title: 'Odd invoices' })
  const told = (ids: any[]) => ids.filter(id => id !== null && id !== open && id !== later)
  let isOver = false
  let looks = 0
  const looking = (async () => {
    const seen: unknown[] = []
    while (!isOver) {
      const { incidents, search } = await app.told('rob', lists)
      seen.push(...told(incidents.nodes.map(({ id }: any) => id)))
      seen.push(...incidents.nodes.filter(({ type }: any) => type === 'SECURITY'))
      seen.push(...told(search.nodes.map(({ incident }: any) => incident.id)))
      const named = await app.ask('rob', '{ incident(reference: "INC-3") { id } }')
      if (codeOf(named) !== 'INCIDENT_NOT_FOUND') seen.push(named)
      looks++
    }
    return seen
  })()
  const hidden = await app.declared({ title: 'Odd logins', type: 'SECURITY', severity: 'SEV1' })
  await app.act('alice', 'reclassify', later, { type: 'SECURITY', reason: 'It is a theft' })
  await app.act('alice', 'recordObservation', open, { text: 'Odd' })
  const all = await logOf(app.store)
  await until(() => live.told.length >= 2)
  isOver = true
  expect(await looking).toEqual([])
  expect(looks).toBeGreaterThan(0)
  expect(all.filter(({ stream }) => stream === `incident-${hidden}`).length).toBeGreaterThan(2)
  await live.stop()
  expect(told(live.answers.map(({ event }) => event?.incidentId ?? null))).toEqual([])
  const { events } = await puller(app)('/events')
  expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set([open]))
})
