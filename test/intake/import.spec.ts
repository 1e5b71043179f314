import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Rejected } from '../../src/decider/facet.js'
import { type Imported, Importer } from '../../src/intake/importer.js'
import { type App, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

interface Fact {
  at?: string | null
  kind: string
  text: string
  [more: string]: unknown
}
interface File {
  slug: string
  facts: Fact[]
  [more: string]: unknown
}

const imported = (file: object): Promise<Imported> => app.app.get(Importer).import(file)
const stored = (id: string) => app.store.read(`incident-${id}`, 0)

interface Entry {
  eventId: string
  occurredAt: string | null
  occurredUntil: string | null
  timing: string | null
  sentence: string
  evidence: { url: string }[]
  alsoTells: string[]
  type: string
  actor: { type: string; name: string }
  late: boolean
}
async function timeline(id: string, order = 'RECORDED'): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let after: string | null = null; ;) {
    const { incident }: any = await app.told(
      'rob',
      `query ($id: ID!, $after: Cursor) { incident(id: $id) {
        timeline(order: ${order}, first: 100, after: $after) { pageInfo { endCursor hasNextPage } nodes {
          eventId occurredAt occurredUntil timing sentence evidence { url } alsoTells type
          actor { type name } late } } } }`,
      { id, after },
    )
    entries.push(...incident.timeline.nodes)
    if (!incident.timeline.pageInfo.hasNextPage) return entries
    after = incident.timeline.pageInfo.endCursor
  }
}
const incident = async (id: string) =>
  (
    await app.told(
      'rob',
      `query ($id: ID!) { incident(id: $id) { title status severity type mode declaredAt
        milestones { milestone at timing } postmortem { severityHistory { level from } } } }`,
      { id },
    )
  ).incident

let files = 0
/** A file of these facts and a slug of its own. */
const fileOf = (facts: object[], more: object = {}): File =>
  ({
    slug: `test-${++files}`,
    title: 'An old outage',
    organisation: 'Example',
    type: 'SERVICE',
    sources: ['https://example.org/report'],
    facts,
    ...more,
  }) as File
const at = (time: string) => `2025-03-01T${time}:00Z`
const exactly = (time: string) => `2025-03-01T${time}:00.000Z`
const found: Fact = { at: at('10:00'), kind: 'FINDING', text: 'Found it' }

const folder = new URL('../../examples/incidents/', import.meta.url)
const examples = readdirSync(folder).filter(name => name.endsWith('.json'))

describe.each(examples)('%s', name => {
  const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as File
  let id: string
  let entries: Entry[]
  beforeAll(async () => {
    const result = await imported(file)
    id = result.incidentId
    expect(result.facts).toBe(file.facts.length)
    entries = await timeline(id)
  })
  /** The entry of each fact, in file order. */
  const told = () => {
    const left = [...entries]
    return file.facts.map(fact => {
      const place = left.findIndex(({ sentence }) => sentence.includes(fact.text))
      expect([fact.text, place]).toEqual([fact.text, expect.any(Number)])
      return { fact, entry: left.splice(place, 1)[0]! }
    })
  }

  test('is on record fact by fact, in file order, with time, end, evidence and all it says', async () => {
    const all = told()
    const [declaration] = await stored(id)
    const places = all
      .filter(({ entry }) => !entry.alsoTells.includes(declaration!.id))
      .map(({ entry }) => entries.indexOf(entry))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    for (const { fact, entry } of all) {
      expect(entry.occurredAt).toBe(fact.at ? new Date(fact.at).toISOString() : null)
      expect(entry.timing).toBe(!fact.at ? 'UNKNOWN' : fact.approximate ? 'APPROXIMATE' : null)
      expect(entry.evidence.map(({ url }) => url)).toEqual(fact.evidence ? [fact.evidence] : [])
      expect([entry.actor.type, entry.actor.name]).toEqual(
        fact.actor ? ['USER', fact.actor] : ['SYSTEM', 'The import'],
      )
      expect(entry.late).toBe(false)
      for (const word of [fact.component, fact.region, fact.severity])
        if (word) expect(entry.sentence).toMatch(String(word))
      if (fact.quantity) expect(entry.sentence).toMatch(String((fact.quantity as any).value))
      const isDue = ['UPDATE_PROMISED', 'ACTION_ITEM'].includes(fact.kind)
      if (fact.until && isDue) expect(entry.sentence).toMatch(/due 20\d\d-\d\d-\d\d \d\d:\d\d UTC/)
      if (fact.until && !isDue && fact.at)
        expect(entry.occurredUntil).toBe(new Date(String(fact.until)).toISOString())
    }
  })

  test('shows each command as one entry with the fact it was', async () => {
    // What shows a fact is shown with it.
    const events = (await stored(id)).filter(({ type }) => type !== 'EvidenceAttached')
    const shown = new Set(entries.flatMap(({ eventId, alsoTells }) => [eventId, ...alsoTells]))
    for (const event of events)
      expect([event.type, shown.has(event.id)]).toEqual([event.type, true])
    const commands = events.filter(({ commandId }) => commandId?.endsWith(':command'))
    for (const { id: command, causationId } of commands)
      expect(entries.find(({ alsoTells }) => alsoTells.includes(command))?.eventId).toBe(
        causationId,
      )
    expect(entries).toHaveLength(
      events.length - entries.flatMap(({ alsoTells }) => alsoTells).length,
    )
  })

  test('keeps facts of unknown time where they stand in the file', async () => {
    const occurred = await timeline(id, 'OCCURRED')
    for (const [i, { fact, entry }] of told().entries()) {
      if (fact.at || i === 0) continue
      const before = told()[i - 1]!.entry
      const places = [before, entry].map(({ eventId }) =>
        occurred.findIndex(one => one.eventId === eventId),
      )
      expect(places[1]).toBeGreaterThan(places[0]!)
    }
  })

  test('says where it comes from, in the words of its notes', async () => {
    const { title, organisation, sources = [], notes = [] } = file as any
    const account = entries.find(({ sentence }) =>
      sentence.startsWith('Account of an incident at'),
    )!
    expect(account.sentence).toMatch(organisation)
    expect(account.evidence.map(({ url }) => url)).toEqual(sources)
    for (const note of notes)
      expect(entries.map(({ sentence }) => sentence)).toContain(`Note on the account: ${note}`)
    expect(await incident(id)).toMatchObject({ title, mode: 'RETROSPECTIVE', type: file.type })
  })

  test('again writes nothing', async () => {
    const head = await app.store.head()
    expect((await imported(file)).recorded).toBe(0)
    expect(await app.store.head()).toBe(head)
  })
})

