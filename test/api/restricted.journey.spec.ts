import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type App, codeOf, startApp, until } from '../support/app.js'

let app: App
/** Alice is its member; nobody else is. */
let hidden: string
/** Nobody's incident at all. */
const nowhere = '01890000-0000-7000-8000-000000000000'
beforeAll(async () => {
  app = await startApp()
  hidden = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
})
afterAll(() => app.close())

const noteOn = (who: string, id: string, options?: object) =>
  app.command(who, 'recordObservation', id, { text: 'Seen' }, options)
const seen = async (who: string, id = hidden) =>
  codeOf(await app.ask(who, 'query ($id: ID!) { incident(id: $id) { title } }', { id }))
const listed = async (who: string, filter = '') =>
  (await app.told(who, `{ incidents(first: 100${filter}) { nodes { id } } }`)).incidents.nodes.map(
    ({ id }: { id: string }) => id,
  ) as string[]
const log = async () => {
  const { accessLog } = await app.told(
    'root',
    '{ accessLog(first: 100) { nodes { kind operation incidentId code repeats actor { name } } } }',
  )
  return accessLog.nodes as { kind: string; operation: string; incidentId: string | null }[]
}

describe('a security incident', () => {
  test('is there for its declarer, and for nobody else', async () => {
    expect([
      await seen('alice'),
      await seen('bob'),
      await seen('rob'),
      await seen('robot'),
    ]).toEqual([undefined, ...Array(3).fill('INCIDENT_NOT_FOUND')])
    expect([await listed('alice'), await listed('bob')]).toEqual([[hidden], []])
  })

  test('takes commands only of its members, whatever their options say', async () => {
    const { events } = await app.act(
      'alice',
      'recordObservation',
      hidden,
      { text: 'x' },
      {
        commandId: 'alice-1',
      },
    )
    expect(events).toHaveLength(1)
    for (const options of [{}, { expectedRevision: 0 }, { commandId: 'alice-1' }])
      expect(await noteOn('bob', hidden, options)).toEqual(await noteOn('bob', nowhere, options))
    expect(codeOf(await noteOn('bob', hidden))).toBe('INCIDENT_NOT_FOUND')
  })

  test('is there for whoever is let in, and no more once that ends', async () => {
    await app.act('alice', 'grantMembership', hidden, { person: 'bob' })
    expect([await seen('bob'), codeOf(await noteOn('bob', hidden))]).toEqual([undefined, undefined])
    const repeat = { commandId: 'bob-1' }
    await noteOn('bob', hidden, repeat)
    await app.act('alice', 'revokeMembership', hidden, { person: 'bob' })
    expect([await seen('bob'), codeOf(await noteOn('bob', hidden, repeat))]).toEqual([
      'INCIDENT_NOT_FOUND',
      'INCIDENT_NOT_FOUND',
    ])
  })

  test('lets in a key of nobody, and whoever is given a task there', async () => {
    const { viewer } = await app.told('robot', '{ viewer { actor { id } } }')
    await app.act('alice', 'grantMembership', hidden, { key: viewer.actor.id })
    expect(await seen('robot')).toBeUndefined()
    const task = { title: 'Rotate', assignee: { person: 'carol' }, timeboxMinutes: 5 }
    expect(await seen('carol')).toBe('INCIDENT_NOT_FOUND')
    await app.act('alice', 'assignTask', hidden, task)
    expect(await seen('carol')).toBeUndefined()
    const { incident } = await app.told(
      'carol',
      'query ($id: ID!) { incident(id: $id) { members { key person { handle } } } }',
      { id: hidden },
    )
    expect(incident.members).toEqual([
      { key: null, person: { handle: 'alice' } },
      { key: viewer.actor.id, person: null },
      { key: null, person: { handle: 'carol' } },
    ])
  })

  test('is asked for by an administrator by its id or in a list, and both are noted', async () => {
    const before = await log()
    expect(await listed('root')).toEqual([])
    expect(await log()).toEqual(before)
    expect(await listed('root', ', filter: { includeRestricted: true }')).toEqual([hidden])
    expect(await seen('root')).toBeUndefined()
    expect(await seen('root')).toBeUndefined()
    await app.act('root', 'recordObservation', hidden, { text: 'Looked at' })
    expect((await log()).slice(before.length)).toMatchObject([
      { kind: 'RESTRICTED_LIST', operation: 'incidents', incidentId: null },
      { kind: 'RESTRICTED_INCIDENT', operation: 'incident', incidentId: hidden },
      { kind: 'RESTRICTED_INCIDENT', operation: 'recordObservation', incidentId: hidden },
    ])
    expect(
      codeOf(
        await app.ask('bob', '{ incidents(filter: { includeRestricted: true }) { nodes { id } } }'),
      ),
    ).toBe('SCOPE_MISSING')
  })

  test('is no stranger’s in the log, nor by a cursor in it', async () => {
    const events = async (who: string, filter: object, after?: string) =>
      app.ask(
        who,
        `query ($filter: EventFilter, $after: Cursor) {
        events(filter: $filter, after: $after, first: 100) { edges { cursor node { incidentId } }
          pageInfo { endCursor hasNextPage } } }`,
        { filter, after },
      )
    const own = await app.declared({ title: 'Seen by all' }, 'bob')
    const of = async (who: string) => {
      const { data } = await events(who, {})
      return new Set(data.events.edges.map(({ node }: any) => node.incidentId))
    }
    expect([await of('alice'), await of('bob')]).toEqual([new Set([hidden, own]), new Set([own])])
    const { data } = await events('alice', { incidentId: hidden })
    const cursors = data.events.edges.map(({ cursor }: { cursor: string }) => cursor)
    expect(cursors.length).toBeGreaterThan(5)
    expect(await events('bob', { incidentId: hidden })).toEqual(
      await events('bob', { incidentId: nowhere }),
    )
    const never = Buffer.from(`incident-${nowhere} 0 ${nowhere}`).toString('base64url')
    // Bob was let in for a while: what he could see then he may go on from.
    const told = await Promise.all(cursors.map((cursor: string) => events('rob', {}, cursor)))
    for (const answer of told) expect(answer).toEqual(await events('rob', {}, never))
    const bobs = await Promise.all(cursors.map((cursor: string) => events('bob', {}, cursor)))
    expect(bobs.map(codeOf)).toContain(undefined)
    expect(codeOf(bobs[0]!)).toBe('INVALID_CURSOR')
    const [page] = (await events('bob', {})).data.events.edges.slice(-1)
    expect(Buffer.from(page.cursor, 'base64url').toString()).not.toContain(hidden)
  })

  test('that everybody may see again is there again', async () => {
    const id = await app.declared({ title: 'For a while' })
    await app.act('alice', 'setVisibility', id, { visibility: 'RESTRICTED' })
    expect([await seen('bob', id), (await listed('bob')).includes(id)]).toEqual([
      'INCIDENT_NOT_FOUND',
      false,
    ])
    await app.act('alice', 'setVisibility', id, { visibility: 'INTERNAL', reason: 'Over' })
    expect([await seen('bob', id), (await listed('bob')).includes(id)]).toEqual([undefined, true])
  })
})

