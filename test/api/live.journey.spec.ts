import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp, until } from '../support/app.js'
import { liveCommand } from '../support/live-command.mjs'
import { liveCycle } from '../support/live-cycle.mjs'
import { liveDetails } from '../support/live-details.mjs'
import { liveIncident } from '../support/live-incident.mjs'
import { liveMobilising } from '../support/live-mobilising.mjs'
import { liveResponse } from '../support/live-response.mjs'
import { liveRules } from '../support/live-rules.mjs'
import { livePreparation } from '../support/live-preparation.mjs'
import { liveTasks } from '../support/live-tasks.mjs'
import { mutationNames } from '../support/sdl.js'

let app: App
let story: ReturnType<typeof liveIncident>
beforeAll(async () => {
  app = await startApp()
  const { act, person } = app
  const ask = (query: string, variables: object) => app.told('rob', query, variables)
  story = liveIncident({ act, person, ask, push: minutes => app.clock.push(minutes) })
})
afterAll(() => app.close())

const seen = async (fields: string, who = 'rob', at?: object) =>
  (
    await app.told(
      who,
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at },
    )
  ).incident

/** A connection page by page, whole. */
async function pages(read: (after: string | null) => Promise<any>): Promise<any[]> {
  const nodes: any[] = []
  for (let after: string | null = null; ;) {
    const page = await read(after)
    nodes.push(...page.nodes)
    expect(page.edges.map(({ node }: { node: object }) => node)).toEqual(page.nodes)
    if (!page.pageInfo.hasNextPage) return nodes
    after = page.pageInfo.endCursor
  }
}

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const handle = (answer: { handle: string } | null) => answer?.handle ?? null

test('a robot’s report becomes an incident with a commander, roles, links and services', async () => {
  await story.begins()
  const incident = await seen(`reference title status severity effectiveSeverity type mode effect
    declaredAt services commander { handle } commandVacantSince revision
    links { kind url label } roles { role person { handle } service since }
    responders { person { handle } since }`)
  expect(incident).toEqual({
    reference: 'INC-1',
    title: 'Checkout fails in Europe',
    status: 'ACTIVE',
    severity: 'SEV2',
    effectiveSeverity: 'SEV2',
    type: 'SERVICE',
    mode: 'LIVE',
    effect: 'OUTAGE',
    declaredAt: at('12:00'),
    services: ['checkout-api', 'payments'],
    commander: { handle: 'alice' },
    commandVacantSince: null,
    revision: 12,
    links: [{ kind: 'WAR_ROOM', url: 'https://meet.example.org/checkout', label: 'Room 1' }],
    roles: [
      {
        role: 'INCIDENT_COMMANDER',
        person: { handle: 'alice' },
        service: null,
        since: at('12:01'),
      },
      {
        role: 'SUBJECT_MATTER_EXPERT',
        person: { handle: 'bob' },
        service: 'checkout-api',
        since: at('12:02'),
      },
      { role: 'SCRIBE', person: { handle: 'carol' }, service: null, since: at('12:02') },
    ],
    responders: [
      { person: { handle: 'alice' }, since: at('12:01') },
      { person: { handle: 'carol' }, since: at('12:02') },
    ],
  })
})

const board = (who: string, filter: string) =>
  pages(async after => {
    const { id } = story.told
    const named = filter.replace('this', id).replace('THIS', id.toUpperCase())
    const query = `query ($after: Cursor) { tasks(first: 2, after: $after, filter: { ${named} }) {
      edges { node { title } } nodes { title } pageInfo { endCursor hasNextPage } } }`
    return (await app.told(who, query, { after })).tasks
  }).then(nodes => nodes.map(({ title }) => title))

