import { cpSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { AtLeast } from '../../src/api/at-least.js'
import { Sight } from '../../src/api/sight.js'
import type { Scope } from '../../src/schema.generated.js'
import { cursorOf } from '../../src/api/cursor.js'
import { Directory } from '../../src/commands/directory.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { type StoredEvent, firstHash, resealed } from '../../src/event-store/stored-event.js'
import { Views } from '../../src/views/views.js'
import { type Answer, type App, codeOf, logOf, newFolder, startApp } from '../support/app.js'
import { sdl } from '../support/sdl.js'

let app: App
let id: string
let log: StoredEvent[]
beforeAll(async () => {
  app = await startApp()
  const ids = [await app.declared(), await app.declared({ title: 'Search is slow' })]
  id = ids[0]!
  for (const text of ['One', 'Two', 'Three'])
    for (const each of ids) await app.act('alice', 'recordObservation', each, { text })
  log = await logOf(app.store)
})
afterAll(() => app.close())

/** A stream in its final bytes, as another store takes it. */
const sealedAgain = (events: readonly StoredEvent[]) =>
  events.map((event, i) => resealed(events[i - 1]?.hash ?? firstHash(event.stream), event))

const ofIncidents = (events: readonly StoredEvent[]) =>
  events.filter(({ stream }) => stream.startsWith('incident-')).map(event => event.id)

const after = (cursor: string) =>
  `{ events(after: "${cursor}", first: 100) { nodes { id } pageInfo { endCursor } } }`

describe('a cursor of the log', () => {
  test('goes on behind its event, be it one that is not shown', async () => {
    for (const [i, event] of log.entries()) {
      const { events } = await app.told('rob', after(cursorOf(event)))
      expect(events.nodes.map((node: { id: string }) => node.id)).toEqual(
        ofIncidents(log.slice(i + 1)),
      )
    }
  })

  test('goes on behind the same event in a copy that has every event at another position', async () => {
    const folder = newFolder()
    const store = await SqliteEventStore.open(folder)
    const streams = [...new Set(log.map(({ stream }) => stream))].toReversed()
    for (const stream of streams)
      await store.append(stream, -1, sealedAgain(await app.store.read(stream, 0)))
    await store.close()
    const copy = await startApp(folder)
    try {
      const copied = await logOf(copy.store)
      expect(copied[0]!.id).not.toBe(log[0]!.id)
      for (const event of log) {
        const { events } = await copy.told('rob', after(cursorOf(event)))
        const place = copied.findIndex(other => other.id === event.id)
        expect(events.nodes.map((node: { id: string }) => node.id)).toEqual(
          ofIncidents(copied.slice(place + 1)),
        )
      }
    } finally {
      await copy.close()
    }
  })

  test('holds nothing of where its store keeps the event', async () => {
    const { position } = await app.act('alice', 'recordObservation', id, { text: 'Four' })
    const [, , , , , four] = await app.store.read(`incident-${id}`, 0)
    expect(Buffer.from(position!, 'base64url').toString()).toBe(
      `incident-${id} ${four!.revision} ${four!.id}`,
    )
  })
})

const encoded = (text: string) => Buffer.from(text).toString('base64url')
const eventId = '01890000-0000-7000-8000-000000000000'
const hostile = (): [what: string, cursor: string][] => {
  const { stream, revision, id } = log[0]!
  const good = cursorOf(log[0]!)
  return [
    ['nothing', ''],
    ['a letter', 'x'],
    ['a position, as an earlier form had it', encoded(`1 ${id}`)],
    ['another event at that place', encoded(`${stream} ${revision} ${eventId}`)],
    ['the event at the place of another', encoded(`${stream} ${revision + 1} ${id}`)],
    ['a revision below all', encoded(`${stream} -1 ${id}`)],
    ['a revision that is no integer', encoded(`${stream} 0.5 ${id}`)],
    ['a revision written otherwise', encoded(`${stream} 00 ${id}`)],
    ['a revision beyond all numbers', encoded(`${stream} ${'9'.repeat(30)} ${id}`)],
    ['a stream of the server’s own', encoded(`$all 0 ${id}`)],
    ['a stream with a quote', encoded(`x'or'1 0 ${id}`)],
    ['a long stream', encoded(`${'a'.repeat(101)} 0 ${id}`)],
    ['a line break behind it', encoded(`${stream} ${revision} ${id}\n`)],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0]).toString('base64url')],
    ['padding', `${good}==`],
    ['what decoding passes over', `${good.slice(0, 4)}\u00a0${good.slice(4)}`],
    ['it twice', good + good],
    ['very much', 'A'.repeat(1000)],
  ]
}

