import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cursorOf } from '../../src/api/cursor.js'
import { configFrom } from '../../src/config.js'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { LiveLog } from '../../src/live/live-log.js'
import { type App, PushedClock, codeOf, newFolder, startApp, until } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { followed } from '../support/followed.js'

const events = `subscription ($after: Cursor, $filter: EventFilter) {
  incidentEvents(after: $after, filter: $filter) { cursor event { id type incidentId data } } }`
const typesOf = ({ answers }: ReturnType<typeof followed>) =>
  answers.flatMap(({ event }) => (event ? [event.type.split('.').at(-2)] : []))

describe.each([
  ['SQLite', 500],
  ['EventStoreDB', 100],
])('events out of %s', (what, cutsMin) => {
  let app: App
  let server: TestServer | undefined
  beforeAll(async () => {
    if (what === 'EventStoreDB') server = await TestServer.start({})
    const store = server ? { store: configFrom({ LEDGER_STORE: server.url }).store } : {}
    app = await startApp(newFolder(), new PushedClock(), store)
  })
  afterAll(async () => {
    await app.close()
    await server?.stop()
  })
  const follow = (who: string, variables = {}, takes = Infinity) =>
    followed(app, who, events, variables, takes)

  test('are told from now on, in order, and the first answer says from where', async () => {
    await app.declared({ title: 'Before' })
    const one = follow('partner')
    await until(() => one.answers.length > 0)
    const [first] = one.answers
    expect(first.event).toBeNull()
    const id = await app.declared({ title: 'After' })
    await app.act('alice', 'recordObservation', id, { text: 'x' })
    await until(() => typesOf(one).includes('observation_recorded'))
    expect(await one.stop()).toBeUndefined()
    const stored = await app.store.read(incidentStream(id), 0)
    expect(one.ids).toEqual(stored.map(event => event.id))
    const again = follow('partner', { after: first.cursor })
    await until(() => again.ids.length === one.ids.length)
    expect(again.ids).toEqual(one.ids)
    await again.stop()
  })

  test('are told behind any cursor, those of a receipt and of a list too, without a gap at the seam', async () => {
    const { position, incident } = await app.act('alice', 'declareIncident', undefined, {
      title: 'Seam',
    })
    const writing = (async () => {
      for (let i = 0; i < 60; i++)
        await app.act('alice', 'recordObservation', incident.id, { text: String(i) })
    })()
    const all = Array.from({ length: 5 }, () => follow('partner', { after: position }))
    await writing
    await until(() => all.every(one => one.ids.length === 60))
    const stored = await app.store.read(incidentStream(incident.id), 0)
    for (const one of all) expect(one.ids).toEqual(stored.slice(-60).map(event => event.id))
    await Promise.all(all.map(one => one.stop()))
  })

  test('are each told once however often it is cut and gone on with', async () => {
    const from = follow('partner')
    await until(() => from.answers.length > 0)
    const after = from.answers[0].cursor
    await from.stop()
    const id = await app.declared()
    let isWriting = true
    const writing = (async () => {
      for (let i = 0; i < cutsMin / 2; i++)
        await app.act('alice', 'recordObservation', id, { text: String(i) })
      isWriting = false
    })()
    const seen: string[] = []
    let cursor = after
    let cuts = 0
    const cutAt = () => Math.floor(Math.random() * 4)
    for (; isWriting || cuts < cutsMin; cuts++) {
      const one = follow('partner', { after: cursor })
      const enough = cutAt()
      if (isWriting) await until(() => one.answers.length > enough || !isWriting)
      else if (enough > 1) await new Promise(resolve => setImmediate(resolve))
      await one.stop()
      seen.push(...one.ids)
      cursor = one.cursors.at(-1) ?? cursor
    }
    await writing
    const rest = follow('partner', { after: cursor })
    const stored = (await app.store.read(incidentStream(id), 0)).map(event => event.id)
    await until(() => seen.length + rest.ids.length >= stored.length)
    expect([...seen, ...rest.ids]).toEqual(stored)
    await rest.stop()
  }, 120_000)

  test('are followed for nobody once nobody has listened for a minute, and from anywhere after that', async () => {
    const log = app.app.get(LiveLog)
    const inMs = (ms: number) => log.look(performance.now() + ms)
    const one = follow('partner')
    await until(() => one.answers.length > 0)
    inMs(120_000)
    expect(log.isFollowing).toBe(true)
    await one.stop()
    inMs(120_000 + 59_000)
    expect(log.isFollowing).toBe(true)
    inMs(120_000 + 61_000)
    expect(log.isFollowing).toBe(false)
    const id = await app.declared({ title: 'Nobody looks' })
    const again = follow('partner', { after: one.cursors.at(-1) })
    await app.act('alice', 'recordObservation', id, { text: 'x' })
    const stored = await app.store.read(incidentStream(id), 0)
    await until(() => again.ids.length === stored.length)
    expect(again.ids).toEqual(stored.map(event => event.id))
    await again.stop()
  })

  test('of a restricted incident are told to its members, and from when they are', async () => {
    const [alice, bob] = [follow('alice'), follow('bob')]
    await until(() => alice.answers.length > 0 && bob.answers.length > 0)
    const id = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
    await app.act('alice', 'recordObservation', id, { text: 'for members' })
    await until(() => JSON.stringify(alice.told).includes('for members'))
    await app.act('alice', 'grantMembership', id, { person: 'bob' })
    await app.act('alice', 'recordObservation', id, { text: 'for bob too' })
    await until(() => JSON.stringify(bob.told).includes('for bob too'))
    await app.act('alice', 'revokeMembership', id, { person: 'bob' })
    await app.act('alice', 'recordObservation', id, { text: 'not for bob' })
    const open = await app.declared({ title: 'Open' })
    await until(() => [alice, bob].every(one => one.answers.at(-1).event?.incidentId === open))
    expect(typesOf(alice).filter(type => type === 'observation_recorded')).toHaveLength(3)
    expect(typesOf(bob).slice(0, 2)).toEqual(['membership_granted', 'observation_recorded'])
    expect(JSON.stringify(bob.told)).not.toMatch(/for members|not for bob|leaked/)
    await Promise.all([alice.stop(), bob.stop()])
  })

  test('name no other incident to whom it is not there', async () => {
    const hidden = await app.declared({ title: 'Secret', type: 'SECURITY' })
    const open = await app.declared({ title: 'Open' })
    const [alice, bob] = [follow('alice'), follow('bob')]
    await until(() => alice.answers.length > 0 && bob.answers.length > 0)
    await app.act('alice', 'relateIncident', open, { to: hidden, kind: 'RELATED' })
    await until(() =>
      [alice, bob].every(one => typesOf(one).some(type => type.includes('related'))),
    )
    expect(JSON.stringify(alice.told)).toContain(hidden)
    expect(JSON.stringify(bob.told)).not.toContain(hidden)
    expect(
      bob.answers.find(({ event }) => event?.type.includes('related')).event.data.to,
    ).toBeNull()
    await Promise.all([alice.stop(), bob.stop()])
  })

  test('of exercises are told to those who ask for them', async () => {
    const [earnest, drills] = [
      follow('partner'),
      follow('partner', { filter: { mode: ['DRILL'] } }),
    ]
    await until(() => earnest.answers.length > 0 && drills.answers.length > 0)
    const drill = await app.declared({ mode: 'DRILL' })
    const live = await app.declared()
    await until(() => earnest.ids.length > 0 && drills.ids.length > 0)
    const about = (one: typeof drills) =>
      new Set(one.answers.flatMap(({ event }) => (event ? [event.incidentId] : [])))
    expect([about(earnest), about(drills)]).toEqual([new Set([live]), new Set([drill])])
    await Promise.all([earnest.stop(), drills.stop()])
  })

  test('are told of one who reads again at their own pace, and nothing is kept for them', async () => {
    const one = follow('partner')
    await until(() => one.answers.length > 0)
    one.block()
    const id = await app.declared()
    for (let i = 0; i < 20; i++) await app.act('alice', 'recordObservation', id, { text: 'x' })
    expect(one.ids).toHaveLength(0)
    one.unblock()
    const stored = (await app.store.read(incidentStream(id), 0)).map(event => event.id)
    await until(() => one.ids.length === stored.length)
    expect(one.ids).toEqual(stored)
    await one.stop()
  })

  test('who stops reading, behind or at the end, is told so with where they are, and nothing after it', async () => {
    const id = await app.declared()
    for (let i = 0; i < 10; i++) await app.act('alice', 'recordObservation', id, { text: 'x' })
    const stored = async () => (await app.store.read(incidentStream(id), 0)).map(({ id }) => id)
    const [first] = await app.store.read(incidentStream(id), 0, 1)
    const log = app.app.get(LiveLog)
    log.look(performance.now() + 120_000)
    expect(log.isFollowing).toBe(false)
    // Nobody listens: all of it is read from the log.
    const behind = follow('partner', { after: cursorOf(first!) }, 4)
    await until(() => behind.ids.length === 3)
    const [atEnd, other] = [follow('partner'), follow('bob')]
    await until(() => atEnd.answers.length > 0 && other.answers.length > 0)
    await app.act('alice', 'recordObservation', id, { text: 'seen' })
    await until(() => atEnd.ids.length === 1)
    atEnd.block()
    await app.act('alice', 'recordObservation', id, { text: 'not seen' })
    await until(() => other.ids.length === 2)
    const told = [behind.ids, atEnd.ids]
    for (const [i, one] of [behind, atEnd].entries()) {
      expect(await one.ended).toEqual([
        expect.objectContaining({
          extensions: { code: 'SLOW_CONSUMER', details: { cursor: one.cursors.at(-1) } },
        }),
      ])
      expect(one.ids).toEqual(told[i])
      const rest = follow('partner', { after: one.cursors.at(-1) })
      const all = (await stored()).slice(one === behind ? 1 : -2)
      await until(() => one.ids.length + rest.ids.length === all.length)
      expect([...one.ids, ...rest.ids]).toEqual(all)
      await rest.stop()
    }
    await other.stop()
  })

  test('who reads slowly, but reads, is waited for', async () => {
    const one = follow('partner')
    await until(() => one.answers.length > 0)
    one.block()
    const id = await app.declared()
    for (const endsMs = performance.now() + 5500; performance.now() < endsMs;) {
      one.sip()
      await new Promise(resolve => setTimeout(resolve, 1000))
    }
    one.unblock()
    const stored = (await app.store.read(incidentStream(id), 0)).map(event => event.id)
    await until(() => one.ids.length === stored.length)
    expect(one.ids).toEqual(stored)
    await one.stop()
  })

  test.each([
    ['of another history', 'incident-01890000-0000-7000-8000-000000000000 3'],
    ['of an event that is none here', 'organisation 0'],
  ])('cannot be told behind a place %s: where to begin is told instead', async (_, place) => {
    const foreign = Buffer.from(`${place} 01890000-0000-8000-8000-000000000000`)
    const [refused] = (await follow('partner', { after: foreign.toString('base64url') }).ended)!
    expect(refused!.extensions!.code).toBe('REFRESH_REQUIRED')
    const { cursor } = refused!.extensions!.details as { cursor: string }
    const again = follow('partner', { after: cursor })
    await until(() => again.answers.length > 0)
    await again.stop()
  })

  test('cannot be told behind what is no cursor', async () => {
    const [refused] = (await follow('partner', { after: 'x' }).ended)!
    expect(refused!.extensions!.code).toBe('INVALID_CURSOR')
  })

  test('of the organisation are for who may read them, and asked for', async () => {
    const filter = { includeOrganisation: true }
    const [refused] = (await follow('partner', { filter }).ended)!
    expect(refused!.extensions).toMatchObject({ code: 'SCOPE_MISSING' })
    const [root, plain] = [follow('root', { filter }), follow('root')]
    await until(() => root.answers.length > 0 && plain.answers.length > 0)
    await app.organise('registerPerson', { handle: `new-${what.toLowerCase()}`, name: 'New' })
    await until(() => root.ids.length > 0)
    expect(typesOf(root)).toEqual(['person_registered'])
    expect(plain.ids).toEqual([])
    await Promise.all([root.stop(), plain.stop()])
  })

  test('are out of the sight of whoever holds no scope for them', () => {
    for (const who of ['rob', 'carol', 'nobody'])
      expect(() => follow(who === 'nobody' ? 'rob' : who)).toThrow(/needs events:subscribe/)
  })
})

