import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { liveTasks } from '../support/live-tasks.mjs'

let app: App
let story: ReturnType<typeof liveTasks>
beforeAll(async () => {
  app = await startApp()
  const { act, organise, clock } = app
  story = liveTasks({ act, organise, push: minutes => clock.push(minutes) })
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, who = 'alice') =>
  (
    await app.told(who, `query ($id: ID!) { incident(id: $id) { ${fields} } }`, {
      id: story.told.id,
    })
  ).incident
const board = async (filter: string) =>
  (
    await app.told(
      'carol',
      `{ tasks(filter: { ${filter} }) { nodes { title dueAt extensions extensionAsked { minutes reason at } } } }`,
    )
  ).tasks.nodes

test('who needs more time is found across incidents, and answered by who may', async () => {
  await story.needsMoreTime()
  const asked = { minutes: 15, reason: 'Half is copied', at: at('12:09') }
  const task = { title: 'Copy the data', dueAt: at('12:10'), extensions: 0, extensionAsked: asked }
  expect(await board('extensionAsked: true')).toEqual([task])
  expect(await board('extensionAsked: true, assignee: "alice"')).toEqual([])
  expect((await seen('viewerCan', 'alice')).viewerCan).toContain('grantExtension')
  expect((await seen('viewerCan', 'carol')).viewerCan).not.toContain('grantExtension')
  await story.getsMoreTime()
  expect(await board('extensionAsked: true')).toEqual([])
  expect(await board('unacknowledged: true, dueWithinMinutes: 16')).toEqual([
    { ...task, dueAt: at('12:25'), extensions: 1, extensionAsked: null },
  ])
  expect(await board('dueWithinMinutes: 15')).toEqual([])
})

test('how a task got more time, and how it did not, is kept', async () => {
  const fields = `outcome minutes reason by { name } at answeredBy { name } answeredAt refusedBecause dueAt`
  const page = `nodes { ${fields} } pageInfo { hasNextPage endCursor }`
  const { extensions, others } = await seen(
    `extensions(taskId: "${story.told.taskId}", first: 1) { ${page} }
     others: extensions(taskId: "${story.told.id}") { nodes { eventId } }`,
  )
  expect(others.nodes).toEqual([])
  expect(extensions.nodes).toEqual([
    {
      outcome: 'REFUSED',
      minutes: 60,
      reason: 'The disk is slow',
      by: { name: 'Bob' },
      at: at('12:05'),
      answeredBy: { name: 'Alice' },
      answeredAt: at('12:06'),
      refusedBecause: 'Copy the last day only',
      dueAt: null,
    },
  ])
  const { endCursor } = extensions.pageInfo
  const next = await seen(`extensions(after: "${endCursor}") { ${page} }`)
  expect(next.extensions.nodes).toMatchObject([
    { outcome: 'GRANTED', minutes: 15, answeredAt: at('12:09'), dueAt: at('12:25') },
  ])
})

const checklist = `kind key version inOrder by { name } next
  steps { key outcome reason checkedBy { name } needsApproval approvalAskedBy { name }
    approvalAskedOf { name } approval { granted reason by { name } } }
  adherence { steps done skipped deviated open percent }`

test('a step that needs it waits for a second person', async () => {
  await story.followsRunbook()
  const { checklists, timeline } = await seen(
    `checklists { ${checklist} } timeline(order: RECORDED, first: 100) { nodes { sentence } }`,
  )
  expect(checklists.map(({ kind, key }: any) => [kind, key])).toEqual([
    ['RUNBOOK', 'replace-disk'],
    ['PLAN', 'no-disk'],
  ])
  expect(checklists[0]).toMatchObject({ next: 'stop', adherence: { open: 3, percent: null } })
  expect(checklists[0].steps[0]).toMatchObject({
    outcome: null,
    approvalAskedBy: { name: 'Alice' },
    approvalAskedOf: { name: 'Carol' },
    approval: null,
  })
  expect(timeline.nodes.map(({ sentence }: any) => sentence).slice(-3)).toEqual([
    'Alice asked Carol to approve “Stop writing” of “Replace a disk”',
    'Carol did not approve “Stop writing” of “Replace a disk”: Not before noon',
    'Alice asked Carol to approve “Stop writing” of “Replace a disk”',
  ])
})

test('how closely a runbook was followed is told', async () => {
  await story.goesOn()
  const { checklists } = await seen(`checklists { ${checklist} }`)
  const [stop, switchOver, tell] = checklists[0].steps
  expect(stop).toMatchObject({
    outcome: 'DONE',
    checkedBy: { name: 'Alice' },
    approval: { granted: true, reason: null, by: { name: 'Carol' } },
  })
  expect(switchOver).toMatchObject({ outcome: 'DEVIATED', reason: 'The other disk was nearer' })
  expect(tell.outcome).toBe(null)
  expect(checklists[0].next).toBe('tell')
  expect(checklists[0].adherence).toEqual({
    steps: 3,
    done: 1,
    skipped: 0,
    deviated: 1,
    open: 1,
    percent: 50,
  })
})

const open = async (openLoop: boolean) =>
  (await app.told('carol', `{ incidents(filter: { openLoop: ${openLoop} }) { nodes { title } } }`))
    .incidents.nodes

test('the loop is open until what is left to do is applied or dropped', async () => {
  expect(await open(true)).toEqual([])
  await story.ends()
  expect(await open(true)).toEqual([{ title: 'Slow disks' }])
  expect(await open(false)).toEqual([])
  const left = await seen(
    'loopClosedAt followUps(open: true, first: 1) { nodes { text status by { name } } pageInfo { hasNextPage } }',
  )
  expect(left).toEqual({
    loopClosedAt: null,
    followUps: {
      nodes: [{ text: 'Alert on slow disks', status: 'OPEN', by: { name: 'Bob' } }],
      pageInfo: { hasNextPage: true },
    },
  })
  await story.learns()
  expect(await open(true)).toEqual([])
  const { loopClosedAt, followUps } = await seen(
    'loopClosedAt followUps { nodes { status why url endedBy { name } endedAt } }',
  )
  expect(loopClosedAt).toBe(at('12:14'))
  expect(followUps.nodes).toEqual([
    {
      status: 'APPLIED',
      why: 'It fired in a drill',
      url: 'https://example.org/drill',
      endedBy: { name: 'Bob' },
      endedAt: at('12:13'),
    },
    {
      status: 'DROPPED',
      why: 'No money',
      url: null,
      endedBy: { name: 'Alice' },
      endedAt: at('12:14'),
    },
  ])
})

test('a task of a past incident is told as far as it is known, and waits for nobody', async () => {
  await story.tellsHistory()
  const { pastId: id } = story.told
  const fields = `title status assignee { name } assignedAt assignedTiming dueAt endedAt endedTiming overdue`
  const { incident, tasks, openWork } = await app.told(
    'bob',
    `query ($id: ID!) {
      incident(id: $id) { viewerCan tasks { nodes { ${fields} } } postmortem { summary } }
      tasks(filter: { incidentId: $id, unacknowledged: true }) { nodes { title } }
      openWork(kinds: [TASK]) { nodes { title } } }`,
    { id },
  )
  const untold = { assignee: null, assignedAt: null, assignedTiming: null, endedTiming: null }
  const never = { dueAt: null, overdue: false }
  const copied = { assignee: { name: 'Bob' }, assignedAt: '2025-12-31T10:00:00.000Z' }
  expect(incident.tasks.nodes).toEqual([
    {
      ...untold,
      ...never,
      title: 'Disks ordered',
      status: 'COMPLETED',
      endedAt: '2025-12-31T09:00:00.000Z',
      endedTiming: 'APPROXIMATE',
    },
    {
      ...untold,
      ...never,
      ...copied,
      title: 'Data copied by hand',
      status: 'COMPLETED',
      endedAt: '2025-12-31T11:30:00.000Z',
    },
    {
      ...untold,
      ...never,
      ...copied,
      assignedAt: '2025-12-31T11:30:00.000Z',
      title: 'Logs kept',
      status: 'IN_PROGRESS',
      endedAt: null,
    },
  ])
  expect(tasks.nodes).toEqual([])
  expect(openWork.nodes).not.toContainEqual({ title: 'Logs kept' })
  expect(incident.viewerCan).toContain('recordTask')
  expect((await seen('viewerCan')).viewerCan).not.toContain('recordTask')
  expect(incident.postmortem.summary).toMatch(
    /Of 3 tasks, 2 were completed and 1 has no end on record\./,
  )
})

test('what is never due comes last, page by page', async () => {
  const told: string[] = []
  for (let after: string | null = null; ;) {
    const { tasks }: any = await app.told(
      'carol',
      `query ($after: Cursor) { tasks(first: 1, after: $after) {
        nodes { dueAt } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    told.push(...tasks.nodes.map(({ dueAt }: { dueAt: string | null }) => dueAt))
    if (!tasks.pageInfo.hasNextPage) break
    after = tasks.pageInfo.endCursor
  }
  expect(told).toEqual([at('12:25'), null, null, null])
})
