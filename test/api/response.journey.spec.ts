import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { liveResponse } from '../support/live-response.mjs'

let app: App
let story: ReturnType<typeof liveResponse>
beforeAll(async () => {
  app = await startApp()
  story = liveResponse({ act: app.act, push: minutes => app.clock.push(minutes) })
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, who = 'alice', moment?: object) =>
  (
    await app.told(
      who,
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at: moment },
    )
  ).incident

const listed = async (filter: string, who = 'alice') =>
  (
    await app.told(
      who,
      `{ incidents(filter: { ${filter} }) { nodes { title kind isMajor type status } } }`,
    )
  ).incidents.nodes

const begun = `kind isMajor majorSince severity
  majorHistory { from by { name } reason until stoodDownBy { name } stoodDownReason }
  severityContests { by { name } at level proposed reason }
  detection { source at detectedBeforeCustomers bySource { source at timing by { name } } }
  milestones { milestone at timing }`

test('a near miss turns out to have done harm, and to be a matter of several teams', async () => {
  await story.begins()
  expect(await seen(begun)).toEqual({
    kind: 'INCIDENT',
    isMajor: true,
    majorSince: at('12:03'),
    severity: 'SEV3',
    majorHistory: [
      {
        from: at('12:03'),
        by: { name: 'Carol' },
        reason: 'Three teams are needed',
        until: null,
        stoodDownBy: null,
        stoodDownReason: null,
      },
    ],
    severityContests: [
      {
        by: { name: 'Bob' },
        at: at('12:02'),
        level: 'SEV3',
        proposed: 'SEV1',
        reason: 'Nobody can order',
      },
    ],
    detection: {
      source: 'CUSTOMER',
      at: at('11:40'),
      detectedBeforeCustomers: false,
      bySource: [
        { source: 'CUSTOMER', at: at('11:40'), timing: 'APPROXIMATE', by: { name: 'Bob' } },
        { source: 'MONITORING', at: at('11:55'), timing: null, by: { name: 'Alice' } },
      ],
    },
    milestones: [
      { milestone: 'DETECTED', at: at('11:40'), timing: 'APPROXIMATE' },
      { milestone: 'DECLARED', at: at('12:00'), timing: null },
      { milestone: 'ACKNOWLEDGED', at: at('12:01'), timing: null },
    ],
  })
})

test('as of a moment it was what it was then', async () => {
  const then = await seen(begun, 'alice', { recordedAt: at('12:01') })
  expect(then).toMatchObject({ kind: 'NEAR_MISS', isMajor: false, majorSince: null })
  expect([then.majorHistory, then.severityContests]).toEqual([[], []])
  expect(await seen('detection { at }', 'alice', { revision: 2 })).toEqual({ detection: null })
})

test('lists tell near misses and major incidents', async () => {
  await app.declared({ title: 'Nearly', kind: 'NEAR_MISS', severity: 'SEV5' })
  await app.declared({ title: 'As ever' })
  const titles = async (filter: string) =>
    (await listed(filter)).map(({ title }: { title: string }) => title)
  expect(await titles('kind: NEAR_MISS')).toEqual(['Nearly'])
  expect(await titles('kind: INCIDENT')).toEqual(['As ever', 'Orders are late'])
  expect(await titles('isMajor: true')).toEqual(['Orders are late'])
  expect(await titles('isMajor: false')).toEqual(['As ever', 'Nearly'])
  expect(await listed('isMajor: true, kind: INCIDENT')).toEqual([
    {
      title: 'Orders are late',
      kind: 'INCIDENT',
      isMajor: true,
      type: 'SERVICE',
      status: 'ACTIVE',
    },
  ])
})