test.each([
  [0, 'alice', '', ['Restart the cache', 'Look at the error rate', 'Write to customers']],
  [0, 'bob', 'mine: true', ['Restart the cache', 'Look at the error rate']],
  [0, 'carol', 'mine: true', ['Write to customers']],
  [0, 'robot', 'mine: true', []],
  [0, 'alice', 'assignee: "carol"', ['Write to customers']],
  [0, 'alice', 'dueWithinMinutes: 5', ['Restart the cache']],
  [0, 'alice', 'overdue: true', []],
  [
    0,
    'alice',
    'incidentId: "THIS"',
    ['Restart the cache', 'Look at the error rate', 'Write to customers'],
  ],
  [
    0,
    'alice',
    'incidentId: "this"',
    ['Restart the cache', 'Look at the error rate', 'Write to customers'],
  ],
  [0, 'alice', 'incidentId: "01890000-0000-7000-8000-000000000000"', []],
  [6, 'alice', 'overdue: true', ['Restart the cache']],
  [0, 'bob', 'mine: true, overdue: true', ['Restart the cache']],
  [0, 'carol', 'mine: true, overdue: true', []],
  [0, 'alice', 'dueWithinMinutes: 4', ['Restart the cache', 'Look at the error rate']],
  [
    0,
    'alice',
    'unacknowledged: true, assignee: "bob"',
    ['Restart the cache', 'Look at the error rate'],
  ],
  [0, 'alice', 'status: [ACKNOWLEDGED, COMPLETED]', []],
])(
  'after %d more minutes %s sees, of the tasks with { %s }: %j',
  async (minutes, who, filter, titles) => {
    if (story.told.tasks.errors === undefined) await story.givesTasks()
    if (minutes > 0) await story.lateTask()
    expect(await board(who, filter)).toEqual(titles)
  },
)

test('a task is acknowledged, extended, moved, reported on, completed and abandoned', async () => {
  await story.worksOnTasks()
  expect(await board('alice', 'unacknowledged: true')).toEqual([])
  expect(await board('carol', 'mine: true, status: [ACKNOWLEDGED]')).toEqual(['Write to customers'])
  const { tasks } =
    await seen(`tasks { nodes { id title status assignee { handle } viaRole assignedAt
    dueAt overdue acknowledgedAt endedAt timeboxExpiredAt extensions incidentId } }`)
  const of = { incidentId: story.told.id, overdue: false }
  expect(tasks.nodes).toEqual([
    {
      ...of,
      id: story.told.tasks.errors,
      title: 'Look at the error rate',
      status: 'COMPLETED',
      assignee: { handle: 'bob' },
      viaRole: null,
      assignedAt: at('12:03'),
      dueAt: at('12:13'),
      acknowledgedAt: at('12:09'),
      endedAt: at('12:11'),
      timeboxExpiredAt: null,
      extensions: 0,
    },
    {
      ...of,
      id: story.told.tasks.customers,
      title: 'Write to customers',
      status: 'ACKNOWLEDGED',
      assignee: { handle: 'carol' },
      viaRole: 'SCRIBE',
      assignedAt: at('12:03'),
      dueAt: at('12:18'),
      acknowledgedAt: at('12:11'),
      endedAt: null,
      timeboxExpiredAt: null,
      extensions: 0,
    },
    {
      ...of,
      id: story.told.tasks.cache,
      title: 'Restart the cache',
      status: 'ABANDONED',
      assignee: { handle: 'carol' },
      viaRole: null,
      assignedAt: at('12:09'),
      dueAt: at('12:19'),
      acknowledgedAt: null,
      endedAt: at('12:11'),
      timeboxExpiredAt: at('12:08'),
      extensions: 1,
    },
  ])
})

const noted = 'occurredAt timing kind sentence correction original late evidence { url label }'
const observations = async (args: string) =>
  (await seen(`timeline(${args}, first: 100) { nodes { type ${noted} } }`)).timeline.nodes
    .filter(({ type }: { type: string }) => type.endsWith('.observation_recorded.v1'))
    .map(({ type: _, ...entry }: { type: string }) => entry)

