import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Timers } from '../../src/duties/timers.js'
import { type App, codeOf, logOf, startApp } from '../support/app.js'

let app: App
beforeAll(async () => {
  app = await startApp()
  // What falls due by itself would come in between at moments that nobody knows.
  await app.app.get(Timers).beforeApplicationShutdown()
  for (const { minutes, ...input } of catalogue) {
    await app.declared(input, input.title.startsWith('Robot') ? 'robot' : 'alice')
    app.clock.push(minutes)
  }
  const ids = await list('')
  await app.act('bob', 'claimCommand', ids[0]!.id)
  await app.act('bob', 'resolveIncident', ids[0]!.id, { summary: 'Done' })
  app.clock.push(1)
  await app.act('carol', 'claimCommand', ids[2]!.id)
  await app.act('carol', 'mitigateIncident', ids[2]!.id, { summary: 'Better' })
})
afterAll(() => app.close())

/** Declared in this order, so many minutes apart. */
const catalogue = [
  { title: 'Checkout fails', severity: 'SEV1', services: ['checkout-api'], minutes: 10 },
  { title: 'Search is slow', severity: 'SEV3', effect: 'DEGRADATION', minutes: 10 },
  {
    title: 'Tokens leaked',
    severity: 'SEV2',
    type: 'SECURITY',
    visibility: 'INTERNAL',
    minutes: 10,
  },
  { title: 'Robot sees errors', services: ['search', 'checkout-api'], minutes: 10 },
  { title: 'Fire drill in 100% of halls', mode: 'DRILL', severity: 'SEV5', minutes: 10 },
  { title: 'Old checkout outage', mode: 'RETROSPECTIVE', severity: 'SEV3', minutes: 10 },
]

async function list(args: string, who = 'rob'): Promise<any[]> {
  const nodes: any[] = []
  for (let after: string | null = null; ;) {
    const { incidents } = (await app.told(
      who,
      `query ($after: Cursor) { incidents(first: 2, after: $after ${args}) {
        nodes { id reference title status commander { handle } openTasks severity effectiveSeverity revision }
        edges { cursor } pageInfo { endCursor hasNextPage } } }`,
      { after },
    )) as any
    nodes.push(...incidents.nodes)
    if (!incidents.pageInfo.hasNextPage) return nodes
    expect(incidents.pageInfo.endCursor).toBe(incidents.edges.at(-1).cursor)
    after = incidents.pageInfo.endCursor
  }
}

describe('the list of incidents', () => {
  test.each([
    ['', [6, 5, 4, 3, 2, 1]],
    ['orderBy: DECLARED_EARLIEST', [1, 2, 3, 4, 5, 6]],
    ['orderBy: CHANGED_LATEST', [4, 6, 5, 3, 2, 1]],
    ['orderBy: SEVERITY_WORST', [4, 1, 3, 6, 2, 5]],
    ['filter: { status: [RESOLVED, MITIGATED] }', [6, 4]],
    ['filter: { status: [] }', []],
    ['filter: { severity: [SEV3] }', [6, 2]],
    ['filter: { severity: [UNDETERMINED, SEV1] }', [4, 1]],
    ['filter: { type: SECURITY }', [3]],
    ['filter: { mode: [DRILL, TEST] }', [5]],
    ['filter: { effect: DEGRADATION }', [2]],
    ['filter: { service: "checkout-api" }', [4, 1]],
    ['filter: { service: "checkout" }', []],
    ['filter: { commander: "carol" }', [4]],
    ['filter: { commander: "alice" }', []],
    ['filter: { declaredFrom: "2026-01-01T12:30:00Z" }', [6, 5, 4]],
    ['filter: { declaredBefore: "2026-01-01T12:30:00Z" }', [3, 2, 1]],
    [
      'filter: { declaredFrom: "2026-01-01T13:10:00+01:00", declaredBefore: "2026-01-01T12:20:00Z" }',
      [2],
    ],
    ['filter: { search: "CHECKOUT" }', [6, 1]],
    ['filter: { search: "outage old" }', [6]],
    ['filter: { search: "INC-4" }', [4]],
    ['filter: { search: "inc-4" }', [4]],
    ['filter: { search: "100%" }', [5]],
    ['filter: { search: "_" }', []],
    ['filter: { search: "nothing like it" }', []],
    ['filter: { severity: [SEV3], mode: [LIVE] }', [2]],
    ['filter: null', [6, 5, 4, 3, 2, 1]],
  ])('{ %s } is %j', async (args, numbers) => {
    const shown = await list(args && `, ${args}`)
    expect(shown.map(({ reference }) => reference)).toEqual(numbers.map(n => `INC-${n}`))
  })

  test('shows what the incident is now', async () => {
    expect(await list(', filter: { commander: "carol" }')).toEqual([
      {
        id: expect.any(String),
        reference: 'INC-4',
        title: 'Robot sees errors',
        status: 'MITIGATED',
        commander: { handle: 'carol' },
        openTasks: 0,
        severity: 'UNDETERMINED',
        effectiveSeverity: 'SEV1',
        revision: 4,
      },
    ])
  })

  test.each([
    ['first: 0', 'BAD'],
    ['first: -1', 'BAD'],
    ['first: 101', 'BAD'],
    ['after: "x"', 'INVALID_CURSOR'],
    ['filter: { commander: "nobody-here" }', 'UNKNOWN_PERSON'],
    [`filter: { search: "${'x'.repeat(201)}" }`, 'INVALID_INPUT'],
  ])('refuses { %s }', async (args, code) => {
    const refused = await app.ask('rob', `{ incidents(${args}) { nodes { id } } }`)
    expect(codeOf(refused)).toMatch(
      code === 'BAD' ? /INVALID_INPUT|BAD_USER_INPUT|TOO_COMPLEX/ : code,
    )
  })

  test('refuses a cursor of another order', async () => {
    const { incidents } = await app.told(
      'rob',
      '{ incidents(first: 1) { pageInfo { endCursor } } }',
    )
    const other = `{ incidents(first: 1, orderBy: SEVERITY_WORST, after: "${incidents.pageInfo.endCursor}") { nodes { id } } }`
    expect(codeOf(await app.ask('rob', other))).toBe('INVALID_CURSOR')
  })
})