describe('a file', () => {
  test('with one more fact adds only that', async () => {
    const file = fileOf([found, { at: at('11:00'), kind: 'RESOLVED', text: 'Fixed' }])
    const { incidentId } = await imported(file)
    const before = await stored(incidentId)
    const more = { ...found, text: 'Found more' }
    const again = await imported({ ...file, facts: [found, more, file.facts[1]] })
    expect(again).toMatchObject({ incidentId, recorded: 1, facts: 3 })
    const after = await stored(incidentId)
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)).toMatchObject({
      data: { text: 'Finding: Found more' },
      occurredAt: exactly('10:00'),
    })
  })

  test('with equal facts keeps each of them, and tells them from one another again', async () => {
    const file = fileOf([found, found, { ...found, at: at('10:30') }, found])
    const { incidentId } = await imported(file)
    const names = (await stored(incidentId))
      .filter(({ data }) => (data as { text?: string }).text === 'Finding: Found it')
      .map(({ commandId }) => commandId!.split(':').slice(3))
    expect(names).toEqual([[], ['2'], [], ['3']])
    expect((await imported(file)).recorded).toBe(0)
    expect((await imported({ ...file, facts: [...file.facts, found] })).recorded).toBe(1)
  })

  test('imported twice at once is on record once', async () => {
    const file = fileOf([found, { ...found, text: 'And more' }])
    const [one, two] = await Promise.all([imported(file), imported(file)])
    expect(one.incidentId).toBe(two.incidentId)
    expect(one.reference).toBe(two.reference)
    expect([one.recorded, two.recorded].toSorted()).toEqual([0, 5])
    expect(await stored(one.incidentId)).toHaveLength(5)
  })

  test('is found, searched and listed like any incident', async () => {
    const { reference, incidentId } = await imported(fileOf([found], { title: 'The great flood' }))
    const { incidents } = await app.told(
      'rob',
      '{ incidents(filter: { search: "flood", mode: [RETROSPECTIVE] }) { nodes { id reference } } }',
    )
    expect(incidents.nodes).toEqual([{ id: incidentId, reference }])
  })
})

/** Facts in short: time, kind, and perhaps a severity. */
const facts = (...short: [time: string | null, kind: string, severity?: string][]): Fact[] =>
  short.map(([time, kind, severity], i) => ({
    at: time && at(time),
    kind,
    text: `Fact ${i}`,
    ...(severity && { severity }),
  }))