test('an observation is put right and another taken back, and history keeps what they said', async () => {
  await story.notes()
  const entry = { timing: null, kind: 'COMMENTARY', evidence: [] }
  const graph = {
    ...entry,
    occurredAt: at('11:55'),
    sentence: 'Carol: Errors began in Europe',
    correction: 'CORRECTED',
    original: null,
    late: true,
    evidence: [{ url: 'https://graphs.example.org/errors', label: 'Errors' }],
  }
  const wrong = {
    ...entry,
    occurredAt: at('12:11'),
    sentence: 'Bob: The database is down',
    correction: 'RETRACTED',
    original: null,
    late: false,
  }
  expect(await observations('order: OCCURRED')).toEqual([graph])
  expect(await observations('order: RECORDED, showHistory: true')).toEqual([
    { ...graph, original: 'Carol: Errors began' },
    wrong,
  ])
})

test('an offer carries a brief of the moment it was made, whatever happens since', async () => {
  await story.offers()
  const { revision, brief, handoff, commander } = await seen(`revision commander { handle }
    handoff { by { name } to { handle } offeredAt note
      brief { revision headline overdueTasks openTasks { title } latest { sentence } } }
    brief { revision text roles { role } responders { person { handle } } latest { sentence } }`)
  expect(commander).toEqual({ handle: 'alice' })
  expect(handoff).toMatchObject({
    by: { name: 'Alice' },
    to: { handle: 'carol' },
    offeredAt: at('12:13'),
    note: 'My shift ends',
    brief: {
      revision: revision - 2,
      headline: expect.stringMatching(
        /^INC-1 “Checkout fails in Europe” is active at SEV2, 13 minutes/,
      ),
      overdueTasks: 0,
      openTasks: [{ title: 'Write to customers' }],
    },
  })
  expect(handoff.brief.latest.at(-1).sentence).toBe('Bob declined to take command: I am fixing it')
  expect(brief.revision).toBe(revision)
  expect(brief.latest.at(-1).sentence).toBe('Bob: Rolling back')
  expect(brief.text).toMatch('Carol: Write to customers, due 12:18.')
  expect(brief.roles.map(({ role }: { role: string }) => role)).toEqual([
    'INCIDENT_COMMANDER',
    'SUBJECT_MATTER_EXPERT',
    'SCRIBE',
  ])
  expect(brief.responders.map(({ person }: any) => handle(person))).toEqual(['alice', 'carol'])
})

test.each([
  ['alice', 'withdrawHandoff', true],
  ['alice', 'resolveIncident', true],
  ['alice', 'claimCommand', false],
  ['alice', 'leaveIncident', false],
  ['alice', 'acceptHandoff', false],
  ['carol', 'acceptHandoff', true],
  ['carol', 'resolveIncident', false],
  ['carol', 'takeCommand', true],
  ['bob', 'acceptHandoff', false],
  ['bob', 'joinIncident', true],
  ['root', 'resolveIncident', true],
  ['root', 'acceptHandoff', true],
  ['robot', 'recordObservation', true],
  ['robot', 'takeCommand', false],
  ['robot', 'joinIncident', false],
  ['rob', 'recordObservation', false],
])('while command is offered, %s can %s: %s', async (who, mutation, can) => {
  expect((await seen('viewerCan', who)).viewerCan.includes(mutation)).toBe(can)
})

