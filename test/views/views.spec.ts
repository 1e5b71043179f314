import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { StoreDamaged } from '../../src/event-store/event-store.js'
import type { Database } from '../../src/sqlite.js'
import { KeptViews } from '../../src/views/kept-views.js'
import { listIncidents } from '../../src/views/list-incidents.js'
import { fileOf, generation } from '../../src/views/views-file.js'
import { Views } from '../../src/views/views.js'
import { newFolder } from '../support/app.js'
import { eventOf } from './support/events.js'
import { exampleHistory } from './support/histories.js'
import { everything } from './support/viewers.js'
import { Ledger, tablesOf } from './support/ledgers.js'

const history = exampleHistory(5, 300)
const opened: { close(): void }[] = []
afterEach(() => {
  for (const one of opened.splice(0).toReversed()) one.close()
})

function start(events = history) {
  const ledger = new Ledger()
  ledger.append(events)
  const kept = new KeptViews(ledger.folder, ledger.log)
  const views = new Views(ledger.folder)
  opened.push(ledger, kept, views)
  return { ledger, kept, views }
}
const declaredAs = (id: string) =>
  eventOf(`incident-${id}`, [], {
    type: 'IncidentDeclared',
    data: { reference: 'INC-9', title: 'New', type: 'SERVICE', mode: 'LIVE', status: 'ACTIVE' },
  })
const listed = (views: Views) =>
  listIncidents(views.db, everything, {}, 'DECLARED_LATEST', 100).edges
const viewsFiles = (ledger: Ledger) =>
  readdirSync(ledger.folder).filter(name => /^views.*sqlite$/.test(name))

test('the old views serve and stay up to the log while new ones are built, and then those do', () => {
  const { ledger, kept, views } = start()
  views.moved(kept.catchUp().position)
  const before = listed(views)
  const tables = ledger.views(tablesOf)
  kept.rebuild()
  for (let step = 0; ; step++) {
    const { position, done } = kept.catchUp(20)
    expect(listed(views)).toEqual(before)
    expect(position).toBe(BigInt(history.length))
    views.moved(position)
    expect(listed(views)).toEqual(before)
    if (done) break
    expect(kept.rebuilding).toEqual({ state: 'BUILDING', position: BigInt(20 * (step + 1)) })
  }
  expect(kept.rebuilding).toEqual({ state: 'DONE', position: BigInt(history.length) })
  expect(viewsFiles(ledger)).toEqual(['views.2.sqlite'])
  expect(ledger.views(tablesOf)).toEqual(tables)
})

test('what is recorded during a rebuild is listed at once, and after it still', () => {
  const { ledger, kept, views } = start()
  views.moved(kept.catchUp().position)
  kept.rebuild()
  kept.catchUp(50)
  ledger.append([declaredAs('new')])
  const position = BigInt(history.length + 1)
  expect(kept.catchUp(50)).toEqual({ position, done: false })
  const isListed = (id = 'new') => listed(views).some(({ node }) => node.id === id)
  expect(isListed()).toBe(true)
  while (!kept.catchUp(50).done);
  views.moved(position)
  expect(kept.rebuilding).toEqual({ state: 'DONE', position })
  expect(isListed()).toBe(true)
  ledger.append([declaredAs('newer')])
  views.moved(kept.catchUp().position)
  expect(isListed('newer')).toBe(true)
})

test('a rebuild that meets a damaged log gives up, and the old views go on', () => {
  const { ledger, kept, views } = start()
  views.moved(kept.catchUp().position)
  const before = listed(views)
  ledger.logDb.exec(`update events set bytes = '{}' where position = 60`)
  kept.rebuild()
  while (!kept.catchUp(50).done);
  expect(kept.rebuilding).toMatchObject({ state: 'FAILED', error: expect.stringContaining('60') })
  expect(listed(views)).toEqual(before)
  expect(viewsFiles(ledger)).toEqual(['views.1.sqlite'])
})

test.each([
  ['of another version', (ledger: Ledger) => ledger.views(db => db.pragma('user_version = 7'))],
  ['without a schema that holds', (ledger: Ledger) => ledger.views(spoilSchema)],
  ['that is no database', (ledger: Ledger) => writeFileSync(liveFile(ledger), 'x'.repeat(9000))],
  ['that is missing', (ledger: Ledger) => writeFileSync(join(ledger.folder, 'views.3.sqlite'), '')],
])('a file of views %s is made again from the log', (_, spoil) => {
  const { ledger, kept } = start()
  kept.catchUp()
  const before = ledger.views(tablesOf)
  kept.close()
  spoil(ledger)
  const again = new KeptViews(ledger.folder, ledger.log)
  opened.push(again)
  again.catchUp()
  expect(ledger.views(tablesOf)).toEqual(before)
  expect(viewsFiles(ledger)).toHaveLength(1)
})
function spoilSchema(db: Database): void {
  db.unsafeMode()
  db.pragma('writable_schema = on')
  db.exec(`update sqlite_master set rootpage = 999999 where name = 'incident_list_by_changed'`)
}
const liveFile = ({ folder }: Ledger) => fileOf(folder, generation(folder))