describe('what facts do to the incident', () => {
  test.each<[string, Fact[], object]>([
    [
      'DECLARED first',
      facts(['10:00', 'DECLARED']),
      { status: 'ACTIVE', declaredAt: exactly('10:00') },
    ],
    [
      'DECLARED last',
      facts(['09:00', 'ALERT'], ['10:00', 'DECLARED']),
      { declaredAt: exactly('10:00') },
    ],
    [
      'no DECLARED',
      facts(['07:00', 'TASK_DONE'], ['08:00', 'IMPACT_STARTED'], ['09:00', 'ALERT']),
      { declaredAt: exactly('09:00') },
    ],
    [
      'a DECLARED without a time',
      facts(['08:00', 'CHANGE_DEPLOYED'], [null, 'DECLARED'], ['09:00', 'ALERT']),
      { declaredAt: exactly('08:00') },
    ],
    [
      'two DECLARED, one timed',
      facts([null, 'DECLARED'], ['09:00', 'ALERT'], ['09:30', 'DECLARED']),
      { declaredAt: exactly('09:30') },
    ],
    ['nothing with a time', facts([null, 'FINDING']), { status: 'ACTIVE' }],
    ['RESOLVED', facts(['10:00', 'DECLARED'], ['11:00', 'RESOLVED']), { status: 'RESOLVED' }],
    [
      'RESOLVED twice',
      facts(['10:00', 'DECLARED'], ['11:00', 'RESOLVED'], ['12:00', 'RESOLVED']),
      {
        status: 'RESOLVED',
        milestones: expect.arrayContaining([
          { milestone: 'RESOLVED', at: exactly('11:00'), timing: null },
        ]),
      },
    ],
    [
      'MITIGATED after RESOLVED',
      facts(['10:00', 'DECLARED'], ['11:00', 'RESOLVED'], ['12:00', 'MITIGATED']),
      { status: 'RESOLVED' },
    ],
    [
      'REOPENED',
      facts(['10:00', 'DECLARED'], ['11:00', 'RESOLVED'], ['12:00', 'REOPENED']),
      { status: 'ACTIVE' },
    ],
    [
      'REOPENED and RESOLVED again',
      facts(
        ['10:00', 'DECLARED'],
        ['11:00', 'RESOLVED'],
        ['12:00', 'REOPENED'],
        ['13:00', 'RESOLVED'],
      ),
      {
        status: 'RESOLVED',
        milestones: expect.arrayContaining([
          { milestone: 'RESOLVED', at: exactly('13:00'), timing: null },
        ]),
      },
    ],
    [
      'REOPENED while it runs',
      facts(['10:00', 'DECLARED'], ['12:00', 'REOPENED']),
      { status: 'ACTIVE' },
    ],
    [
      'several IMPACT_STARTED and RECOVERED',
      facts(
        ['10:00', 'IMPACT_STARTED'],
        ['10:30', 'RECOVERED'],
        ['11:00', 'IMPACT_STARTED'],
        ['11:30', 'RECOVERED'],
      ),
      { status: 'ACTIVE', declaredAt: exactly('10:30') },
    ],
    [
      'a severity we know',
      facts(['10:00', 'DECLARED'], ['10:05', 'SEVERITY_SET', 'SEV2']),
      { severity: 'SEV2' },
    ],
    [
      'a severity written otherwise',
      facts(['10:00', 'DECLARED'], ['10:05', 'SEVERITY_SET', 'sev-3']),
      { severity: 'SEV3' },
    ],
    [
      'a severity of another scale',
      facts(['10:00', 'DECLARED'], ['10:05', 'SEVERITY_SET', 'P1']),
      { severity: 'UNDETERMINED' },
    ],
    ['a severity with the declaration', facts(['10:00', 'DECLARED', 'SEV1']), { severity: 'SEV1' }],
    [
      'a severity with the resolution',
      facts(['10:00', 'DECLARED'], ['11:00', 'RESOLVED', 'SEV4']),
      { severity: 'SEV4', status: 'RESOLVED' },
    ],
    [
      'MITIGATED without a time',
      facts(['10:00', 'DECLARED'], [null, 'MITIGATED']),
      {
        status: 'MITIGATED',
        milestones: expect.arrayContaining([
          { milestone: 'MITIGATED', at: exactly('10:00'), timing: 'UNKNOWN' },
        ]),
      },
    ],
    [
      'unknown kinds',
      facts(['10:00', 'DECLARED'], ['10:01', 'CEO_CALLED'], ['10:02', 'X']),
      { status: 'ACTIVE' },
    ],
    [
      'times that go back',
      facts(
        ['10:00', 'DECLARED'],
        ['12:00', 'RESOLVED'],
        ['11:00', 'MITIGATED'],
        ['09:00', 'IMPACT_STARTED'],
      ),
      { status: 'RESOLVED', declaredAt: exactly('10:00') },
    ],
  ])('%s', async (_, given, expected) => {
    const file = fileOf(given)
    const { incidentId } = await imported(file)
    expect(await incident(incidentId)).toMatchObject(expected)
    const entries = await timeline(incidentId)
    for (const { text } of given)
      expect(entries.filter(({ sentence }) => sentence.includes(text))).toHaveLength(1)
    const head = await app.store.head()
    await imported(file)
    expect(await app.store.head()).toBe(head)
  })

  test('the declaration is one entry with the DECLARED fact whose time it has', async () => {
    const { incidentId } = await imported(
      fileOf(facts([null, 'DECLARED'], ['09:00', 'ALERT'], ['09:30', 'DECLARED'])),
    )
    const [declaration] = await stored(incidentId)
    const entries = await timeline(incidentId, 'OCCURRED')
    const teller = entries.find(({ alsoTells }) => alsoTells.includes(declaration!.id))
    expect(teller).toMatchObject({ sentence: 'Declared: Fact 2', occurredAt: exactly('09:30') })
  })

  test('the declaration’s severity is one entry with it', async () => {
    const { incidentId } = await imported(fileOf(facts(['10:00', 'DECLARED', 'SEV1'])))
    const events = await stored(incidentId)
    const entries = await timeline(incidentId)
    const teller = entries.find(({ sentence }) => sentence.includes('Fact 0'))!
    const told = events.filter(({ id }) => teller.alsoTells.includes(id)).map(({ type }) => type)
    expect(told).toEqual(['IncidentDeclared', 'SeveritySet'])
  })
})