test('command goes from hand to hand, and nobody is ever in command twice', async () => {
  await story.handsOver()
  const { commander, handoff, roles, postmortem } =
    await seen(`commander { handle } handoff { note }
    roles { role person { handle } }
    postmortem { commandHistory { commander { handle } from until how } }`)
  expect([commander, handoff]).toEqual([{ handle: 'alice' }, null])
  expect(roles.map(({ role, person }: any) => [role, handle(person)])).toEqual([
    ['INCIDENT_COMMANDER', 'alice'],
    ['SCRIBE', 'carol'],
  ])
  const periods = postmortem.commandHistory.map(({ commander: who, from, until, how }: any) => [
    handle(who),
    from.slice(11, 16),
    until?.slice(11, 16) ?? null,
    how,
  ])
  expect(periods).toEqual([
    [null, '12:00', '12:01', 'The incident was declared'],
    [
      'alice',
      '12:01',
      '12:15',
      'Alice took command: “This is Alice, I am the incident commander.”',
    ],
    ['bob', '12:15', '12:16', 'Bob took command over from Alice, offered 1 minute before: Please'],
    ['carol', '12:16', '12:16', 'Carol took command from Bob: Bob types'],
    [null, '12:16', '12:17', 'Carol left command vacant: Back to writing'],
    ['alice', '12:17', null, 'Bob put Alice in command'],
  ])
})

test('it is mitigated, reopened, resolved and closed, and the milestones are told', async () => {
  await story.ends()
  const { status, severity, milestones, postmortem } = await seen(`status severity
    milestones { milestone at timing eventId }
    postmortem { durations { from to minutes approximate }
      severityHistory { level from until by { name } reason } gaps { minutes } }`)
  expect([status, severity]).toEqual(['CLOSED', 'SEV1'])
  expect(milestones.map(({ milestone, at: when }: any) => [milestone, when])).toEqual([
    ['DECLARED', at('12:00')],
    ['ACKNOWLEDGED', at('12:01')],
    ['MITIGATED', at('12:18')],
    ['RESOLVED', at('12:38')],
    ['CLOSED', at('12:58')],
  ])
  expect(postmortem).toEqual({
    durations: [
      { from: 'DECLARED', to: 'ACKNOWLEDGED', minutes: 1, approximate: false },
      { from: 'ACKNOWLEDGED', to: 'MITIGATED', minutes: 17, approximate: false },
      { from: 'MITIGATED', to: 'RESOLVED', minutes: 20, approximate: false },
      { from: 'RESOLVED', to: 'CLOSED', minutes: 20, approximate: false },
    ],
    severityHistory: [
      {
        level: 'UNDETERMINED',
        from: at('12:00'),
        until: at('12:02'),
        by: { name: 'The key “robot”' },
        reason: null,
      },
      {
        level: 'SEV2',
        from: at('12:02'),
        until: at('12:28'),
        by: { name: 'Alice' },
        reason: 'One region only',
      },
      { level: 'SEV1', from: at('12:28'), until: null, by: { name: 'Carol' }, reason: null },
    ],
    gaps: [],
  })
})

/** What the whole story reads like, in the order it happened. */
const story_ = `
11:55 Carol: Errors began in Europe
12:00 The key “robot” opened for triage “Checkout fails”
12:00 The key “robot” left the severity undetermined, to be treated as SEV1
12:00 The key “robot” named the services affected: checkout-api
12:01 Alice joined
12:01 Alice confirmed the incident
12:01 Alice took command: “This is Alice, I am the incident commander.”
12:01 Alice linked the war room “Room 1”
12:02 Alice set the severity to SEV2: One region only
12:02 Bob became subject matter expert for checkout-api
12:02 Carol joined
12:02 Carol became scribe
12:03 Carol changed the title to “Checkout fails in Europe”
12:03 Carol named the services affected: checkout-api, payments
12:03 Alice gave Bob the task “Look at the error rate”, due 2026-01-01 12:13 UTC
12:03 Alice gave Carol (scribe) the task “Write to customers”, due 2026-01-01 12:18 UTC
12:03 Alice gave Bob the task “Restart the cache”, due 2026-01-01 12:08 UTC
12:08 The timebox of “Restart the cache” ended before the task did
12:09 Bob acknowledged “Look at the error rate”
12:09 Bob gave “Restart the cache” more time, until 2026-01-01 12:19 UTC: It is slow
12:09 Alice moved “Restart the cache” from Bob to Carol: Bob is busy
12:11 Bob reported on “Look at the error rate”: 40 % of requests
12:11 Bob completed “Look at the error rate”: A bad deploy
12:11 Carol acknowledged “Write to customers”
12:11 Carol abandoned “Restart the cache”: Not the cache
12:13 Alice offered command to Bob
12:13 Bob declined to take command: I am fixing it
12:13 Alice offered command to Carol: My shift ends
12:13 Bob: Rolling back
12:14 Alice withdrew the offer of command to Carol
12:14 Alice offered command to Bob: Please
12:15 Bob took command over from Alice
12:16 Carol took command from Bob: Bob types
12:16 Carol left command vacant: Back to writing
12:17 Bob put Alice in command
12:17 Bob is no longer subject matter expert for checkout-api
12:17 Bob left
12:18 The timebox of “Write to customers” ended before the task did
12:18 Alice mitigated: Rolled back
12:28 Carol reopened: Errors are back
12:28 Carol set the severity to SEV1
12:38 Alice resolved: The old version is everywhere
12:38 Carol completed “Write to customers”
12:58 Carol closed the incident: Reviewed
`
  .trim()
  .split('\n')