describe('an incident', () => {
  test.each(['INC-1', 'inc-1'])('is found by its reference, as %s', async reference => {
    const { incident } = await app.told('rob', `{ incident(reference: "${reference}") { title } }`)
    expect(incident.title).toBe('Checkout fails')
  })

  test.each(['toUpperCase', 'toLowerCase'] as const)('is found by its id in %s', async written => {
    const [{ id }] = await list(', filter: { search: "INC-1" }')
    const { incident } = await app.told('rob', `{ incident(id: "${id[written]()}") { id } }`)
    expect(incident.id).toBe(id)
  })

  test.each([
    ['', 'INVALID_INPUT'],
    ['(id: "x", reference: "INC-1")', 'INVALID_INPUT'],
    ['(id: "x")', 'INCIDENT_NOT_FOUND'],
    ['(id: "organisation")', 'INCIDENT_NOT_FOUND'],
    ['(id: "01890000-0000-7000-8000-000000000000")', 'INCIDENT_NOT_FOUND'],
    ['(reference: "INC-99")', 'INCIDENT_NOT_FOUND'],
    ['(reference: "INC-1", at: { recordedAt: "2020-01-01T00:00:00Z" })', 'INCIDENT_NOT_FOUND'],
    ['(reference: "INC-1", at: { revision: -1 })', 'INCIDENT_NOT_FOUND'],
    ['(reference: "INC-1", at: {})', 'GRAPHQL_VALIDATION_FAILED'],
    [
      '(reference: "INC-1", at: { revision: 1, recordedAt: "2026-01-01T12:00:00Z" })',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s is refused with %s', async (args, code) => {
    expect(codeOf(await app.ask('rob', `{ incident${args} { id } }`))).toBe(code)
  })
})

const eventFields =
  'id type incidentId revision recordedAt actor { type id } mode policyRevision correlationId commandId data hash'
async function events(filter: string, first: number, who = 'root', from: string | null = null) {
  const nodes: any[] = []
  let after = from
  for (;;) {
    const page: any = (
      await app.told(
        who,
        `query ($after: Cursor) { events(first: ${first}, after: $after, filter: { ${filter} }) {
          nodes { ${eventFields} } edges { cursor } pageInfo { endCursor hasNextPage } } }`,
        { after },
      )
    ).events
    nodes.push(...page.nodes)
    after = page.pageInfo.endCursor
    if (!page.pageInfo.hasNextPage) return { nodes, after }
  }
}

describe('events', () => {
  test.each([1, 2, 3, 7, 100])('come each exactly once in log order, %d to a page', async first => {
    const stored = (await logOf(app.store)).filter(({ stream }) => stream !== 'reference')
    const all = await events('includeOrganisation: true', first)
    expect(all.nodes.map(({ id }) => id)).toEqual(stored.map(({ id }) => id))
    const ours = await events('', first)
    expect(ours.nodes.map(({ id }) => id)).toEqual(
      stored.filter(({ stream }) => stream.startsWith('incident-')).map(({ id }) => id),
    )
  })

  test('are shown as they are stored', async () => {
    const [stored] = (await logOf(app.store)).filter(({ type }) => type === 'IncidentDeclared')
    const { nodes } = await events('types: ["dev.incidentledger.incident.declared.v1"]', 3)
    expect(nodes).toHaveLength(catalogue.length)
    const { actor, hash, id, data, recordedAt, mode, policyRevision, correlationId } = stored!
    expect(nodes[0]).toEqual({
      id,
      data,
      recordedAt,
      mode,
      policyRevision,
      correlationId,
      hash,
      revision: 0,
      actor: { type: actor.type, id: actor.id },
      type: 'dev.incidentledger.incident.declared.v1',
      incidentId: stored!.stream.slice('incident-'.length),
      commandId: null,
    })
  })

  test.each([
    ['mode: [DRILL]', 2],
    ['mode: [RETROSPECTIVE, DRILL]', 6],
    ['types: ["dev.incidentledger.incident.severity_set.v1"]', 6],
    ['types: ["dev.incidentledger.incident.severity_set.v1"], mode: [DRILL]', 1],
    ['types: ["dev.incidentledger.incident.severity_set.v2"]', 0],
    ['types: ["dev.incidentledger.organisation.person_registered.v1"]', 0],
    [
      'types: ["dev.incidentledger.organisation.person_registered.v1"], includeOrganisation: true',
      6,
    ],
    ['incidentId: "01890000-0000-7000-8000-000000000000"', 0],
    ['actor: "bob"', 2],
    ['actor: "bob", includeOrganisation: true', 2],
    ['actor: "bob", types: ["dev.incidentledger.incident.resolved.v1"]', 1],
    ['actor: "nobody-here"', 0],
    ['actorType: [USER]', 16],
    ['actorType: [API_KEY]', 3],
    ['actorType: [API_KEY], actor: "bob"', 0],
    ['actorType: [SYSTEM], includeOrganisation: true', 15],
    ['recordedFrom: "2026-01-01T13:00:00Z"', 4],
    ['recordedFrom: "2026-01-01T13:00:00Z", recordedBefore: "2026-01-01T13:01:00Z"', 2],
    ['occurredBefore: "2026-01-01T13:10:00+01:00"', 3],
    ['occurredFrom: "2026-01-01T12:10:00Z", occurredBefore: "2026-01-01T12:20:00Z"', 2],
    ['occurredFrom: "2027-01-01T12:10:00Z"', 0],
  ])('with { %s } are %d', async (filter, count) => {
    for (const first of [1, 100]) expect((await events(filter, first)).nodes).toHaveLength(count)
  })

  test('of one incident are found whatever the case of its id, and go on behind a receipt', async () => {
    const [{ id }] = await list(', filter: { search: "INC-2" }')
    const { position } = await app.act('alice', 'recordObservation', id, { text: 'One' })
    const next = await app.act('alice', 'recordObservation', id, { text: 'Two' })
    for (const written of [id, id.toUpperCase()]) {
      const of = await events(`incidentId: "${written}"`, 2)
      expect(of.nodes.map(({ revision }) => revision)).toEqual([0, 1, 2, 3])
      const since = await events(`incidentId: "${written}"`, 2, 'root', position)
      expect(since.nodes.map(node => node.id)).toEqual(next.events.map(event => event.id))
    }
  })

  test('by whom, through which key, are told apart', async () => {
    const { id } = (await app.told('bob', '{ viewer { actor { id via } } }')).viewer.actor
    const [{ actor }] = (await events('actor: "bob"', 1)).nodes
    expect(actor.id).toBe(id)
    const { via } = (await app.told('bob', '{ viewer { actor { via } } }')).viewer.actor
    const through = await events(`via: "${via}"`, 1)
    expect(through.nodes.map(node => node.actor.id)).toEqual([id, id])
    expect((await events(`via: "${via}", actor: "carol"`, 1)).nodes).toEqual([])
  })

  test('of one incident come the latest first when asked, a page at a time', async () => {
    const [{ id, revision }] = await list(', filter: { search: "INC-6" }')
    const latest = async (first: number, filter = '') => {
      const revisions: number[] = []
      for (let after: string | null = null; ;) {
        const query = `query ($after: Cursor) { events(order: LATEST, first: ${first}, after: $after,
          filter: { incidentId: "${id}" ${filter} }) { nodes { revision } ${'pageInfo { endCursor hasNextPage }'} } }`
        const page: any = (await app.told('rob', query, { after })).events
        revisions.push(...page.nodes.map((node: any) => node.revision))
        after = page.pageInfo.endCursor
        if (!page.pageInfo.hasNextPage) return revisions
      }
    }
    const all = Array.from({ length: revision + 1 }, (_, n) => revision - n)
    for (const first of [1, 2, 100]) expect(await latest(first)).toEqual(all)
    expect(await latest(1, ', actor: "bob"')).toEqual(all.slice(0, 2))
    const everywhere = await app.ask('rob', '{ events(order: LATEST) { nodes { id } } }')
    expect(codeOf(everywhere)).toBe('INVALID_INPUT')
  })

  test('that come later are found from where the last page ended, even if none was shown', async () => {
    const { after } = await events('mode: [TABLETOP]', 5)
    expect((await events('mode: [TABLETOP]', 5, 'root', after)).after).toBe(after)
    await app.declared({ mode: 'TABLETOP' })
    const { nodes } = await events('mode: [TABLETOP]', 1, 'root', after)
    expect(nodes.map(({ data }) => data.title ?? data.level)).toEqual(['API down', 'UNDETERMINED'])
  })

  test('of the organisation need audit:read', async () => {
    const refused = await app.ask(
      'alice',
      '{ events(filter: { includeOrganisation: true }) { nodes { id } } }',
    )
    expect([codeOf(refused), refused.errors![0]!.extensions.details]).toEqual([
      'SCOPE_MISSING',
      { needs: 'AUDIT_READ' },
    ])
    expect((await events('', 100, 'alice')).nodes.every(({ incidentId }) => incidentId)).toBe(true)
  })

  test.each([
    'x',
    Buffer.from('99999999 01890000-0000-7000-8000-000000000000').toString('base64url'),
  ])('do not go on behind %s', async cursor => {
    expect(codeOf(await app.ask('rob', `{ events(after: "${cursor}") { nodes { id } } }`))).toBe(
      'INVALID_CURSOR',
    )
  })

  test('behind more than one page of bytes are not missed', async () => {
    const id = await app.declared({ mode: 'TEST' })
    const { position } = await app.act('alice', 'recordObservation', id, { text: 'Now' })
    const long = { text: 'x'.repeat(4000) }
    await Promise.all(
      Array.from({ length: 600 }, () => app.act('alice', 'recordObservation', id, long)),
    )
    const last = await app.declared({ mode: 'DRILL', title: 'At the very end' })
    const { nodes } = await events('mode: [DRILL]', 100, 'root', position)
    expect(nodes.map(({ incidentId }) => incidentId)).toEqual([last, last])
  })
})

describe('people and keys', () => {
  test.each([
    ['', ['admin', 'alice', 'bob', 'carol', 'rob', 'root']],
    ['search: "ro"', ['carol', 'rob', 'root']],
    ['search: "ADMINISTRATOR"', ['admin']],
    ['search: "%"', []],
  ])('people with { %s } are %j', async (args, handles) => {
    const found: string[] = []
    for (let after: string | null = null; ;) {
      const { people }: any = await app.told(
        'rob',
        `query ($after: Cursor) { people(first: 2, after: $after ${args && `, ${args}`}) {
          nodes { handle name timeZone } pageInfo { endCursor hasNextPage } } }`,
        { after },
      )
      found.push(...people.nodes.map(({ handle }: { handle: string }) => handle))
      if (!people.pageInfo.hasNextPage) break
      after = people.pageInfo.endCursor
    }
    expect(found).toEqual(handles)
  })

  test.each([
    ['alice', 'USER', 'Alice', 'alice'],
    ['robot', 'API_KEY', 'The key “robot”', null],
    ['local', 'SYSTEM', 'The command line', null],
  ])('%s is %s, %s', async (who, type, name, handle) => {
    const { viewer } = await app.told(who, '{ viewer { actor { type name } person { handle } } }')
    expect(viewer).toEqual({ actor: { type, name }, person: handle && { handle } })
  })

  test('keys are listed with what they may do and without their secrets, the newest first', async () => {
    const { apiKeys } = await app.told(
      'root',
      `{ apiKeys(first: 100) { nodes { id label scopes owner { handle } createdAt expiresAt revokedAt } } }`,
    )
    expect(apiKeys.nodes.map(({ label }: { label: string }) => label)).toEqual([
      'partner',
      'robot',
      'chatbot',
      'root',
      'rob',
      'carol',
      'bob',
      'alice',
      'Administrator, from the first start',
    ])
    expect(apiKeys.nodes[1]).toMatchObject({
      scopes: ['INCIDENTS_READ', 'INCIDENTS_WRITE'],
      owner: null,
      expiresAt: null,
      revokedAt: null,
    })
    expect(codeOf(await app.ask('alice', '{ apiKeys { nodes { id } } }'))).toBe('SCOPE_MISSING')
  })
})