/** One fact a minute from 10:00 on: who, what kind, and in what words. */
const by = (...short: [actor: string, kind: string, text: string][]): Fact[] =>
  short.map(([actor, kind, text], i) => ({ at: at(`10:0${i}`), actor, kind, text }))
const people = async (id: string) =>
  (
    await app.told(
      'root',
      `query ($id: ID!) { incident(id: $id) { commander { name imported } members { person { name } }
        roles { role person { name } } responders { person { name } }
        followUps { nodes { text by { name } } } } }`,
      { id },
    )
  ).incident

describe('whom a fact names', () => {
  test('is registered once, as known from history, and did what it tells', async () => {
    const file = fileOf(by(['Ada', 'DECLARED', 'It broke'], ['Ada', 'FINDING', 'A lock']))
    const { incidentId } = await imported(file)
    const events = await stored(incidentId)
    expect(events[0]!.actor).toEqual({ type: 'SYSTEM', id: 'import' })
    const { people: found } = await app.told(
      'root',
      '{ people(search: "Ada") { nodes { id name imported } } }',
    )
    expect(found.nodes).toEqual([{ id: expect.any(String), name: 'Ada', imported: true }])
    const [{ id }] = found.nodes
    const observed = events.filter(({ type }) => type === 'ObservationRecorded')
    expect(observed.slice(0, 2).map(({ actor }) => actor)).toEqual([
      { type: 'USER', id },
      { type: 'USER', id },
    ])
  })

  test('takes roles, command among them, and comes and goes', async () => {
    const { incidentId } = await imported(
      fileOf(
        by(
          ['Ben', 'DECLARED', 'It broke'],
          ['Ben', 'ROLE_TAKEN', 'Ben is incident commander'],
          ['Cy', 'ROLE_TAKEN', 'Takes notes as scribe'],
          ['customer liaison', 'ROLE_TAKEN', 'Writes to customers'],
          ['local incident commanders', 'ROLE_TAKEN', 'Lead separate streams'],
          ['Dot', 'RESPONDER_JOINED', 'Comes to help'],
          ['Eve', 'RESPONDER_JOINED', 'Comes too'],
          ['Eve', 'RESPONDER_LEFT', 'Goes'],
          ['Flo', 'HANDOFF', 'Takes over from Ben as incident commander'],
          ['many', 'HANDOFF', 'Four shifts worked'],
        ),
      ),
    )
    expect(await people(incidentId)).toMatchObject({
      commander: { name: 'Flo', imported: true },
      roles: [
        { role: 'INCIDENT_COMMANDER', person: { name: 'Flo' } },
        { role: 'SCRIBE', person: { name: 'Cy' } },
        { role: 'CUSTOMER_LIAISON', person: { name: 'customer liaison' } },
      ],
      responders: [{ person: { name: 'Dot' } }],
    })
    const entries = await timeline(incidentId)
    const handoff = entries.find(({ sentence }) => sentence.includes('Takes over from Ben'))!
    const told = (await stored(incidentId)).filter(({ id }) => handoff.alsoTells.includes(id))
    expect(told.map(({ type }) => type)).toEqual(['HandoffOffered', 'HandoffAccepted'])
  })

  test('flags what is left to do, with what shows it', async () => {
    const item = { kind: 'ACTION_ITEM', text: 'Alert on the lag', component: 'MySQL' }
    const evidence = 'https://example.org/report#items'
    const until = '2025-04-01T00:00:00Z'
    const { incidentId } = await imported(
      fileOf([
        found,
        { ...item, actor: 'Gus', evidence, until, at: at('11:00') },
        { ...item, text: 'Buy disks', at: at('11:00') },
      ]),
    )
    expect((await people(incidentId)).followUps.nodes).toEqual([
      { text: 'Alert on the lag (MySQL; due 2025-04-01 00:00 UTC)', by: { name: 'Gus' } },
      { text: 'Buy disks (MySQL)', by: { name: 'The import' } },
    ])
    const entries = await timeline(incidentId)
    expect(entries.slice(-3, -1)).toMatchObject([
      {
        sentence: 'Gus flagged a follow-up: Alert on the lag (MySQL; due 2025-04-01 00:00 UTC)',
        evidence: [{ url: evidence }],
      },
      { sentence: 'Follow-up: Buy disks (MySQL)', evidence: [] },
    ])
  })

  test('decides; what nobody knows who decided is only told', async () => {
    const { incidentId } = await imported(
      fileOf([
        ...by(['Ida', 'DECISION', 'Fail forward']),
        { at: at('10:05'), kind: 'DECISION', text: 'Go offline' },
      ]),
    )
    const sentences = (await timeline(incidentId)).map(({ sentence }) => sentence)
    expect(sentences).toContain('Ida decided: Fail forward')
    expect(sentences).toContain('Decision: Go offline')
  })

  test('supposes; of what contributed to it nobody is the cause', async () => {
    const factor = (text: string, more: object = {}) => ({
      at: at('10:05'),
      kind: 'CONTRIBUTING_FACTOR',
      text,
      ...more,
    })
    const twice = { at: at('10:06'), kind: 'HYPOTHESIS', text: 'A lock' }
    const { incidentId } = await imported(
      fileOf([
        { ...factor('Disks were old'), at: null },
        ...by(
          ['Jo', 'DECLARED', 'It broke'],
          ['Jo', 'RESPONDER_JOINED', 'Comes to help'],
          ['Kim', 'HYPOTHESIS', 'An attack'],
        ),
        twice,
        twice,
        factor('Nobody tested', { component: 'backups', evidence: 'https://example.org/why' }),
        factor('Jo was tired'),
      ]),
    )
    const { incident } = await app.told(
      'root',
      `query ($id: ID!) { incident(id: $id) { hypotheses { text by { name } outcome }
        contributingFactors { category statement by { name } } } }`,
      { id: incidentId },
    )
    expect(incident).toEqual({
      hypotheses: [
        { text: 'An attack', by: { name: 'Kim' }, outcome: null },
        { text: 'A lock', by: { name: 'The import' }, outcome: null },
      ],
      contributingFactors: [
        { category: 'OTHER', statement: 'Disks were old', by: { name: 'The import' } },
        { category: 'OTHER', statement: 'Nobody tested (backups)', by: { name: 'The import' } },
      ],
    })
    const sentences = (await timeline(incidentId)).map(({ sentence }) => sentence)
    expect(sentences.filter(said => /attack|lock|old|tested|tired/.test(said))).toEqual([
      'Contributing factor: Disks were old',
      'Kim supposed: An attack',
      'Hypothesis: A lock',
      'Hypothesis: A lock',
      'Contributing factor: Nobody tested (backups)',
      'Contributing factor: Jo was tired',
    ])
  })

  test('starts and ends tasks, of which nobody makes up whose they were or when they were due', async () => {
    const shown = { component: 'MySQL', evidence: 'https://example.org/restore' }
    const task = (kind: string, time: string, text: string, more: object = {}) => ({
      at: at(time),
      kind,
      text,
      ...more,
    })
    const { incidentId } = await imported(
      fileOf([
        task('TASK_STARTED', '09:00', 'Snapshot copied', { actor: 'Moe' }),
        task('TASK_DONE', '09:30', 'Snapshot copied', { actor: 'Moe', approximate: true }),
        ...by(['Nia', 'DECLARED', 'It broke'], ['Nia', 'TASK_STARTED', 'Restore begins']),
        task('TASK_DONE', '10:30', 'Restore begins'),
        task('TASK_STARTED', '11:00', 'Checks made', shown),
        task('TASK_STARTED', '11:10', 'Checks made', shown),
        task('TASK_DONE', '11:20', 'Checks made', shown),
        { ...task('TASK_DONE', '', 'Queue drained'), at: null },
        task('TASK_DONE', '11:30', `Long ${'x'.repeat(200)}`),
        task('TASK_DONE', '11:40', 'Two\nlines'),
      ]),
    )
    const { incident } = await app.told(
      'root',
      `query ($id: ID!) { incident(id: $id) { tasks { nodes { title status assignee { name imported }
        assignedAt dueAt endedAt endedTiming overdue } } } }`,
      { id: incidentId },
    )
    const told = { assignee: null, assignedAt: null, dueAt: null, overdue: false }
    const started = { ...told, status: 'IN_PROGRESS', endedAt: null, endedTiming: null }
    const done = { ...told, status: 'COMPLETED', endedTiming: null }
    expect(incident.tasks.nodes).toEqual([
      {
        ...done,
        title: 'Snapshot copied',
        assignee: { name: 'Moe', imported: true },
        assignedAt: exactly('09:00'),
        endedAt: exactly('09:30'),
        endedTiming: 'APPROXIMATE',
      },
      {
        ...started,
        title: 'Restore begins',
        assignee: { name: 'Nia', imported: true },
        assignedAt: exactly('10:01'),
      },
      { ...done, title: 'Restore begins', endedAt: exactly('10:30') },
      { ...started, title: 'Checks made (MySQL)', assignedAt: exactly('11:00') },
      { ...started, title: 'Checks made (MySQL)', assignedAt: exactly('11:10') },
      { ...done, title: 'Checks made (MySQL)', endedAt: exactly('11:20') },
      { ...done, title: 'Queue drained', endedAt: exactly('11:20'), endedTiming: 'UNKNOWN' },
    ])
    const entries = await timeline(incidentId)
    expect(entries.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'Moe started a task: Snapshot copied',
        'Moe completed “Snapshot copied”',
        'Task finished: Restore begins',
        'Task done: Two\nlines',
        `Task done: Long ${'x'.repeat(200)}`,
      ]),
    )
    const checked = entries.find(
      ({ sentence }) => sentence === 'Task finished: Checks made (MySQL)',
    )
    expect(checked!.evidence).toMatchObject([{ url: shown.evidence }])
  })

  test('enters phases, of those that there are', async () => {
    const { incidentId } = await imported(
      fileOf([
        ...by(['Ola', 'DECLARED', 'It broke'], ['Ola', 'ALERT', 'More of it']),
        { at: at('10:05'), kind: 'PHASE_ENTERED', text: 'All hands', phase: 'mobilize' },
        { at: at('10:10'), kind: 'PHASE_ENTERED', text: 'Cleaning', phase: 'CLEANING' },
        { at: at('10:15'), kind: 'PHASE_ENTERED', text: 'Lessons', phase: 'PREVENT' },
        { at: at('10:20'), kind: 'FINDING', text: 'Nothing more', phase: 'RESOLVE' },
      ]),
    )
    const { incident } = await app.told(
      'root',
      'query ($id: ID!) { incident(id: $id) { phases { phase from } } }',
      { id: incidentId },
    )
    expect(incident.phases).toEqual([
      { phase: 'TRIAGE', from: exactly('10:00') },
      { phase: 'MOBILIZE', from: exactly('10:05') },
    ])
    expect((await timeline(incidentId)).map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'Phase entered: All hands (phase mobilize)',
        'Phase entered: Lessons (phase PREVENT)',
      ]),
    )
  })

  test('decides more than evidence can be attached to, and the rest is told with it', async () => {
    const shown = { evidence: 'https://example.org/minutes' }
    const decided = Array.from({ length: 1000 }, (_, n) => ({
      ...by(['Lou', 'DECISION', `Try ${n}`])[0]!,
      ...shown,
    }))
    const { incidentId } = await imported(
      fileOf([...decided, { at: at('10:05'), kind: 'ACTION_ITEM', text: 'Plan', ...shown }]),
    )
    expect((await stored(incidentId)).at(-2)).toMatchObject({
      type: 'ObservationRecorded',
      data: { text: 'Action item: Plan', evidence: [{ url: shown.evidence }] },
    })
  })

  test('begins a sentence with a capital, and is called as in the file', async () => {
    const file = fileOf([
      ...by(
        ['on-call engineers', 'DECLARED', 'It broke'],
        ['first responder', 'ROLE_TAKEN', 'Leads as incident commander'],
        ['first responder', 'DECISION', 'Go offline'],
      ),
    ])
    const { incidentId } = await imported(file)
    const { incident } = await app.told(
      'root',
      `query ($id: ID!) { incident(id: $id) { commander { name }
        postmortem { summary commandHistory { how } } } }`,
      { id: incidentId },
    )
    expect(incident.commander.name).toBe('first responder')
    expect(incident.postmortem.summary).toMatch(/\. First responder commanded it\./)
    expect(incident.postmortem.commandHistory[1].how).toBe('First responder took command')
    expect((await timeline(incidentId)).map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'On-call engineers: Declared: It broke',
        'First responder: Role taken: Leads as incident commander',
        'First responder decided: Go offline',
      ]),
    )
  })

  test('did it in a restricted incident too', async () => {
    const file = fileOf(by(['Hal', 'ROLE_TAKEN', 'Incident commander Hal']), { type: 'SECURITY' })
    const { incidentId } = await imported(file)
    expect((await people(incidentId)).commander).toMatchObject({ name: 'Hal' })
  })
})