const lines = (nodes: { occurredAt: string; sentence: string }[]) =>
  nodes.map(({ occurredAt, sentence }) => `${occurredAt.slice(11, 16)} ${sentence}`)

const timeline = (args: string, first: number) =>
  pages(
    async after =>
      (
        await app.told(
          'rob',
          `query ($id: ID!, $after: Cursor) { incident(id: $id) {
            timeline(${args} first: ${first}, after: $after) {
              edges { node { eventId } } nodes { eventId } pageInfo { endCursor hasNextPage } } } }`,
          { id: story.told.id, after },
        )
      ).incident.timeline,
  )

test('the timeline reads like the story, as it happened and as it was recorded', async () => {
  const occurred = await seen('timeline(first: 100) { nodes { occurredAt sentence } }')
  expect(lines(occurred.timeline.nodes)).toEqual(story_)
  const recorded = await seen(
    'timeline(order: RECORDED, first: 100) { nodes { occurredAt sentence revision } }',
  )
  expect(lines(recorded.timeline.nodes).toSorted()).toEqual(story_.toSorted())
  const revisions = recorded.timeline.nodes.map(({ revision }: any) => revision)
  expect(revisions).toEqual(revisions.toSorted((a: number, b: number) => a - b))
})

test.each(['', 'order: RECORDED,', 'showHistory: true,', 'order: RECORDED, showHistory: true,'])(
  'pages of any size of the timeline { %s } are the timeline',
  async args => {
    const whole = await timeline(args, 100)
    for (const first of [1, 7, 43, 44, 47]) expect(await timeline(args, first)).toEqual(whole)
    expect(whole).toHaveLength(args.includes('History') ? 47 : story_.length)
  },
)

test('the postmortem’s hash is the SHA-256 of its markdown, and the same revisions give the same bytes', async () => {
  const report =
    'postmortem { incidentRevision organisationRevision rendererVersion sha256 markdown }'
  const { postmortem } = await seen(report)
  expect(createHash('sha256').update(postmortem.markdown, 'utf8').digest('hex')).toBe(
    postmortem.sha256,
  )
  expect(postmortem.incidentRevision).toBe(46)
  app.clock.push(10_000)
  expect((await seen(report, 'alice')).postmortem).toEqual(postmortem)
  for (const sentence of story_) {
    const [said] = sentence.slice(6).split(': ')
    expect(postmortem.markdown).toMatch(said!)
  }
  expect(postmortem.markdown).not.toMatch('The database is down')
})

