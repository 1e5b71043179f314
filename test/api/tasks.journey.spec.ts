import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { liveTasks } from '../support/live-tasks.mjs'

let app: App
let story: ReturnType<typeof liveTasks>
beforeAll(async () => {
  app = await startApp()
  story = liveTasks({ act: app.act, push: minutes => app.clock.push(minutes) })
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