test('what did not come from here is refused, as `after` and as `atLeast`, and at once', async () => {
  const start = performance.now()
  for (const [what, cursor] of hostile())
    for (const field of ['events', 'people', 'incidents'])
      for (const argument of field === 'events' ? ['after', 'atLeast'] : ['atLeast']) {
        const query = `query ($c: Cursor) { ${field}(${argument}: $c) { nodes { id } } }`
        const answer = await app.ask('rob', query, { c: cursor })
        expect([what, codeOf(answer)]).toEqual([what, 'INVALID_CURSOR'])
      }
  // Half of what it would take if each had waited for its second.
  expect(performance.now() - start).toBeLessThan(36_000)
})

test('of a stream that is not there nothing comes after', async () => {
  const cursor = encoded(`incident-${eventId} 0 ${eventId}`)
  expect(codeOf(await app.ask('rob', after(cursor)))).toBe('INVALID_CURSOR')
})

/** Every root query but who asks, as it takes `atLeast`. */
const asking: Record<string, string> = {
  events: 'events(atLeast: $place) { nodes { id } }',
  incident: 'incident(reference: "INC-1", atLeast: $place) { id }',
  incidents: 'incidents(atLeast: $place) { nodes { id } }',
  tasks: 'tasks(atLeast: $place) { nodes { id } }',
  undecided: 'undecided(atLeast: $place) { nodes { text } }',
  openWork: 'openWork(atLeast: $place) { nodes { subject } }',
  people: 'people(atLeast: $place) { nodes { id } }',
  apiKeys: 'apiKeys(atLeast: $place) { nodes { id } }',
  diff: 'diff(reference: "INC-1", from: { revision: 0 }, atLeast: $place) { toRevision }',
  incidentTemplates: 'incidentTemplates(atLeast: $place) { nodes { key } }',
  customFields: 'customFields(atLeast: $place) { nodes { key } }',
  incidentTypes: 'incidentTypes(atLeast: $place) { version }',
  routePreview: 'routePreview(type: SERVICE, atLeast: $place) { effectiveSeverity }',
  severityScale: 'severityScale(atLeast: $place) { version }',
  rotationPolicy: 'rotationPolicy(atLeast: $place) { maxMinutes }',
  runbooks: 'runbooks(atLeast: $place) { nodes { key } }',
  responsePlans: 'responsePlans(atLeast: $place) { nodes { key } }',
  planCoverage: 'planCoverage(atLeast: $place) { nodes { service } }',
  groups: 'groups(atLeast: $place) { nodes { handle } }',
  roleCatalogue: 'roleCatalogue(atLeast: $place) { role }',
  qualifications: 'qualifications(atLeast: $place) { nodes { role } }',
  qualifiedCommanders: 'qualifiedCommanders(atLeast: $place) { nodes { handle } }',
  services: 'services(atLeast: $place) { nodes { key } }',
  whoToCall: 'whoToCall(service: "api", atLeast: $place) { key }',
  benchDepth: 'benchDepth(atLeast: $place) { role }',
  search: 'search(query: "down", atLeast: $place) { nodes { foundIn } }',
  accessLog: 'accessLog(atLeast: $place) { nodes { id } }',
}
const ask = (of: App, query: string, place: string) =>
  of.ask('root', `query ($place: Cursor) { ${query} }`, { place })