test('a name that changes is a new revision of the organisation, and so other bytes', async () => {
  const report = 'postmortem { organisationRevision sha256 markdown }'
  const before = (await seen(report)).postmortem
  const input = { personId: await app.person('carol'), name: 'Caroline' }
  const update = `mutation ($input: UpdatePersonInput!) {
    updatePerson(input: $input) { person { name } revision } }`
  const { updatePerson } = await app.told('root', update, { input })
  expect(updatePerson).toEqual({
    person: { name: 'Caroline' },
    revision: before.organisationRevision + 1,
  })
  const after = (await seen(report)).postmortem
  expect(after.markdown).toBe(before.markdown.replaceAll('Carol', 'Caroline'))
  expect(after.sha256).not.toBe(before.sha256)
  await app.told('root', update, { input: { ...input, name: 'Carol' } })
})

test.each([
  ['revision', { revision: 0 }, 'TRIAGE', null, 'Checkout fails', 'UNDETERMINED', 1],
  ['revision', { revision: 6 }, 'ACTIVE', 'alice', 'Checkout fails', 'UNDETERMINED', 7],
  ['recordedAt', { recordedAt: at('12:02') }, 'ACTIVE', 'alice', 'Checkout fails', 'SEV2', 11],
  [
    'recordedAt',
    { recordedAt: at('12:16') },
    'ACTIVE',
    null,
    'Checkout fails in Europe',
    'SEV2',
    34,
  ],
  [
    'occurredAt',
    { occurredAt: at('12:15') },
    'ACTIVE',
    'bob',
    'Checkout fails in Europe',
    'SEV2',
    32,
  ],
  [
    'occurredAt',
    { occurredAt: at('12:18') },
    'MITIGATED',
    'alice',
    'Checkout fails in Europe',
    'SEV2',
    39,
  ],
])('as of a %s, %j, it was %s', async (_, moment, status, commander, title, severity, entries) => {
  const incident = await seen(
    `status title severity commander { handle } viewerCan
    timeline(first: 100, order: RECORDED, showHistory: true) { nodes { sentence } }`,
    'alice',
    moment,
  )
  expect({ ...incident, commander: handle(incident.commander), timeline: 0 }).toEqual({
    status,
    title,
    severity,
    commander,
    viewerCan: [],
    timeline: 0,
  })
  const shown = incident.timeline.nodes.length
  const amendments = incident.timeline.nodes.filter(({ sentence }: any) =>
    /corrected an entry|retracted an entry|database/.test(sentence),
  ).length
  expect(shown - amendments).toBe(entries)
})

test('as of a moment, a task is overdue if it was so then', async () => {
  const tasks = 'tasks { nodes { title overdue } }'
  const overdue = async (moment: object) =>
    (await seen(tasks, 'rob', moment)).tasks.nodes
      .filter((task: { overdue: boolean }) => task.overdue)
      .map(({ title }: { title: string }) => title)
  expect(await overdue({ recordedAt: at('12:08') })).toEqual([])
  expect(await overdue({ recordedAt: '2026-01-01T12:08:59.000Z' })).toEqual(['Restart the cache'])
})

test('an incident that was none ends as cancelled, or as declined in triage', async () => {
  const drill = await app.declared({ mode: 'DRILL', severity: 'SEV4' })
  await app.act('bob', 'cancelIncident', drill, { reason: 'The drill is over' })
  const report = await app.declared({ triage: true })
  await app.act('bob', 'declineIncident', report, { reason: 'It works' })
  const { incidents } = await app.told(
    'rob',
    '{ incidents(filter: { status: [CANCELLED, DECLINED] }) { nodes { id status mode } } }',
  )
  expect(incidents.nodes).toEqual([
    { id: report, status: 'DECLINED', mode: 'LIVE' },
    { id: drill, status: 'CANCELLED', mode: 'DRILL' },
  ])
})