describe('a bad file is refused whole, and the place named:', () => {
  const long = (length: number) => 'x'.repeat(length)
  const second = (fact: object) => fileOf([found, fact])
  test.each<[string, unknown, string]>([
    ['a fact without text', second({ at: at('10:00'), kind: 'ALERT' }), 'facts[1].text'],
    ['an empty text', second({ ...found, text: ' ' }), 'facts[1].text'],
    ['a text too long', second({ ...found, text: long(2001) }), 'facts[1].text'],
    ['a text with NUL', second({ ...found, text: 'a\0' }), 'facts[1].text'],
    ['a text with a lone surrogate', second({ ...found, text: '\ud800' }), 'text'],
    ['a text that is a number', second({ ...found, text: 5 }), 'facts[1].text'],
    ['a bad time', second({ ...found, at: 'noon' }), 'facts[1].at'],
    ['a time without offset', second({ ...found, at: '2025-03-01T10:00:00' }), 'facts[1].at'],
    ['a day that is none', second({ ...found, at: '2025-02-30T10:00:00Z' }), 'facts[1].at'],
    ['an hour that is none', second({ ...found, at: '2025-02-20T25:00:00Z' }), 'facts[1].at'],
    [
      'an offset that is none',
      second({ ...found, at: '2025-02-20T10:00:00+99:99' }),
      'facts[1].at',
    ],
    ['a future time', second({ ...found, at: '2099-01-01T00:00:00Z' }), 'facts[1].at'],
    ['a bad end', second({ ...found, until: 'later' }), 'facts[1].until'],
    ['a future end', second({ ...found, until: '2099-01-01T00:00:00Z' }), 'facts[1].until'],
    ['a bad kind', second({ ...found, kind: 'lower case' }), 'facts[1].kind'],
    ['a kind too long', second({ ...found, kind: 'X'.repeat(61) }), 'facts[1].kind'],
    ['an unknown member', second({ ...found, colour: 'red' }), 'facts[1].colour'],
    ['an actor of two lines', second({ ...found, actor: 'a\nb' }), 'facts[1].actor'],
    [
      'evidence that is a script',
      second({ ...found, evidence: 'javascript:alert(1)' }),
      'facts[1].evidence',
    ],
    [
      'evidence that is no address',
      second({ ...found, evidence: 'see page 4' }),
      'facts[1].evidence',
    ],
    [
      'a quantity without unit',
      second({ ...found, quantity: { value: 1 } }),
      'facts[1].quantity.unit',
    ],
    [
      'a quantity of text',
      second({ ...found, quantity: { value: '1', unit: 's' } }),
      'facts[1].quantity.value',
    ],
    ['a quantity that is a number', second({ ...found, quantity: 5 }), 'facts[1].quantity'],
    ['approximate as a word', second({ ...found, approximate: 'yes' }), 'facts[1].approximate'],
    ['a fact that is text', fileOf([found, 'it broke' as never]), 'facts[1]'],
    ['a fact that is null', fileOf([found, null as never]), 'facts[1]'],
    [
      'a quantity that is a list',
      second({ ...found, quantity: [{ value: 1, unit: 's' }] }),
      'facts[1].quantity',
    ],
    ['a fact that is a list', fileOf([found, [found] as never]), 'facts'],
    ['a fact of another make', second({ ...found, constructor: 'x', text: 5 }), 'constructor'],
    ['a file of another make', fileOf([found], { constructor: 'x' }), 'constructor'],
    [
      'a fact with another prototype',
      JSON.parse('{"facts":[{"__proto__":{"text":"x"}}]}'),
      '__proto__',
    ],
    ['a phase that is a number', second({ ...found, phase: 1 }), 'facts[1].phase'],
    ['no facts', fileOf([]), 'facts'],
    ['facts that are none', fileOf({ 0: found } as never), 'facts'],
    ['too many facts', fileOf(Array<object>(10_001).fill(found)), 'facts'],
    ['a bad slug', { ...fileOf([found]), slug: 'Not A Slug' }, 'slug'],
    ['a slug with a dash at its end', { ...fileOf([found]), slug: 'a-' }, 'slug'],
    ['a slug that climbs', { ...fileOf([found]), slug: '../x' }, 'slug'],
    ['no title', { ...fileOf([found]), title: undefined }, 'title'],
    ['a bad type', { ...fileOf([found]), type: 'PARTY' }, 'type'],
    ['a source that is a script', fileOf([found], { sources: ['javascript:alert(1)'] }), 'sources'],
    ['an unknown member above', fileOf([found], { severity: 'SEV1' }), 'severity'],
    [
      'a source with a password',
      fileOf([found], { sources: ['https://a:b@example.org'] }),
      'sources',
    ],
    ['notes that are no list', fileOf([found], { notes: 'x' }), 'notes'],
    ['a note for a terminal', fileOf([found], { notes: ['\u001b[2J'] }), 'notes'],
    ['a note that says nothing', fileOf([found], { notes: [' '] }), 'notes'],
    ['an empty object', {}, 'slug'],
    ['a list', [found], 'slug'],
  ])('%s', async (_, file, place) => {
    const head = await app.store.head()
    const refused = (await imported(file as object).catch(error => error)) as Rejected
    expect(refused).toBeInstanceOf(Rejected)
    const details = refused.details as { fields: string[]; reasons: string[] }
    expect(refused.code).toBe('INVALID_INPUT')
    expect(details.fields).toContain(place)
    expect(details.reasons.length).toBeGreaterThan(0)
    expect(await app.store.head()).toBe(head)
  })
})

