import { describe, expect, test } from '@jest/globals'
import { taskOf } from '../../src/incident/task.js'
import {
  aliceCommands,
  askedForMore,
  bobsTask,
  carolsTask,
  declared,
  retrospective,
  taskId,
} from '../support/facts.js'
import { type Fact, at, given, recorded } from '../support/given.js'
import { extensionHistory } from '../../src/replays/extension-history.js'

const reason = 'It is slow'
const request = { type: 'RequestExtension', data: { taskId, minutes: 20, reason } } as const
const grant = { type: 'GrantExtension', data: { taskId } } as const
const refuse = { type: 'RefuseExtension', data: { taskId, reason: 'Try the backup' } } as const
const asked = { type: 'ExtensionRequested', data: askedForMore.data } as const
const granted = { type: 'ExtensionGranted', data: { taskId, minutes: 20 } } as const
const refused = { type: 'ExtensionRefused', data: { taskId, reason: 'Try the backup' } } as const
const extended = (time: string, why = reason) =>
  ({ type: 'TaskExtended', data: { taskId, dueAt: at(time), reason: why } }) as const
const facts = [declared, aliceCommands, carolsTask] as const

describe('asking for more time', () => {
  test('is the assignee’s, and says until when the task is due without it', () => {
    given(...facts)
      .when(request, 'bob')
      .thenRecorded(asked as never)
    given(...facts)
      .when(request, 'carol')
      .thenRefused('NOT_ASSIGNEE', { assignee: 'bob' })
  })

  test('again changes nothing; otherwise it waits for the answer', () => {
    const scene = given(...facts, askedForMore)
    scene.when(request, 'bob').thenNothing()
    scene
      .when({ ...request, data: { ...request.data, minutes: 30 } }, 'bob')
      .thenRefused('EXTENSION_OPEN', { minutes: 20 })
  })

  test('is possible again once it was answered', () => {
    given(...facts, askedForMore, refused)
      .when(request, 'bob')
      .thenRecorded(asked as never)
    given(...facts, askedForMore, granted, extended('12:35'))
      .when(request, 'bob')
      .thenRecorded({ ...asked, data: { ...asked.data, dueAt: at('12:35') } } as never)
  })

  test('for what is over is refused', () =>
    given(...facts, { type: 'TaskCompleted', data: { taskId } })
      .when(request, 'bob')
      .thenRefused('TASK_ENDED'))
})

describe('granting it', () => {
  test('is the commander’s and theirs who gave the task, and extends the task', () => {
    for (const who of ['alice', 'carol'])
      given(...facts, askedForMore)
        .when(grant, who)
        .thenRecorded(granted, extended('12:35'))
    given(...facts, askedForMore)
      .when(grant, 'bob')
      .thenRefused('NOT_COMMANDER')
  })

  test('is anybody’s while nobody is in command', () =>
    given(declared, carolsTask, askedForMore)
      .when(grant, 'bob')
      .thenRecorded(granted, extended('12:35')))

  test('late counts from now', () =>
    given(...facts, askedForMore)
      .when(grant, { person: 'alice', clock: at('12:30') })
      .thenRecorded(granted, extended('12:50')))
})

test('a refusal says why and leaves the due time as it is', () => {
  given(...facts, askedForMore)
    .when(refuse)
    .thenRecorded(refused)
  expect(taskOf(given(...facts, askedForMore, refused).state, taskId)!.dueAt).toBe(at('12:15'))
})

const moved: Fact = { type: 'TaskReassigned', data: { taskId, from: 'bob', assignee: 'carol' } }
describe.each<[string, Fact[]]>([
  ['the task was completed', [{ type: 'TaskCompleted', data: { taskId } }]],
  ['the task is another’s', [moved]],
  ['the task got more time otherwise', [extended('12:40')]],
  ['it was refused', [refused]],
  ['it was granted', [granted, extended('12:35')]],
])('once %s', (_, since) => {
  const scene = given(...facts, askedForMore, ...since)

  test('nobody waits for an answer any more', () => {
    expect(taskOf(scene.state, taskId)).not.toHaveProperty('extensionAsked')
    expect(scene.lists('GrantExtension')).toBe(false)
    scene.when(grant).thenRefused('NO_EXTENSION_ASKED')
    scene.when(refuse).thenRefused('NO_EXTENSION_ASKED')
  })
})

test('what is not asked for another task cannot be granted to it', () => {
  const other = '0198c0de-0000-7000-8000-00000000000c'
  const another = { ...bobsTask, data: { ...bobsTask.data, taskId: other } } as Fact
  given(...facts, another, askedForMore)
    .when({ ...grant, data: { taskId: other } })
    .thenRefused('NO_EXTENSION_ASKED', { taskId: other })
  given(...facts, askedForMore)
    .when({ ...grant, data: { taskId: 'constructor' } })
    .thenRefused('TASK_NOT_FOUND')
})

test('in history anybody asks and answers', () => {
  given(retrospective, aliceCommands, carolsTask)
    .when(request, 'carol')
    .thenRecorded(asked as never)
  given(retrospective, aliceCommands, carolsTask, askedForMore)
    .when(grant, 'bob')
    .thenRecorded(granted, extended('12:35'))
})

test('an answer did not come before the question', () =>
  given(...facts, { ...askedForMore, at: at('12:05') })
    .when(grant, { person: 'alice', claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('the timeline tells who asked, and what came of it', () =>
  expect(
    given(...facts, askedForMore, refused, { ...asked, by: 'bob' } as Fact, granted)
      .tells()
      .slice(3),
  ).toEqual([
    'bob asked for 20 minutes more for “Fail over”, due 2026-01-01 12:15 UTC: It is slow',
    'alice granted no more time for “Fail over”: Try the backup',
    'bob asked for 20 minutes more for “Fail over”, due 2026-01-01 12:15 UTC: It is slow',
    'alice granted 20 minutes more for “Fail over”',
  ]))

test('the history tells each question with its answer, and what was given unasked', () => {
  const log = [
    ...facts,
    askedForMore,
    { ...refused, at: at('12:03') },
    askedForMore,
    granted,
    extended('12:35'),
    extended('12:45', 'Wait'),
    askedForMore,
    { ...asked, data: { ...asked.data, dueAt: at('12:45') }, by: 'bob' } as Fact,
    moved,
    extended('12:55', 'For carol'),
  ].map((fact, revision) => recorded(fact, revision))
  const told = extensionHistory(log as never).map(
    ({ eventId, outcome, minutes, answeredBy, answeredAt, dueAt, reason, refusedBecause }) => [
      eventId,
      outcome,
      minutes,
      answeredBy?.id,
      answeredAt,
      dueAt,
      refusedBecause ?? reason,
    ],
  )
  expect(told).toEqual([
    ['event-3', 'REFUSED', 20, 'alice', at('12:03'), null, 'Try the backup'],
    ['event-5', 'GRANTED', 20, 'alice', at('12:00'), at('12:35'), reason],
    ['event-8', 'GIVEN', null, undefined, null, at('12:45'), 'Wait'],
    ['event-9', 'LAPSED', 20, undefined, null, null, reason],
    ['event-10', 'LAPSED', 20, undefined, null, null, reason],
    ['event-12', 'GIVEN', null, undefined, null, at('12:55'), 'For carol'],
  ])
})