test('a person is registered, known otherwise, given a key, and loses it', async () => {
  const { registerPerson } = await app.told(
    'root',
    `mutation { registerPerson(input: { handle: "dora", name: "Dora", timeZone: "Europe/Zurich",
      identities: [{ provider: "slack", subject: "U1" }] }) { person { id handle name timeZone } events { type actor { name } } } }`,
  )
  expect(registerPerson).toEqual({
    person: { id: expect.any(String), handle: 'dora', name: 'Dora', timeZone: 'Europe/Zurich' },
    events: [
      { type: 'dev.incidentledger.organisation.person_registered.v1', actor: { name: 'Root' } },
    ],
  })
  const { createApiKey } = await app.told(
    'root',
    `mutation { createApiKey(input: { label: "Dora’s phone", scopes: [INCIDENTS_READ], owner: "dora" }) {
      secret key { id label scopes owner { handle } expiresAt revokedAt } } }`,
  )
  const viewer = '{ viewer { actor { type id name via } person { handle } scopes } }'
  expect((await app.told(createApiKey.secret, viewer)).viewer).toEqual({
    actor: { type: 'USER', id: registerPerson.person.id, name: 'Dora', via: createApiKey.key.id },
    person: { handle: 'dora' },
    scopes: ['INCIDENTS_READ'],
  })
  await app.told(
    'root',
    `mutation { revokeApiKey(input: { keyId: "${createApiKey.key.id}", reason: "Lost" }) { key { revokedAt } secret } }`,
  )
  expect((await app.ask(createApiKey.secret, viewer)).status).toBe(401)
})

test('for some time it is not everybody’s to see, and then it is again', async () => {
  await story.isRestricted()
  const { visibility, members, timeline } = await seen(
    'visibility members { key } timeline(order: RECORDED, first: 100) { nodes { sentence } }',
  )
  expect([visibility, members]).toEqual(['INTERNAL', []])
  expect(timeline.nodes.slice(-4).map(({ sentence }: any) => sentence)).toEqual([
    'Alice restricted the incident to its members: Names of customers',
    'Alice made Bob a member',
    'Alice ended the membership of Bob: Not needed',
    'Alice opened the incident to everybody who reads incidents: The names are gone',
  ])
})

test('a response goes through what else it needs, up to its review', async () => {
  const push = (minutes: number) => app.clock.push(minutes)
  const { told, ...chapters } = liveResponse({ act: app.act, push })
  for (const chapter of Object.values(chapters)) await chapter()
  const status = `{ incident(id: "${told.id}") { status } }`
  expect((await app.told('bob', status)).incident.status).toBe('POST_INCIDENT')
  // It became a security incident on the way, which is for those who have a part in it.
  expect(codeOf(await app.ask('rob', status))).toBe('INCIDENT_NOT_FOUND')
})

test('incidents that belong together show one another', async () => {
  await story.connects()
  const { network, checkout, again, report } = story.told.connected
  const fields = `status mergedInto { id status } duplicateOf { id } mergedFrom { id } parent { title }
    children { id } relatedIncidents { relation incident { reference } since }
    timeline { nodes { sentence actor { name } } }`
  const of = async (id: string) =>
    (await app.told('rob', `query ($id: ID!) { incident(id: $id) { ${fields} } }`, { id })).incident
  await until(async () => (await of(network)).timeline.nodes.length === 8)
  const { timeline, ...shown } = await of(network)
  expect(shown).toEqual({
    status: 'ACTIVE',
    mergedInto: null,
    duplicateOf: null,
    mergedFrom: [],
    parent: null,
    children: [{ id: checkout }],
    relatedIncidents: [
      { relation: 'CAUSED', incident: { reference: 'INC-8' }, since: app.clock.now() },
    ],
  })
  // Of one incident in the order in which it said them; which of several comes first is left open.
  const source = ({ sentence }: { sentence: string }) => sentence.slice(0, 'INC-6'.length)
  const told = timeline.nodes.slice(2)
  expect(told.toSorted((a: any, b: any) => source(a).localeCompare(source(b)))).toEqual(
    [
      'INC-6 became a part of this',
      'INC-7 is a duplicate of this',
      'INC-7 is an incident of its own again',
      'INC-8 was caused by this',
      'INC-8 became a part of this',
      'INC-8 is no longer a part of this',
    ].map(sentence => ({ sentence, actor: { name: 'The ledger' } })),
  )
  expect(await of(again)).toMatchObject({
    status: 'MERGED',
    mergedInto: { id: checkout, status: 'ACTIVE' },
    duplicateOf: null,
  })
  expect(await of(checkout)).toMatchObject({
    mergedFrom: [{ id: again }],
    parent: { title: 'The network is split' },
    relatedIncidents: [],
  })
  const listed = await app.told(
    'rob',
    `query ($parent: ID!) {
      of: incidents(filter: { parent: $parent }) { nodes { id } }
      some: incidents(filter: { hasParent: true }) { nodes { id } }
      merged: incidents(filter: { status: [MERGED] }) { nodes { id } } }`,
    { parent: network },
  )
  expect(listed).toEqual({
    of: { nodes: [{ id: checkout }] },
    some: { nodes: [{ id: checkout }] },
    merged: { nodes: [{ id: again }] },
  })
  expect(await of(report)).toMatchObject({
    relatedIncidents: [{ relation: 'CAUSED_BY', incident: { reference: 'INC-5' } }],
  })
})

