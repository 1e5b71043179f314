import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { v5 } from 'uuid'
import {
  HandleIncident,
  IncidentStreams,
  incidentStream,
} from '../../src/commands/handle-incident.js'
import { incidentSubject } from '../../src/commands/incident-subject.js'
import { Directory } from '../../src/commands/directory.js'
import { Timers } from '../../src/duties/timers.js'
import { OperatedStore } from '../../src/event-store/operated-store.js'
import { type Envelope, seal } from '../../src/event-store/stored-event.js'
import { Views } from '../../src/views/views.js'
import { type App, logOf, newFolder, startApp, until } from '../support/app.js'
import { FaultyStore } from '../support/faulty-store.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const type = 'dev.incidentledger.incident.task_timebox_expired.v1'
/** With no other timer than its own. */
const declared = (of = app) => of.declared({ severity: 'SEV2' })
const assign = async (id: string, timeboxMinutes = 5, options = {}, of = app) => {
  const input = { title: 'Fail over', assignee: { person: 'bob' }, timeboxMinutes }
  const { events } = await of.act('alice', 'assignTask', id, input, options)
  return events[0]!.data as { taskId: string; dueAt: string }
}
const expiries = async (id: string, of = app) =>
  (await of.store.read(incidentStream(id), 0)).filter(event => event.type === 'TaskTimeboxExpired')
const expired = (id: string, count = 1, of = app) =>
  until(async () => (await expiries(id, of)).length >= count)
/** Long enough for every runner to have looked more than once. */
const aWhile = () => new Promise(resolve => setTimeout(resolve, 600))

describe('a task whose time is up', () => {
  test('is told in the incident’s stream, once, at its due time', async () => {
    const id = await declared()
    const { taskId, dueAt } = await assign(id)
    app.clock.push(4)
    await aWhile()
    expect(await expiries(id)).toEqual([])
    app.clock.push(3)
    await expired(id)
    await aWhile()
    const [event, ...more] = await expiries(id)
    expect(more).toEqual([])
    expect(event).toMatchObject({
      data: { taskId, dueAt },
      actor: { type: 'TIMER', id: 'task-timebox' },
      occurredAt: dueAt,
      recordedAt: app.clock.now(),
      mode: 'LIVE',
      // For ever: a version that makes another name of a timer would not know what this one fired.
      commandId: v5(
        JSON.stringify([`incident-${id}`, 'task-timebox', taskId, dueAt]),
        '5b7c8f0e-53f5-4a43-9f8e-7d3a4f6c1b2a',
      ),
    })
  })

  test('is told also where a client took the name that its timer has', async () => {
    const id = await declared()
    const { taskId, dueAt } = await assign(id)
    const name = JSON.stringify([incidentStream(id), 'task-timebox', taskId, dueAt])
    const commandId = v5(name, '5b7c8f0e-53f5-4a43-9f8e-7d3a4f6c1b2a')
    const note = () => app.act('bob', 'recordObservation', id, { text: 'Hush' }, { commandId })
    const { revision } = await note()
    app.clock.push(5)
    await expired(id)
    await aWhile()
    expect(await expiries(id)).toHaveLength(1)
    expect((await note()).revision).toBe(revision)
  })

  test('is seen in the timeline, on the task, on the board and in the log', async () => {
    const id = await declared()
    const { taskId, dueAt } = await assign(id)
    app.clock.push(5)
    await expired(id)
    const { incident, events } = await app.told(
      'rob',
      `query ($id: ID!, $types: [String!]) {
        incident(id: $id) { viewerCan tasks { nodes { id timeboxExpiredAt endedAt } }
          timeline(first: 100) { nodes { type kind occurredAt sentence actor { type id name } } } }
        events(filter: { incidentId: $id, types: $types }) { nodes { type data } } }`,
      { id, types: [type] },
    )
    expect(incident.timeline.nodes.at(-1)).toEqual({
      type,
      kind: 'FACT',
      occurredAt: dueAt,
      sentence: 'The timebox of “Fail over” ended before the task did',
      actor: { type: 'TIMER', id: 'task-timebox', name: 'The timer of tasks' },
    })
    expect(incident.tasks.nodes).toEqual([{ id: taskId, timeboxExpiredAt: dueAt, endedAt: null }])
    expect(events.nodes).toEqual([{ type, data: { taskId, dueAt } }])
    const shown = async () =>
      (
        await app.told(
          'rob',
          `{ tasks(filter: { incidentId: "${id}" }) { nodes { timeboxExpiredAt } } }`,
        )
      ).tasks.nodes[0].timeboxExpiredAt
    await until(async () => (await shown()) === dueAt)
  })

  test('and that gets more time is told again when that is up', async () => {
    const id = await declared()
    const { taskId, dueAt } = await assign(id)
    app.clock.push(6)
    await expired(id)
    await app.act('bob', 'extendTask', id, { taskId, minutes: 10, reason: 'Lag' })
    app.clock.push(9)
    await aWhile()
    expect(await expiries(id)).toHaveLength(1)
    app.clock.push(1)
    await expired(id, 2)
    expect((await expiries(id)).map(({ occurredAt }) => occurredAt)).toEqual([
      dueAt,
      app.clock.now(),
    ])
  })

  test('is not told if it was done, or if the incident was over; reopened, it is', async () => {
    const [done, over] = [await declared(), await declared()]
    const { taskId } = await assign(done)
    const { dueAt } = await assign(over)
    await app.act('bob', 'completeTask', done, { taskId })
    await app.act('alice', 'resolveIncident', over, { summary: 'Fixed' })
    app.clock.push(30)
    await aWhile()
    expect([...(await expiries(done)), ...(await expiries(over))]).toEqual([])
    await app.act('alice', 'reopenIncident', over, { reason: 'Errors are back' })
    await expired(over)
    expect(await expiries(over)).toMatchObject([{ occurredAt: dueAt, recordedAt: app.clock.now() }])
  })

  test('in the past, when it is given, is told at once', async () => {
    app.clock.push(60)
    const occurredAt = new Date(Date.parse(app.clock.now()) - 10 * 60_000).toISOString()
    const { incident } = await app.act(
      'alice',
      'declareIncident',
      undefined,
      { title: 'x' },
      { occurredAt },
    )
    const { dueAt } = await assign(incident.id, 5, { occurredAt })
    expect(dueAt < app.clock.now()).toBe(true)
    await expired(incident.id)
    expect(await expiries(incident.id)).toMatchObject([{ occurredAt: dueAt }])
  })

  test('may still be said to have been done before', async () => {
    const id = await declared()
    const { taskId, dueAt } = await assign(id)
    app.clock.push(6)
    await expired(id)
    const occurredAt = new Date(Date.parse(dueAt) - 60_000).toISOString()
    const { events } = await app.act('bob', 'completeTask', id, { taskId }, { occurredAt })
    expect(events).toMatchObject([{ occurredAt }])
  })
})

