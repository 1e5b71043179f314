import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Directory } from '../../src/commands/directory.js'
import {
  HandleIncident,
  IncidentStreams,
  incidentStream,
} from '../../src/commands/handle-incident.js'
import { incidentSubject } from '../../src/commands/incident-subject.js'
import { Counterparts } from '../../src/duties/counterparts.js'
import { OperatedStore } from '../../src/event-store/operated-store.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import type { IncidentCommand } from '../../src/incident/incident.js'
import { Views } from '../../src/views/views.js'
import { type App, newFolder, startApp, until } from '../support/app.js'
import { other } from '../support/given.js'
import { FaultyStore } from '../support/faulty-store.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const typesOf = async (id: string, of = app) =>
  (await of.store.read(incidentStream(id), 0)).map(({ type }) => type).slice(2)
const noted = (id: string, types: readonly string[], of = app) =>
  until(async () => JSON.stringify(await typesOf(id, of)) === JSON.stringify(types))
const several = (count: number, of = app) =>
  Promise.all(Array.from({ length: count }, () => of.declared()))
/** Long enough for whoever looks to have looked more than once. */
const aWhile = () => new Promise(resolve => setTimeout(resolve, 600))

describe('what one incident says of another', () => {
  test('is noted there, once, when it was said, and by whom it was caused', async () => {
    const [here, there] = (await several(2)) as [string, string]
    const { events } = await app.act('alice', 'mergeIncident', here, { into: there })
    await noted(there, ['IncidentAbsorbed'])
    await aWhile()
    const [absorbed, ...more] = (await app.store.read(incidentStream(there), 0)).slice(2)
    expect(more).toEqual([])
    expect(absorbed).toMatchObject({
      data: { from: here, fromRevision: events[0]!.revision },
      actor: { type: 'TIMER', id: 'counterpart' },
      occurredAt: events[0]!.occurredAt,
      causationId: events[0]!.id,
    })
  })

  test('is noted in the order in which it was said, each word of it', async () => {
    const [here, there] = (await several(2)) as [string, string]
    await app.act('alice', 'relateIncident', here, { to: there, kind: 'RELATED' })
    await app.act('alice', 'unrelateIncident', here, { to: there, kind: 'RELATED' })
    await app.act('alice', 'setParent', here, { parent: there })
    await app.act('alice', 'markDuplicate', here, { of: there })
    await app.act('alice', 'unmergeIncident', here, { reason: 'Two causes' })
    await app.act('alice', 'removeParent', here, {})
    await noted(there, [
      'RelationNoted',
      'RelationDropped',
      'ChildAdded',
      'IncidentAbsorbed',
      'IncidentReleased',
      'ChildRemoved',
    ])
  })

  test('is noted in one that is closed too', async () => {
    const [here, there] = (await several(2)) as [string, string]
    await app.act('alice', 'closeIncident', there, {})
    await app.act('alice', 'markDuplicate', here, { of: there })
    await noted(there, ['IncidentClosed', 'IncidentAbsorbed'])
  })

  test('cannot be sent by a client', () => {
    const data = { from: 'x', fromRevision: 1, kind: 'CHILD', holds: true }
    // @ts-expect-error nor can a bus carry it
    void new HandleIncident('x', { type: 'NoteCounterpart', data }, {})
  })
})