describe('the access log', () => {
  test('notes who tried what was another’s right, once a minute, and counts the rest', async () => {
    const id = await app.declared({}, 'carol')
    await app.act('carol', 'claimCommand', id)
    const before = (await log()).length
    for (let n = 0; n < 3; n++)
      expect(codeOf(await app.command('bob', 'resolveIncident', id, { summary: 'x' }))).toBe(
        'NOT_COMMANDER',
      )
    const noted = {
      kind: 'REFUSED',
      operation: 'resolveIncident',
      incidentId: id,
      code: 'NOT_COMMANDER',
      actor: { name: 'Bob' },
    }
    await until(async () => (await log()).length > before)
    expect((await log()).slice(before)).toEqual([{ ...noted, repeats: 0 }])
    app.clock.push(2)
    await app.command('bob', 'resolveIncident', id, { summary: 'x' })
    await until(async () => (await log()).length > before + 2)
    expect((await log()).slice(before)).toEqual([
      { ...noted, repeats: 0 },
      { ...noted, repeats: 2 },
      { ...noted, repeats: 0 },
    ])
  })

  test('is for auditors, who are not told of an incident that is not there for them', async () => {
    const { createApiKey } = await app.told(
      'root',
      `mutation { createApiKey(input: { label: "Audit", scopes: [AUDIT_READ], owner: "rob" }) { secret } }`,
    )
    const query = '{ accessLog(first: 100) { nodes { kind incidentId } } }'
    const { accessLog } = await app.told(createApiKey.secret, query)
    const read = accessLog.nodes.filter(({ kind }: any) => kind === 'RESTRICTED_INCIDENT')
    expect(read.map(({ incidentId }: any) => incidentId)).toEqual([null, null])
    expect(codeOf(await app.ask('bob', query))).toBe('SCOPE_MISSING')
  })

  test('goes page by page through a day, and knows its own cursors only', async () => {
    const page = (args: string) =>
      app.ask('root', `{ accessLog(${args}) { nodes { id } pageInfo { endCursor hasNextPage } } }`)
    const all = (await page('first: 100')).data.accessLog.nodes
    const { data } = await page('first: 2')
    const next = await page(`first: 100, after: "${data.accessLog.pageInfo.endCursor}"`)
    expect(data.accessLog.pageInfo.hasNextPage).toBe(true)
    expect([...data.accessLog.nodes, ...next.data.accessLog.nodes]).toEqual(all)
    const { endCursor } = data.accessLog.pageInfo
    expect(codeOf(await page(`day: "2025-12-31", after: "${endCursor}"`))).toBe('INVALID_CURSOR')
    expect((await page('day: "2025-12-31"')).data.accessLog.nodes).toEqual([])
    expect(codeOf(await page('day: "2026-02-30"'))).toBe('INVALID_INPUT')
  })

  test('is in no feed, and no cursor names it', async () => {
    const { events } = await app.told(
      'root',
      `{ events(filter: { includeOrganisation: true, includeRestricted: true }, first: 100) {
        nodes { type } edges { cursor } pageInfo { endCursor } } }`,
    )
    expect(events.nodes.map(({ type }: any) => type).join()).not.toMatch(/access/)
    const cursors = [...events.edges.map(({ cursor }: any) => cursor), events.pageInfo.endCursor]
    for (const cursor of cursors)
      expect(Buffer.from(cursor, 'base64url').toString()).toMatch(
        /^(incident|organisation|reference)/,
      )
  })
})