const word = fc.constantFrom(
  'It broke',
  'It works',
  'Someone “quoted” it',
  'Größe: 100 %',
  '🔥',
  '<b>',
  '| a |',
)
const time = fc.option(
  fc
    .integer({ min: 0, max: 600 })
    .map(minutes => new Date(Date.UTC(2025, 1, 1, 0, minutes)).toISOString()),
  { nil: null },
)
const kind = fc.constantFrom(
  'DECLARED',
  'ALERT',
  'IMPACT_STARTED',
  'MITIGATED',
  'RESOLVED',
  'REOPENED',
  'SEVERITY_SET',
  'ACTION_ITEM',
  'RECOVERED',
  'DECISION',
  'HYPOTHESIS',
  'CONTRIBUTING_FACTOR',
  'TASK_STARTED',
  'TASK_DONE',
  'PHASE_ENTERED',
  'NEVER_HEARD_OF',
)
const anyFact = fc.record(
  {
    at: time,
    kind,
    text: word,
    until: time.map(at => at ?? '2025-02-02T00:00:00Z'),
    approximate: fc.boolean(),
    recordedLater: fc.boolean(),
    actor: word,
    component: word,
    severity: fc.constantFrom('SEV1', 'SEV4', 'sev-2', 'P0', 'red'),
    phase: fc.constantFrom('MOBILIZE', 'prevent', 'cleaning up'),
    quantity: fc.record({ value: fc.double({ noNaN: true, noDefaultInfinity: true }), unit: word }),
    evidence: fc.constant('https://example.org/a?b=c'),
  },
  { requiredKeys: ['kind', 'text'] },
)

