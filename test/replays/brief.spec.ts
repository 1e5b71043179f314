import { describe, expect, test } from '@jest/globals'
import { brief } from '../../src/replays/brief.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import { declared, happened, minute, name, saw, stream } from './story.js'

const assigned = (taskId: string, title: string, due: number, assignee = 'bob') =>
  happened(5, 'TaskAssigned', { taskId, title, assignee, dueAt: minute(due) })

const told = stream(
  declared,
  happened(1, 'ResponderJoined', { person: 'alice' }),
  happened(1, 'ResponderJoined', { person: 'bob' }, { by: 'bob' }),
  happened(2, 'CommandClaimed', { commander: 'alice' }),
  happened(3, 'SeveritySet', { level: 'SEV1' }),
  happened(4, 'RoleAssigned', {
    person: 'bob',
    role: 'SUBJECT_MATTER_EXPERT',
    service: 'payments',
  }),
  assigned('1', 'Watch the queue', 60),
  assigned('2', 'Roll back v42', 20),
  assigned('3', 'Tell the shops', 15, 'alice'),
  happened(6, 'TaskAcknowledged', { taskId: '2' }, { by: 'bob' }),
  happened(9, 'TaskCompleted', { taskId: '3' }),
  saw(42, 'Errors fall'),
)

test('a task whose timebox ended last of all is overdue in the brief', () => {
  const expired = happened(20, 'TaskTimeboxExpired', { taskId: '2', dueAt: minute(20) })
  const upTo = (...events: (typeof expired)[]) =>
    brief(stream(declared, assigned('2', 'Roll back v42', 20), ...events), name)
  expect(upTo().overdueTasks).toBe(0)
  expect(upTo(expired).overdueTasks).toBe(1)
  const extended = { taskId: '2', dueAt: minute(40), reason: 'Slow' }
  expect(upTo(expired, happened(21, 'TaskExtended', extended)).overdueTasks).toBe(0)
})

describe('a brief', () => {
  test('is what a successor has to know, in words', () =>
    expect(brief(told, name).text.split('\n')).toEqual([
      'INC-7 “Checkout fails” is active at SEV1, 42 minutes after it was declared; Alice is in command.',
      'Bob is subject matter expert for payments.',
      'Here: Alice and Bob.',
      '2 open tasks, 1 overdue.',
      'Bob: Roll back v42, was due 12:20.',
      'Bob: Watch the queue, due 13:00, not acknowledged.',
      'Last on record, in UTC.',
      '12:06, Bob acknowledged “Roll back v42”.',
      '12:09, Alice completed “Tell the shops”.',
      '12:42, Alice: Errors fall.',
    ]))

  test('names the open tasks next due first, the roles commander first, and who is here', () =>
    expect(brief(told, name)).toMatchObject({
      revision: 11,
      openTasks: [
        { id: '2', overdue: true, status: 'ACKNOWLEDGED' },
        { id: '1', overdue: false },
      ],
      overdueTasks: 1,
      roles: [
        { role: 'INCIDENT_COMMANDER', person: 'alice', since: minute(2), service: null },
        { role: 'SUBJECT_MATTER_EXPERT', person: 'bob', since: minute(4), service: 'payments' },
      ],
      responders: [
        { person: 'alice', since: minute(1) },
        { person: 'bob', since: minute(1) },
      ],
    }))

  test('as of a revision speaks of that moment', () => {
    const then = brief(incidentAt(told, { revision: 3 }).events, name)
    expect(then).toMatchObject({ revision: 3, openTasks: [], overdueTasks: 0 })
    expect(then.headline).toBe(
      'INC-7 “Checkout fails” is active at undetermined severity (treated as SEV1), 2 minutes after it was declared; Alice is in command.',
    )
  })

  test('of a new incident says that nobody is in command', () =>
    expect(brief(stream(declared), name).headline).toMatch(
      /just declared; nobody is in command\.$/,
    ))

  test('shows the last ten entries, oldest first', () => {
    const many = stream(declared, ...Array.from({ length: 30 }, (_, n) => saw(n, `Seen ${n}`)))
    const { latest } = brief(many, name)
    expect(latest.map(({ revision }) => revision)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
  })

  test('can be read aloud in a minute, whatever was written', () => {
    const long = 'word '.repeat(800)
    const people = Array.from({ length: 150 }, (_, n) => `person${n}`)
    const huge = stream(
      { ...declared, data: { ...declared.data, title: 'word '.repeat(40).trim() } },
      ...people.map(person => happened(1, 'ResponderJoined', { person }, { by: person })),
      ...people.map(person => happened(1, 'RoleAssigned', { person, role: 'OBSERVER' })),
      ...people.map(id => assigned(id, 'word '.repeat(40).trim(), 9, id)),
      ...people.map(by => saw(20, long, { by })),
    )
    const { text, openTasks, overdueTasks } = brief(huge, name)
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(180)
    expect([openTasks.length, overdueTasks]).toEqual([100, 150])
  })
})
