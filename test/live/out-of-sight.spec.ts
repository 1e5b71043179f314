import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp, until } from '../support/app.js'
import { followed } from '../support/followed.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

type Followed = ReturnType<typeof followed>
const begun = async (...all: Followed[]) => until(() => all.every(one => one.told.length > 0))
const has = (one: Followed, text: string) => JSON.stringify(one.told).includes(text)
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