/** The events that a fact may come to instead of an observation. */
const tellers = [
  'ObservationRecorded',
  'FollowUpFlagged',
  'DecisionMade',
  'HypothesisProposed',
  'ContributingFactorRecorded',
  'TaskRecorded',
  'TaskCompleted',
]
/** Of a task that ends, it is those with which it began. */
const wordsIn = ({ data }: { data: any }, events: readonly { type: string; data: any }[]) =>
  data.text ??
  data.statement ??
  data.title ??
  events.find(({ type, data: { taskId } }) => type === 'TaskRecorded' && taskId === data.taskId)!
    .data.title

test('any file of the format is taken whole, whatever the order of its facts, and only once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFact, { minLength: 1, maxLength: 12 }), async given => {
      const file = fileOf(given)
      const { incidentId, facts: count } = await imported(file)
      expect(count).toBe(given.length)
      const events = await stored(incidentId)
      const told = events.filter(
        ({ commandId, type }) => tellers.includes(type) && !commandId?.includes(':account:'),
      )
      expect(told.map(event => wordsIn(event, events as never))).toEqual(
        given.map(({ text }) => expect.stringContaining(text)),
      )
      expect(await timeline(incidentId)).not.toHaveLength(0)
      const head = await app.store.head()
      expect((await imported(file)).recorded).toBe(0)
      expect(await app.store.head()).toBe(head)
    }),
    { numRuns: 60 },
  )
})