test('a file of views that turns out damaged begins anew, if not at once then later', () => {
  const { ledger, kept, views } = start()
  views.moved(kept.catchUp().position)
  expect(listed(views)).toHaveLength(5)
  kept.close()
  views.close()
  const page = ledger.views(db =>
    db
      .prepare<[], number>(`select rootpage from sqlite_master where name like '%by_changed'`)
      .pluck()
      .get(),
  )
  const file = openSync(liveFile(ledger), 'r+')
  writeSync(file, Buffer.alloc(4096, 'x'), 0, 4096, (page! - 1) * 4096)
  closeSync(file)
  const again = new KeptViews(ledger.folder, ledger.log)
  opened.push(again)
  const stream = history.filter(event => event.stream === 'incident-0')
  ledger.append([eventOf('incident-0', stream, { type: 'TitleChanged', data: { title: 'New' } })])
  // The new file cannot be made, as on a full disk.
  const inTheWay = join(ledger.folder, 'views.next.sqlite')
  mkdirSync(inTheWay)
  expect(() => again.catchUp()).toThrow(inTheWay)
  rmdirSync(inTheWay)
  expect(again.catchUp()).toEqual({ position: 0n, done: false })
  const { position } = again.catchUp()
  views.moved(position)
  expect(listed(views).map(({ node }) => node.title)).toContain('New')
  expect(viewsFiles(ledger)).toEqual(['views.2.sqlite'])
})

test('a rebuild from a log that is damaged ends, and says why', () => {
  const { ledger } = start()
  const readAll = () => {
    throw new StoreDamaged('As told')
  }
  const kept = new KeptViews(ledger.folder, { ...ledger.log, readAll })
  opened.push(kept)
  kept.rebuild()
  expect(() => kept.catchUp()).toThrow('As told')
  expect(kept.rebuilding).toMatchObject({ state: 'FAILED', error: 'Error: As told' })
})

test('before there are views, or while they are another version’s, a query is refused', () => {
  const ledger = new Ledger()
  const views = new Views(ledger.folder)
  opened.push(ledger, views)
  const refused = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })
  expect(() => views.db).toThrow(refused)
  ledger.project()
  ledger.views(db => db.pragma('user_version = 7'))
  expect(() => views.db).toThrow(refused)
  ledger.project()
  expect(listed(views)).toEqual([])
})

test('whoever waits for a position is told when it is shown, or that it took too long', async () => {
  const { kept, views } = start()
  const { position } = kept.catchUp()
  const waiting = [views.caughtUp(position, 60_000), views.caughtUp(position + 1n, 1)]
  views.moved(position)
  expect(await Promise.all(waiting)).toEqual([true, false])
  expect(await views.caughtUp(position, 0)).toBe(true)
  expect(views.position).toBe(position)
})

test('whoever waits when the views are closed is told that they are late', async () => {
  const { views } = start([])
  const waiting = views.caughtUp(1n, 60_000)
  views.close()
  expect(await waiting).toBe(false)
})

test('no more wait than are bounded', async () => {
  const { views } = start([])
  const waiting = Array.from({ length: 10_001 }, () => views.caughtUp(1n, 60_000))
  expect(await waiting.at(-1)).toBe(false)
  views.moved(1n)
  expect(await Promise.all(waiting.slice(0, -1))).not.toContain(false)
})

test('views that are late are waited for once, and not by one after the other', async () => {
  let nowMs = 0
  const views = new Views(newFolder(), () => nowMs)
  views.moved(1n)
  const first = views.soonCaughtUp(101n, hourMs)
  nowMs += hourMs
  expect(await views.soonCaughtUp(102n, hourMs)).toBe(false)
  views.moved(101n)
  const next = views.soonCaughtUp(103n, hourMs)
  views.moved(103n)
  expect(await Promise.all([first, next])).toEqual([true, true])
  expect(await views.soonCaughtUp(103n, 0)).toBe(true)
})

test('views that have told nothing since a start are waited for by everybody', async () => {
  let nowMs = 0
  const views = new Views(newFolder(), () => nowMs)
  const first = views.soonCaughtUp(5n, hourMs)
  nowMs += hourMs
  const second = views.soonCaughtUp(6n, hourMs)
  views.moved(6n)
  expect(await Promise.all([first, second])).toEqual([true, true])
})

const hourMs = 3_600_000