test('what others say and want is kept, and the deputy takes over', async () => {
  await story.isAsked()
  const inbox = `eventId audience text by { name } at acknowledgedBy { name } acknowledgedAt`
  const page = `nodes { ${inbox} } pageInfo { hasNextPage endCursor }`
  const { feedback, unread, deferredInstructions, commander, handoff, roles, isMajor } =
    await seen(`feedback(first: 1) { ${page} } unread: feedback(unacknowledged: true) { ${page} }
    deferredInstructions { from { handle } text by { name } at }
    commander { handle } handoff { offeredAt } roles { role person { handle } } isMajor`)
  expect(feedback).toEqual({
    nodes: [
      {
        eventId: story.told.feedback,
        audience: 'CUSTOMERS',
        text: 'They see no confirmation',
        by: { name: 'Carol' },
        at: at('12:04'),
        acknowledgedBy: { name: 'Alice' },
        acknowledgedAt: at('12:04'),
      },
    ],
    pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
  })
  expect(unread.nodes).toMatchObject([{ audience: 'EXECUTIVES', acknowledgedBy: null }])
  const next = await seen(`feedback(after: "${feedback.pageInfo.endCursor}") { ${page} }`)
  expect(next.feedback.nodes).toEqual(unread.nodes)
  expect(deferredInstructions).toEqual([
    {
      from: { handle: 'carol' },
      text: 'Restart everything',
      by: { name: 'Alice' },
      at: at('12:04'),
    },
  ])
  expect([commander, handoff, isMajor]).toEqual([{ handle: 'bob' }, null, false])
  expect(roles).toEqual([{ role: 'INCIDENT_COMMANDER', person: { handle: 'bob' } }])
})

test('it ends as a security incident, seen by those who had a part in it, and is reviewed', async () => {
  await story.ends()
  const { status, type, visibility, members, viewerCan } = await seen(
    'status type visibility members { person { handle } } viewerCan',
    'bob',
  )
  expect([status, type, visibility]).toEqual(['POST_INCIDENT', 'SECURITY', 'RESTRICTED'])
  expect(members).toEqual([{ person: { handle: 'bob' } }])
  expect(viewerCan).toEqual(expect.arrayContaining(['closeIncident', 'reopenIncident']))
  expect(viewerCan).not.toContain('beginPostIncident')
  expect(await listed('status: POST_INCIDENT', 'bob')).toEqual([
    {
      title: 'Orders are late',
      kind: 'INCIDENT',
      isMajor: false,
      type: 'SECURITY',
      status: 'POST_INCIDENT',
    },
  ])
})

test('the postmortem tells how it was noticed and how large it was, and what the review shall argue', async () => {
  const { postmortem } = await seen(
    `postmortem { summary markdown agenda { kind at sentence eventId }
      commandHistory { commander { handle } how } }`,
    'bob',
  )
  expect(postmortem.summary).toMatch(
    /^“Orders are late” \(INC-1\), a security incident, was declared by Alice .* It was taken for a near miss at first\. It was declared a major incident and stood down\. /,
  )
  expect(postmortem.summary).toContain('command was passed to a deputy once')
  expect(postmortem.agenda).toEqual([
    {
      kind: 'SEVERITY_CONTESTED',
      at: at('12:02'),
      eventId: expect.any(String),
      sentence:
        'Bob contested the severity SEV3 and proposed SEV1, for the review: Nobody can order',
    },
    {
      kind: 'INSTRUCTION_DEFERRED',
      at: at('12:04'),
      eventId: expect.any(String),
      sentence: 'Alice deferred to the review what Carol instructed: Restart everything',
    },
  ])
  const { markdown } = postmortem
  expect(markdown).toContain('| Detected | about 11:40 | | A customer noticed it, says Bob |')
  expect(markdown).toContain('| Declared | 12:00 | | Alice declared “Orders are late” |')
  expect(markdown).toContain('| Resolved | 12:16 | 16 minutes |')
  expect(markdown.split('## For the review')[1]).toMatch(
    /^\n\n- Bob contested .*\n- Alice deferred .*\n\n## Timeline/,
  )
  expect(postmortem.commandHistory.at(-1)).toEqual({
    commander: { handle: 'bob' },
    how: 'The deputy Bob took over command from Alice: Alice lost her connection',
  })
})
