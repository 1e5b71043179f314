import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { incidentIdOf } from '../../src/api/event.answer.js'
import { LogReader } from '../../src/event-store/sqlite/log-reader.js'
import type { StoredEvent } from '../../src/event-store/stored-event.js'
import { isOpenTo } from '../../src/incident/membership.js'
import { visibilityNow } from '../../src/replays/visibility-now.js'
import { Database } from '../../src/sqlite.js'
import { latestSeen } from '../../src/views/latest-seen.js'
import { listIncidents } from '../../src/views/list-incidents.js'
import { listTasks } from '../../src/views/list-tasks.js'
import { Projector } from '../../src/views/projector.js'
import { search } from '../../src/views/search.js'
import { openLive } from '../../src/views/views-file.js'
import { type App, logOf, newFolder, startApp } from '../support/app.js'
import { asPerson } from './support/viewers.js'

/** A log in which incidents are restricted by what declares them, beside something else, and later. */
let app: App
let events: StoredEvent[]
beforeAll(async () => {
  app = await startApp()
  await app.declared({ title: 'Odd logins', type: 'SECURITY', severity: 'SEV1' })
  const open = await app.declared({ title: 'Odd invoices' })
  const task = { title: 'Odd ones', assignee: { person: 'carol' }, timeboxMinutes: 5 }
  await app.act('alice', 'assignTask', open, task)
  await app.act('alice', 'reclassify', open, { type: 'SECURITY', reason: 'It is a theft' })
  await app.declared({ title: 'Odd hours', visibility: 'RESTRICTED' })
  const late = await app.declared({ title: 'Odd faces' })
  await app.act('alice', 'assignTask', late, task)
  await app.act('alice', 'recordObservation', late, { text: 'Odd too' })
  await app.act('alice', 'setVisibility', late, { visibility: 'RESTRICTED', reason: 'Names' })
  await app.declared({ title: 'Odd noises' })
  events = await logOf(app.store)
})
afterAll(() => app.close())

const stranger = asPerson('nobody')
const now = '2026-01-01T12:00:00.000Z'

/** The log by itself, and no views yet. */
function ledger() {
  const db = new Database(join(app.folder, 'log.sqlite'), { readonly: true })
  return { log: new LogReader(db), folder: newFolder(), close: () => db.close() }
}

/** All that any list, search or count shows to somebody who is in none of the incidents. */
async function shown(db: Database): Promise<Set<string>> {
  const found = await search({ whole: db }, stranger, 'odd', {}, 100)
  const latest = latestSeen(db, stranger)
  return new Set([
    ...listIncidents(db, stranger, {}, 'CHANGED_LATEST', 100).edges.map(({ node }) => node.id),
    ...listTasks(db, stranger, {}, now, 100).edges.map(({ node }) => node.incidentId),
    ...found.edges.map(({ hit }) => hit.incident),
    ...(latest ? [latest.id] : []),
  ])
}

/** The incidents that are open in the end: others are to be shown at no time before it either. */
function open(): Set<string> {
  const ids = new Set(events.map(({ stream }) => incidentIdOf(stream)).filter(id => id !== null))
  const isOpen = (id: string) =>
    isOpenTo(visibilityNow(events.filter(({ stream }) => stream === `incident-${id}`)), stranger)
  return new Set([...ids].filter(isOpen))
}

test.each([
  ['on and on', false],
  ['by a projector that is started again and again', true],
])('views that are brought up event by event, %s, show nothing restricted', async (_, restarts) => {
  const { log, folder, close } = ledger()
  let projector = new Projector(folder, log)
  const seen = openLive(folder)
  for (let n = 0; n < events.length; n++) {
    projector.catchUp(1)
    for (const id of await shown(seen)) expect(open()).toContain(id)
    if (!restarts) continue
    projector.close()
    projector = new Projector(folder, log)
  }
  expect(await shown(seen)).toEqual(open())
  projector.close()
  seen.close()
  close()
})
