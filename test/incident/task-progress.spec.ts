import { describe, expect, test } from '@jest/globals'
import { taskOf, tasksOf } from '../../src/incident/task.js'
import { aliceCommands, bobsTask, declared, retrospective, taskId } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const acknowledge = { type: 'AcknowledgeTask', data: { taskId } } as const
const report = { type: 'ReportTask', data: { taskId, finding: 'A lock' } } as const
const complete = { type: 'CompleteTask', data: { taskId } } as const
const abandon = { type: 'AbandonTask', data: { taskId, reason: 'Moot' } } as const
const acknowledged = { type: 'TaskAcknowledged', data: { taskId } } as const
const reported = { type: 'TaskReported', data: { taskId, finding: 'A lock' } } as const
const completed = { type: 'TaskCompleted', data: { taskId } } as const
const abandoned = { type: 'TaskAbandoned', data: { taskId, reason: 'Moot' } } as const
const facts = [declared, aliceCommands, bobsTask] as const
const taskAfter = (...since: Fact[]) => taskOf(given(...facts, ...since).state, taskId)!

describe('acknowledging', () => {
  test('is the assignee’s', () =>
    given(...facts)
      .when(acknowledge, 'bob')
      .thenRecorded(acknowledged))

  test('is not the commander’s', () =>
    given(...facts)
      .when(acknowledge, 'alice')
      .thenRefused('NOT_ASSIGNEE', { assignee: 'bob' }))

  test('is done by anybody in history, and by an administrator', () => {
    given(retrospective, bobsTask).when(acknowledge, 'carol').thenRecorded(acknowledged)
    given(...facts)
      .when(acknowledge, { person: 'carol', overrides: true })
      .thenRecorded(acknowledged)
  })

  test('again changes nothing', () =>
    given(...facts, acknowledged)
      .when(acknowledge, 'bob')
      .thenNothing())

  test('is still possible after a report', () =>
    given(...facts, reported)
      .when(acknowledge, 'bob')
      .thenRecorded(acknowledged))

  test('what is over is refused', () => {
    given(...facts, completed)
      .when(acknowledge, 'bob')
      .thenRefused('TASK_ENDED')
    given(...facts, abandoned)
      .when(acknowledge, 'bob')
      .thenRefused('TASK_ENDED')
  })
})

describe('reporting', () => {
  test('is anybody’s, as often as there is something to say, also when the task is over', () => {
    given(...facts)
      .when(report, 'carol')
      .thenRecorded(reported)
    for (const before of [reported, completed, abandoned])
      given(...facts, before)
        .when(report, 'carol')
        .thenRecorded(reported)
  })
})

describe('completing', () => {
  test('is anybody’s, with what was found or without', () => {
    given(...facts)
      .when(complete, 'carol')
      .thenRecorded(completed)
    given(...facts)
      .when({ type: 'CompleteTask', data: { taskId, finding: 'A lock' } })
      .thenRecorded({ type: 'TaskCompleted', data: { taskId, finding: 'A lock' } })
  })

  test('again changes nothing; what was abandoned is not completed', () => {
    given(...facts, completed)
      .when(complete)
      .thenNothing()
    given(...facts, abandoned)
      .when(complete)
      .thenRefused('TASK_ENDED', { taskId })
  })
})

describe('abandoning', () => {
  test('is anybody’s, with a reason', () =>
    given(...facts)
      .when(abandon, 'carol')
      .thenRecorded(abandoned))

  test('again changes nothing; what was completed is not abandoned', () => {
    given(...facts, abandoned)
      .when(abandon)
      .thenNothing()
    given(...facts, completed)
      .when(abandon)
      .thenRefused('TASK_ENDED', { taskId })
  })
})

describe.each([acknowledge, report, complete, abandon] as const)('$type', command => {
  test('is about a task of this incident', () => {
    given(declared).when(command, 'bob').thenRefused('TASK_NOT_FOUND')
    given(...facts)
      .when({ ...command, data: { ...command.data, taskId: '__proto__' } } as never, 'bob')
      .thenRefused('TASK_NOT_FOUND', { taskId: '__proto__' })
  })

  test('is only listed once there is one', () => {
    expect(given(declared).lists(command.type, 'bob')).toBe(false)
    expect(given(...facts).lists(command.type, 'bob')).toBe(true)
  })

  test('did not happen before the task last changed, but may have before another’s', () => {
    given(declared, { ...bobsTask, at: at('12:05') })
      .when(command, { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared, bobsTask, { ...reported, at: at('12:06') })
      .when(command, { person: 'bob', claimed: at('12:05') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:06') })
    const other = { ...bobsTask, data: { ...bobsTask.data, taskId: 'other' }, at: at('12:06') }
    given(declared, bobsTask, other as Fact)
      .when(command, { person: 'bob', claimed: at('12:05') })
      .thenOccurred(at('12:05'))
  })
})

test.each<[string, Fact[]]>([
  ['ASSIGNED', []],
  ['ACKNOWLEDGED', [acknowledged]],
  ['IN_PROGRESS', [reported]],
  ['IN_PROGRESS', [acknowledged, reported]],
  ['COMPLETED', [acknowledged, completed]],
  ['COMPLETED', [completed, reported]],
  ['ABANDONED', [reported, abandoned]],
])('a task is %s after %j', (status, since) => expect(taskAfter(...since).status).toBe(status))

test('a task knows when it was acknowledged and when it ended', () => {
  expect(taskAfter()).not.toHaveProperty('acknowledgedAt')
  expect(taskAfter({ ...acknowledged, at: at('12:03') }).acknowledgedAt).toBe(at('12:03'))
  expect(taskAfter({ ...completed, at: at('12:04') }).endedAt).toBe(at('12:04'))
  expect(tasksOf(given(...facts, completed).state).map(({ id }) => id)).toEqual([taskId])
})

test('the timeline tells how tasks go', () =>
  expect(
    given(
      declared,
      bobsTask,
      { ...acknowledged, by: 'bob' },
      { ...reported, by: 'bob' },
      completed,
      { type: 'TaskCompleted', data: { taskId, finding: 'A lock' } },
      abandoned,
    )
      .tells()
      .slice(2),
  ).toEqual([
    'bob acknowledged “Fail over”',
    'bob reported on “Fail over”: A lock',
    'alice completed “Fail over”',
    'alice completed “Fail over”: A lock',
    'alice abandoned “Fail over”: Moot',
  ]))