test('a response is led, and who leads it is relieved', async () => {
  const { told: _, ...chapters } = liveCommand({
    act: app.act,
    push: app.clock.push.bind(app.clock),
  })
  for (const chapter of Object.values(chapters)) await chapter()
})

test('tasks get more time, or do not', async () => {
  const { act, organise, clock } = app
  const { told: _, ...chapters } = liveTasks({ act, organise, push: clock.push.bind(clock) })
  for (const chapter of Object.values(chapters)) await chapter()
})

test('an organisation settles what it wants to know, and an incident says it', async () => {
  const { told, ...chapters } = liveDetails({ act: app.act, organise: app.organise })
  for (const chapter of Object.values(chapters)) await chapter()
  const { incident } = await app.told(
    'rob',
    `{ incident(id: "${told.id}") { customFields { key } } }`,
  )
  expect(incident.customFields).toEqual([{ key: 'affected' }, { key: 'contact' }])
})

test('an organisation settles how incidents are run, and one is run so', async () => {
  const push = (minutes: number) => app.clock.push(minutes)
  const { told, ...chapters } = liveRules({ act: app.act, organise: app.organise, push })
  for (const chapter of Object.values(chapters)) await chapter()
  const { runbooks } = await app.told('rob', '{ runbooks { nodes { key version } } }')
  expect(runbooks.nodes).toContainEqual({ key: 'fail-over', version: 2 })
})

test('people are called, come and go', async () => {
  const push = (minutes: number) => app.clock.push(minutes)
  const { told, ...chapters } = liveMobilising({ act: app.act, organise: app.organise, push })
  for (const chapter of Object.values(chapters)) await chapter()
  const { incident } = await app.told(
    'rob',
    `{ incident(id: "${told.id}") { commander { handle } } }`,
  )
  expect(incident.commander).toEqual({ handle: 'alice' })
})

test('an organisation settles whom it can count on', async () => {
  const { organise, clock } = app
  const chapters = livePreparation({ organise, now: () => clock.now() })
  for (const chapter of Object.values(chapters)) await chapter()
  const { qualifiedCommanders } = await app.told(
    'rob',
    '{ qualifiedCommanders { nodes { handle } } }',
  )
  expect(qualifiedCommanders.nodes).toEqual([{ handle: 'alice' }, { handle: 'carol' }])
})

test('a response sizes up, decides and verifies', async () => {
  const push = (minutes: number) => app.clock.push(minutes)
  const { told: _, ...chapters } = liveCycle({ act: app.act, push })
  for (const chapter of Object.values(chapters)) await chapter()
})

test('every mutation of the schema was used', () => {
  expect([...app.taken].toSorted()).toEqual(mutationNames.toSorted())
})