describe('incidents that at the same time', () => {
  const inOrder = async (count: number) =>
    (await several(count)).toSorted() as [string, string, ...string[]]
  /** As it is decided on a replica that does not know yet what was recorded on another. */
  const says = (id: string, command: IncidentCommand, knows: string) =>
    app.app
      .get(IncidentStreams)
      .execute(
        incidentStream(id),
        command,
        { actor: { type: 'USER', id: 'alice' }, correlationId: '0'.repeat(32) },
        async () => ({ other: { ...other, id: knows } }),
      )
  const merges = (id: string, into: string) =>
    says(id, { type: 'MergeIncident', data: { into } }, into)
  const isPart = (id: string, parent: string) =>
    says(id, { type: 'SetParent', data: { parent } }, parent)

  test('are merged into one another end with the least id as the one that stays', async () => {
    const [least, second] = await inOrder(2)
    await Promise.all([merges(least, second), merges(second, least)])
    const told = async () =>
      (await app.told(
        'rob',
        `{ a: incident(id: "${least}") { status mergedInto { id } mergedFrom { id } }
             b: incident(id: "${second}") { status mergedInto { id } mergedFrom { id } } }`,
      )) as object
    const end = {
      a: { status: 'ACTIVE', mergedInto: null, mergedFrom: [{ id: second }] },
      b: { status: 'MERGED', mergedInto: { id: least }, mergedFrom: [] },
    }
    await until(async () => JSON.stringify(await told()) === JSON.stringify(end))
    await aWhile()
    expect(await told()).toEqual(end)
    expect((await typesOf(least)).toSorted()).toEqual([
      'IncidentAbsorbed',
      'IncidentMerged',
      'IncidentUnmerged',
    ])
  })

  test('are made parts of one another, three in a circle, end in a line', async () => {
    const [least, second, third] = (await inOrder(3)) as [string, string, string]
    await Promise.all([isPart(second, least), isPart(least, third), isPart(third, second)])
    const parents = async () =>
      Promise.all(
        [least, second, third].map(
          async id =>
            (await app.told('rob', `{ incident(id: "${id}") { parent { id } } }`)).incident.parent
              ?.id ?? null,
        ),
      )
    const end = [null, least, second]
    await until(async () => JSON.stringify(await parents()) === JSON.stringify(end))
  })
})

test('after a restart, what was not noted is', async () => {
  const folder = newFolder()
  const first = await startApp(folder)
  const [here, there] = (await several(2, first)) as [string, string]
  await first.app.get(Counterparts).beforeApplicationShutdown()
  await first.act('alice', 'setParent', here, { parent: there })
  await first.close()
  const second = await startApp(folder, first.clock)
  await noted(there, ['ChildAdded'], second)
  await second.close()
})

describe('beside none of the app’s own', () => {
  const started: Counterparts[] = []
  beforeAll(() => app.app.get(Counterparts).beforeApplicationShutdown())
  afterEach(async () => {
    for (const one of started.splice(0)) await one.beforeApplicationShutdown()
  })

  /** As another process has it: with a cache, and perhaps a store, of its own. */
  function runner(events: EventStore = app.store) {
    const { person, revision } = app.app.get(Directory)
    const streams = new IncidentStreams(events, incidentSubject, {
      ...app.app.get(IncidentStreams)['surroundings'],
      clock: app.clock.now,
      person,
      policyRevision: () => revision,
    })
    const one = new Counterparts(app.app.get(OperatedStore), app.app.get(Views), streams)
    started.push(one)
    one.onApplicationBootstrap()
    return one
  }

  test('several note each word once', async () => {
    const there = await app.declared()
    const parts = await several(30)
    await Promise.all(parts.map(id => app.act('alice', 'setParent', id, { parent: there })))
    const all = [runner(), runner(), runner()]
    await until(async () => (await typesOf(there)).length >= 30)
    await aWhile()
    const events = (await app.store.read(incidentStream(there), 0)).slice(2)
    expect(events.map(({ data }: any) => data.from).toSorted()).toEqual(parts.toSorted())
    expect(all.map(({ condition }) => condition.check().ok)).toEqual([true, true, true])
  })

  test('one whose store fails and forgets notes each word once, in order', async () => {
    const [here, there] = (await several(2)) as [string, string]
    for (let n = 0; n < 3; n++) {
      await app.act('alice', 'setParent', here, { parent: there })
      await app.act('alice', 'removeParent', here, {})
    }
    const faulty = new FaultyStore(app.store)
    faulty.faults.push('NOT_DONE', 'UNKNOWN', 'NOT_DONE')
    const one = runner(faulty)
    await noted(there, Array(3).fill(['ChildAdded', 'ChildRemoved']).flat())
    await until(async () => one.readings.every(({ read }) => read() === 0))
  })
})