describe('what an incident is told of by itself', () => {
  const told = async (id: string, type: string) =>
    (await app.store.read(incidentStream(id), 0)).filter(event => event.type === type)

  test('is a role that it needs and that nobody took, once', async () => {
    const id = await app.declared({ severity: 'SEV1' })
    const dueAt = new Date(Date.parse(app.clock.now()) + 5 * 60_000).toISOString()
    app.clock.push(6)
    await until(async () => (await told(id, 'RequiredRoleVacant')).length > 0)
    await app.act('alice', 'claimCommand', id)
    await aWhile()
    expect(await told(id, 'RequiredRoleVacant')).toMatchObject([
      {
        data: { role: 'INCIDENT_COMMANDER', dueAt },
        actor: { type: 'TIMER', id: 'required-role' },
        occurredAt: dueAt,
      },
    ])
  })

  test('is whoever was on for 90 minutes, once', async () => {
    const id = await declared()
    await app.act('bob', 'joinIncident', id)
    app.clock.push(89)
    await aWhile()
    expect(await told(id, 'RotationDue')).toEqual([])
    app.clock.push(1)
    await until(async () => (await told(id, 'RotationDue')).length > 0)
    await aWhile()
    expect(await told(id, 'RotationDue')).toMatchObject([
      {
        data: { person: await app.person('bob'), dueAt: app.clock.now() },
        actor: { type: 'TIMER', id: 'rotation' },
        occurredAt: app.clock.now(),
      },
    ])
  })
})

test('no client can send what the ledger does by itself', async () => {
  const id = await declared()
  const { taskId, dueAt } = await assign(id)
  const { errors } = await app.ask(
    'root',
    `mutation { expireTimebox(incidentId: "${id}", input: { taskId: "${taskId}", dueAt: "${dueAt}" }) { revision } }`,
  )
  expect(errors![0]!.message).toMatch('Cannot query field "expireTimebox"')
  // @ts-expect-error nor can a bus carry it
  void new HandleIncident(id, { type: 'ExpireTimebox', data: { taskId, dueAt } }, {})
})

test('after a restart, what fell due meanwhile is told', async () => {
  const folder = newFolder()
  const first = await startApp(folder)
  const id = await declared(first)
  const { dueAt } = await assign(id, 5, {}, first)
  await first.close()
  first.clock.push(600)
  const second = await startApp(folder, first.clock)
  await expired(id, 1, second)
  expect(await expiries(id, second)).toMatchObject([
    { occurredAt: dueAt, recordedAt: first.clock.now() },
  ])
  await second.close()
  const third = await startApp(folder, first.clock)
  await aWhile()
  expect(await expiries(id, third)).toHaveLength(1)
  await third.close()
})