describe('atLeast', () => {
  test('is taken by every query of the ledger', () => {
    const { viewer: _, ...fields } = sdl.getQueryType()!.getFields()
    expect(Object.keys(asking).toSorted()).toEqual(Object.keys(fields).toSorted())
  })

  test.each(Object.entries(asking))('of %s is met by what is known here', async (_, query) => {
    for (const event of log.slice(-3)) {
      const answer = await ask(app, query, cursorOf(event))
      expect(answer.errors).toBeUndefined()
    }
  })

  test('is met by a place of the organisation, straight from the receipt', async () => {
    const input = { handle: 'zoe', name: 'Zoe' }
    const { registerPerson } = await app.told(
      'root',
      `mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { position } }`,
      { input },
    )
    const { data } = await ask(
      app,
      'people(search: "zoe", atLeast: $place) { nodes { handle } }',
      registerPerson.position,
    )
    expect(data.people.nodes).toEqual([{ handle: 'zoe' }])
  })

  describe('of what is not there yet', () => {
    const refused: Record<string, { answer: Answer; ms: number }> = {}
    // All wait out their second together.
    beforeAll(async () => {
      const { stream, revision, id } = (await logOf(app.store)).at(-1)!
      const place = cursorOf({ stream, revision: revision + 9, id })
      const start = performance.now()
      const wait = async ([field, query]: [string, string]) => {
        const answer = await ask(app, query, place)
        refused[field] = { answer, ms: performance.now() - start }
      }
      await Promise.all(Object.entries(asking).map(wait))
    })

    test.each(Object.keys(asking))('is refused for %s after a second', field => {
      const { answer, ms } = refused[field]!
      expect([codeOf(answer), answer.errors![0]!.extensions.details]).toEqual([
        'NOT_CAUGHT_UP',
        { behind: 'LOG' },
      ])
      expect(ms).toBeGreaterThan(950)
      expect(ms).toBeLessThan(10_000)
    })
  })

  test('does not come before scopes', async () => {
    const place = cursorOf({ stream: 'organisation', revision: 999, id: eventId })
    const answer = await app.ask('rob', `{ apiKeys(atLeast: "${place}") { nodes { id } } }`)
    expect(codeOf(answer)).toBe('SCOPE_MISSING')
  })
})

describe('a replica that is behind', () => {
  let behind: App
  beforeAll(async () => {
    const folder = newFolder()
    cpSync(app.folder, folder, { recursive: true, filter: path => !/lock\./.test(path) })
    behind = await startApp(folder)
  })
  afterAll(() => behind.close())

  test('answers as soon as it has what was waited for', async () => {
    const { position } = await app.act('alice', 'recordObservation', id, { text: 'Elsewhere' })
    const missed = sealedAgain(await app.store.read(`incident-${id}`, 0)).at(-1)!
    const query = `incident(id: "${id}", atLeast: $place) { revision }`
    const waiting = ask(behind, query, position!)
    await new Promise(resolve => setTimeout(resolve, 200))
    await behind.store.append(missed.stream, missed.revision - 1, [missed])
    const { data, errors } = await waiting
    expect([errors, data.incident.revision]).toEqual([undefined, missed.revision])
  })

  test('says what of it is late', async () => {
    const last = (await logOf(app.store)).findLast(({ stream }) => stream === 'organisation')!
    const old = await SqliteEventStore.open(newFolder())
    const upToDate = new Views(app.app.get(Views).folder)
    upToDate.moved(await app.store.head())
    const fresh = new Directory(app.store)
    await fresh.refresh()
    const sight = app.app.get(Sight)
    const principal = { actor: { type: 'USER', id: 'rob' }, scopes: new Set<Scope>() } as const
    const late = [
      ['LISTS', new AtLeast(sight, new Views(app.app.get(Views).folder), fresh)],
      ['DIRECTORY', new AtLeast(sight, upToDate, new Directory(old))],
    ] as const
    for (const [behind, atLeast] of late)
      await expect(atLeast.reached(cursorOf(last), principal)).rejects.toMatchObject({
        code: 'NOT_CAUGHT_UP',
        details: { behind },
      })
    await new AtLeast(sight, upToDate, fresh).reached(cursorOf(last), principal)
    await old.close()
  })
})