describe('how things stand', () => {
  let app: App
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.close())
  const changed = (who: string, id: string) =>
    followed(
      app,
      who,
      'subscription ($id: ID!) { incidentChanged(id: $id) { cursor incident { title revision viewerCan } } }',
      { id },
    )
  const list = (who: string, filter: object) =>
    followed(
      app,
      who,
      `subscription ($filter: IncidentFilter) {
        incidentsChanged(filter: $filter) { cursor incidentId incident { title severity } } }`,
      { filter },
    )
  const board = (who: string, filter: object) =>
    followed(
      app,
      who,
      `subscription ($filter: TaskFilter) {
        tasksChanged(filter: $filter) { cursor incidentId taskId task { title status } } }`,
      { filter },
    )

  test('an incident is told as it is, and again after each of its events, to each as they may act', async () => {
    const id = await app.declared({ title: 'One' })
    const [alice, partner] = [changed('alice', id), changed('partner', id)]
    await until(() => alice.answers.length > 0 && partner.answers.length > 0)
    await app.declared({ title: 'Another' })
    await app
      .act('alice', 'updateTitle', id, { title: 'Two' })
      .catch(() => app.act('alice', 'recordObservation', id, { text: 'Two' }))
    await until(() => [alice, partner].every(one => one.answers.length === 2))
    expect(alice.answers[1].incident.revision).toBeGreaterThan(alice.answers[0].incident.revision)
    expect(alice.answers[1].incident.viewerCan).toContain('recordObservation')
    expect(partner.answers[1].incident.viewerCan).toEqual([])
    await Promise.all([alice.stop(), partner.stop()])
  })

  test('who looks after a quiet time is told, whatever came last in the log', async () => {
    const id = await app.declared({ title: 'Nobody looks' })
    await app.declared({ title: 'Keys leaked', type: 'SECURITY' }, 'bob')
    const log = app.app.get(LiveLog)
    log.look(performance.now() + 120_000)
    expect(log.isFollowing).toBe(false)
    const all = [changed('alice', id), list('alice', {}), board('alice', {})]
    await until(() => all.every(one => one.answers.length === 1))
    await app.act('alice', 'assignTask', id, {
      title: 'Look',
      assignee: { person: 'alice' },
      timeboxMinutes: 10,
    })
    await until(() => all.every(one => one.answers.length === 2))
    await Promise.all(all.map(one => one.stop()))
  })

  test('an incident that leaves their sight ends what they are told of it', async () => {
    const id = await app.declared({ title: 'Soon restricted' })
    const [alice, bob] = [changed('alice', id), changed('bob', id)]
    await until(() => alice.answers.length > 0 && bob.answers.length > 0)
    await app.act('alice', 'setVisibility', id, { visibility: 'RESTRICTED' })
    const [refused] = (await bob.ended)!
    expect(refused!.extensions!.code).toBe('INCIDENT_NOT_FOUND')
    const [none] = (await changed('bob', id).ended)!
    const [nothing] = (await changed('bob', '01890000-0000-7000-8000-000000000000').ended)!
    expect(none).toEqual(nothing)
    await until(() => alice.answers.length > 1)
    await alice.stop()
  })

  test('a list is told what comes into it, changes, and leaves it', async () => {
    const sev1 = list('partner', { severity: ['SEV1'] })
    const bob = list('bob', {})
    await until(() => sev1.answers.length > 0 && bob.answers.length > 0)
    const id = await app.declared({ title: 'Bad', severity: 'SEV1' })
    await app.act('alice', 'setSeverity', id, { level: 'SEV3', reason: 'Less' })
    await app.act('alice', 'setVisibility', id, { visibility: 'RESTRICTED' })
    await until(() => bob.answers.at(-1).incidentId === id && bob.answers.at(-1).incident === null)
    const last = sev1.answers.filter(one => one.incidentId === id)
    expect(last.some(({ incident }) => incident?.severity === 'SEV1')).toBe(true)
    expect(last.at(-1)!.incident).toBeNull()
    await Promise.all([sev1.stop(), bob.stop()])
  })

  test('a board is told each task that changes, and that it is no longer on it', async () => {
    const open = board('partner', { status: ['ASSIGNED'] })
    await until(() => open.answers.length > 0)
    const id = await app.declared({ title: 'Tasks' })
    await app.act('alice', 'assignTask', id, {
      title: 'Look',
      assignee: { person: 'bob' },
      timeboxMinutes: 10,
    })
    await until(() => open.answers.at(-1).task)
    const { taskId, task } = open.answers.at(-1)
    expect(task).toEqual({ title: 'Look', status: 'ASSIGNED' })
    await app.act('bob', 'acknowledgeTask', id, { taskId })
    await until(() => open.answers.at(-1).task === null)
    expect(open.answers.at(-1)).toMatchObject({ taskId, incidentId: id, task: null })
    await open.stop()
  })

  test('what the filter cannot be asked with is refused at once', async () => {
    const [refused] = (await board('partner', { dueWithinMinutes: -1 }).ended)!
    expect(refused!.extensions!.code).toBe('INVALID_INPUT')
    expect(codeOf({ status: 200, errors: [refused as never] })).toBe('INVALID_INPUT')
  })
})