describe('runners', () => {
  const started: Timers[] = []
  afterEach(async () => {
    for (const runner of started.splice(0)) await runner.beforeApplicationShutdown()
  })

  /** As another process has it: with a cache, and perhaps a store, of its own. */
  function runner(
    store: { holdsDuties: boolean } = app.app.get(OperatedStore),
    events = app.store,
  ) {
    const directory = app.app.get(Directory)
    const streams = new IncidentStreams(events, incidentSubject, {
      clock: app.clock.now,
      person: directory.person,
      called: directory.called,
      key: directory.key,
      policy: () => directory.policy,
      policyRevision: () => directory.revision,
    })
    const one = new Timers(store as OperatedStore, app.app.get(Views), streams, app.clock)
    started.push(one)
    one.onApplicationBootstrap()
    return one
  }
  const dueIn = async (count: number) => {
    const ids = await Promise.all(Array.from({ length: count }, () => declared()))
    await Promise.all(ids.map(id => assign(id)))
    return ids
  }
  const counts = async (ids: readonly string[]) =>
    Promise.all(ids.map(async id => (await expiries(id)).length))

  test('that look at one store at once record each timer once', async () => {
    const ids = await dueIn(50)
    const others = [runner(), runner()]
    app.clock.push(5)
    await Promise.all(ids.map(id => expired(id)))
    await aWhile()
    expect(new Set(await counts(ids))).toEqual(new Set([1]))
    const events = await logOf(app.store)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(others.map(({ condition }) => condition.check().ok)).toEqual([true, true])
  })

  describe('beside none of the app’s own', () => {
    beforeAll(() => app.app.get(Timers).beforeApplicationShutdown())

    test('record nothing while another process holds the duties, and all once they do', async () => {
      const ids = await dueIn(3)
      const store = { holdsDuties: false }
      const one = runner(store)
      app.clock.push(5)
      await aWhile()
      expect(await counts(ids)).toEqual([0, 0, 0])
      expect(one.condition.check()).toEqual({ ok: true, detail: expect.stringMatching('Another') })
      store.holdsDuties = true
      await Promise.all(ids.map(id => expired(id)))
      // It is on disk a moment before whoever recorded it is told.
      await until(() => one.fired === 3)
    })

    test('ask each batch anew whether the duties are theirs', async () => {
      const ids = await dueIn(60)
      app.clock.push(5)
      let asked = 0
      const one = runner({
        get holdsDuties() {
          return ++asked === 1
        },
      })
      await until(() => one.fired === 20)
      await aWhile()
      expect((await counts(ids)).filter(count => count === 1)).toHaveLength(20)
      runner()
      await Promise.all(ids.map(id => expired(id)))
    })

    test('let no timer that fails stop the others, and come back to it', async () => {
      const [newer, ...ids] = await dueIn(8)
      const last = (await app.store.read(incidentStream(newer!), 0)).at(-1)!
      const { id: _, hash, position: __, ...envelope } = last
      const next = { ...envelope, revision: last.revision + 1, type: 'CustomerNotified', data: {} }
      await app.store.append(last.stream, last.revision, [seal(hash, next as Envelope)])
      const faulty = new FaultyStore(app.store)
      faulty.faults.push('NOT_DONE', 'UNKNOWN', 'NOT_DONE')
      const one = runner(undefined, faulty)
      app.clock.push(5)
      await Promise.all(ids.map(id => expired(id)))
      await aWhile()
      expect(await counts([newer!, ...ids])).toEqual([0, 1, 1, 1, 1, 1, 1, 1])
      expect(one.condition.check()).toEqual({ ok: true, detail: '1 cannot be recorded.' })
      expect(one.readings.map(({ name, read }) => [name, read()])).toContainEqual([
        'ledger_timers_overdue',
        1,
      ])
    })

    test('wait while there are no views, and see to it once there are', async () => {
      const ids = await dueIn(2)
      app.clock.push(5)
      const views = app.app.get(Views)
      const missing = { db: undefined, isMissing: true }
      const late = Object.create(views, {
        db: { get: () => (missing.isMissing ? new Views(newFolder()).db : views.db) },
        position: { get: () => views.position },
        caughtUp: { value: views.caughtUp.bind(views) },
      }) as Views
      const one = new Timers(
        app.app.get(OperatedStore),
        late,
        app.app.get(IncidentStreams),
        app.clock,
      )
      started.push(one)
      one.onApplicationBootstrap()
      await aWhile()
      expect(await counts(ids)).toEqual([0, 0])
      missing.isMissing = false
      await Promise.all(ids.map(id => expired(id)))
    })

    test('go on while the views are made anew', async () => {
      const ids = await dueIn(5)
      runner()
      const rebuilt = app.app.get(OperatedStore).rebuildViews(() => {})
      app.clock.push(5)
      await Promise.all(ids.map(id => expired(id)))
      await rebuilt
      await aWhile()
      expect(new Set(await counts(ids))).toEqual(new Set([1]))
    })
  })
})

test('health and metrics tell of timers', async () => {
  const scraped = await (await fetch(`${app.url}/metrics`)).text()
  expect(scraped).toMatch(/^# TYPE ledger_timers_fired_total counter$/m)
  expect(Number(/^ledger_timers_fired_total (\d+)$/m.exec(scraped)![1])).toBeGreaterThan(5)
  for (const name of ['armed', 'overdue', 'failing'])
    expect(scraped).toMatch(new RegExp(`^ledger_timers_${name} \\d+$`, 'm'))
  const ready = (await (await fetch(`${app.url}/health/ready`)).json()) as any
  expect(ready.checks).toContainEqual(expect.objectContaining({ name: 'timers', ok: true }))
})
