import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cursorOf } from '../../src/api/cursor.js'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { LiveLog } from '../../src/live/live-log.js'
import { type App, startApp, until } from '../support/app.js'
import { followed } from '../support/followed.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

type Followed = ReturnType<typeof followed>
const begun = async (...all: Followed[]) => until(() => all.every(one => one.told.length > 0))
const has = (one: Followed, text: string) => JSON.stringify(one.told).includes(text)
const query = `subscription ($after: Cursor, $filter: EventFilter) {
  incidentEvents(after: $after, filter: $filter) { cursor event { id incidentId data } } }`
const events = (who: string, variables = {}, takes = Infinity) =>
  followed(app, who, query, variables, takes)
const changed = (who: string, id: string) =>
  followed(app, who, `subscription { incidentChanged(id: "${id}") { incident { title } } }`)
const list = (who: string) =>
  followed(app, who, 'subscription { incidentsChanged { incidentId incident { title } } }')
const board = (who: string) => followed(app, who, 'subscription { tasksChanged { incidentId } }')
const restrict = (id: string) => app.act('alice', 'setVisibility', id, { visibility: 'RESTRICTED' })
const observe = (id: string, text: string) => app.act('alice', 'recordObservation', id, { text })

test('that a restricted incident is declared is told to its members alone', async () => {
  const open = await app.declared({ title: 'Open' })
  const others = [list('bob'), board('bob'), changed('bob', open)]
  const alice = list('alice')
  await begun(...others, alice)
  const hidden = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  const task = { title: 'Look', assignee: { person: 'alice' }, timeboxMinutes: 10 }
  await app.act('alice', 'assignTask', open, task)
  await until(() => has(alice, hidden) && others.every(one => one.told.length > 1))
  for (const one of others) {
    expect(has(one, hidden)).toBe(false)
    expect(await one.stop()).toBeUndefined()
  }
  await alice.stop()
})

test('an incident that leaves their sight ends nothing that they are told of another', async () => {
  const one = await app.declared({ title: 'One' })
  const another = await app.declared({ title: 'Another' })
  const bob = changed('bob', one)
  await begun(bob)
  await restrict(another)
  await observe(one, 'still here')
  await until(() => bob.told.length > 1)
  expect(await bob.stop()).toBeUndefined()
})

test('who is behind is told of what was restricted meanwhile no more', async () => {
  const [id, other, open] = [await app.declared(), await app.declared(), await app.declared()]
  const bob = events('bob')
  await begun(bob)
  bob.block()
  await observe(id, 'no longer for bob')
  await app.act('alice', 'relateIncident', open, { to: other, kind: 'RELATED' })
  for (const one of [id, other]) await restrict(one)
  await observe(open, 'the last')
  const alice = events('alice', { after: bob.cursors[0] })
  await until(() => has(alice, 'the last'))
  bob.unblock()
  await until(() => has(bob, 'the last'))
  for (const text of ['no longer for bob', other]) {
    expect(has(alice, text)).toBe(true)
    expect(has(bob, text)).toBe(false)
  }
  await Promise.all([alice.stop(), bob.stop()])
})

test('nor of the rest of the page of the log that they were reading', async () => {
  const id = await app.declared()
  for (const text of ['first', 'second', 'third']) await observe(id, text)
  const open = await app.declared({ title: 'Open' })
  const [first] = await app.store.read(incidentStream(id), 0, 1)
  // Nobody listens: all of it is read from the log.
  app.app.get(LiveLog).look(performance.now() + 120_000)
  const bob = events('bob', { after: cursorOf(first!) }, 3)
  await until(() => bob.told.length === 3)
  await restrict(id)
  while (!has(bob, open)) {
    bob.unblock()
    await pause(10)
  }
  expect(has(bob, 'second') || has(bob, 'third')).toBe(false)
  await bob.stop()
})

test('who is shown what is restricted begins now, and not behind what else they would see', async () => {
  const hidden = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  await observe(hidden, 'before')
  const root = events('root', { filter: { includeRestricted: true } })
  await begun(root)
  await observe(hidden, 'after')
  await until(() => has(root, 'after'))
  expect(root.ids).toHaveLength(1)
  await root.stop()
})
