import { describe, expect, test } from '@jest/globals'
import { givenTasksOf, taskOf } from '../../src/incident/task.js'
import { timersOf } from '../../src/incident/timers.js'
import {
  bobsTask,
  declared,
  into,
  restrictedToAlice,
  retrospective,
  taskId,
  theImport,
} from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'

const record = (data: object = {}) =>
  ({ type: 'RecordTask', data: { title: 'Disks ordered', status: 'COMPLETED', ...data } }) as const
const recorded = (data: object = {}) =>
  ({
    type: 'TaskRecorded',
    data: { taskId, title: 'Disks ordered', status: 'COMPLETED', ...data },
  }) as Fact & { type: 'TaskRecorded' }
const begun = recorded({ status: 'IN_PROGRESS', assignee: 'bob' })
const now = { taskId: newId }

describe('a task of history', () => {
  test('is told with whoever did it, by id or handle, or without', () => {
    given(retrospective).when(record()).thenRecorded(recorded(now))
    given(retrospective)
      .when(record({ assignee: 'bb', status: 'IN_PROGRESS' }))
      .thenRecorded(recorded({ ...now, assignee: 'bob', status: 'IN_PROGRESS' }))
    given(retrospective)
      .when(record({ assignee: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
    given(retrospective)
      .when(record({ assignee: 'sre' }))
      .thenRefused('GROUP_ASSIGNEE')
  })

  test('may be from before anybody declared anything, and is told twice if it was done twice', () => {
    given(retrospective)
      .when(record(), { claimed: at('11:00') })
      .thenOccurred(at('11:00'))
    given(retrospective, recorded()).when(record()).thenRecorded(recorded(now))
  })

  test('is told by anybody, also of an incident that is over, but not of one that is running', () => {
    const [, ...moves] = into.CLOSED
    given(retrospective, ...moves)
      .when(record(), 'carol')
      .thenRecorded(recorded(now))
    given(declared).when(record()).thenRefused('NOT_RETROSPECTIVE', { mode: 'LIVE' })
    expect(given(declared).lists('RecordTask')).toBe(false)
  })

  test('is one of at most 1000 tasks', () => {
    const { state } = given(retrospective)
    const tasks = new Map(Array.from({ length: 1000 }, (_, n) => [`task-${n}`, {} as never]))
    given
      .with({ ...state, tasks })
      .when(record())
      .thenRefused('LIMIT_REACHED')
  })

  test('that was started is theirs since then; of one that is done, that is not told', () => {
    expect(taskOf(given(retrospective, begun).state, taskId)).toMatchObject({
      status: 'IN_PROGRESS',
      assignee: 'bob',
      assignedAt: at('12:00'),
    })
    const done = taskOf(given(retrospective, recorded()).state, taskId)!
    expect(done).toMatchObject({ status: 'COMPLETED', endedAt: at('12:00') })
    expect(done).not.toHaveProperty('assignedAt')
    expect(done).not.toHaveProperty('assignee')
  })

  test('ends as any other, also before the incident was declared', () => {
    const early: Fact = { ...begun, at: at('11:00') }
    given(retrospective, early)
      .when({ type: 'CompleteTask', data: { taskId } }, { claimed: at('11:30') })
      .thenRecorded({ type: 'TaskCompleted', data: { taskId } })
    given(retrospective, early)
      .when({ type: 'CompleteTask', data: { taskId } }, { claimed: at('10:30') })
      .thenRefused('OCCURRED_BEFORE_LAST')
    given(retrospective, early, { type: 'TaskCompleted', data: { taskId } })
      .when({ type: 'AbandonTask', data: { taskId, reason: 'Moot' } })
      .thenRefused('TASK_ENDED')
    given(retrospective, recorded())
      .when({ type: 'AbandonTask', data: { taskId, reason: 'Moot' } })
      .thenRefused('TASK_ENDED')
  })

  test.each([
    { type: 'ReassignTask', data: { taskId, assignee: { person: 'carol' } } },
    { type: 'ExtendTask', data: { taskId, minutes: 5, reason: 'Lag' } },
    { type: 'AcknowledgeTask', data: { taskId } },
    { type: 'RequestExtension', data: { taskId, minutes: 5, reason: 'Lag' } },
  ] as const)('is nobody’s to do: $type', command =>
    given(retrospective, begun).when(command, 'bob').thenRefused('TASK_ONLY_TOLD', { taskId }),
  )

  test('waits for nobody, is never due, and lets nobody in', () => {
    const { state } = given(retrospective, begun)
    expect(givenTasksOf(state)).toEqual([])
    expect(timersOf(state)).toEqual([])
    given(retrospective, restrictedToAlice)
      .when(record({ assignee: 'bob', status: 'IN_PROGRESS' }))
      .thenRecorded(recorded({ ...now, assignee: 'bob', status: 'IN_PROGRESS' }))
    expect(givenTasksOf(given(retrospective, bobsTask).state)).toHaveLength(1)
  })

  test('is told as what whoever did it did, or as what somebody else said', () => {
    const completed: Fact = { type: 'TaskCompleted', data: { taskId } }
    expect(
      given(
        retrospective,
        { ...begun, by: 'bob' },
        { ...completed, by: theImport },
        recorded({ assignee: 'carol' }),
        recorded(),
        { ...recorded(), by: theImport },
        { ...recorded({ status: 'IN_PROGRESS' }), by: theImport },
        { ...completed, by: 'carol' },
      )
        .tells()
        .slice(1),
    ).toEqual([
      'bob started a task: Disks ordered',
      'Task finished: “Disks ordered”',
      'alice put on record that carol finished a task: Disks ordered',
      'alice put on record that a task was finished: Disks ordered',
      'Task finished: Disks ordered',
      'Task started: Disks ordered',
      'carol completed “Disks ordered”',
    ])
  })
})
