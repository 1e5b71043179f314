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
      'On it, in minutes: Alice 41 and Bob 41.',
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

  test('tells what is known of the impact, what is to be decided, when more was promised, and who is on', () => {
    const services = happened(1, 'ServicesSet', { services: ['cart', 'payments'] })
    const claimed = happened(2, 'CommandClaimed', { commander: 'alice' })
    const sizedUp = happened(3, 'SizeUpRecorded', {
      situation: 'The queue is full',
      impact: 'Half of the orders fail',
      nextUpdateBy: minute(30),
    })
    const proposed = (proposalId: string, text: string, by: number) =>
      happened(4, 'ActionProposed', { proposalId, text, risks: [], decideBy: minute(by) })
    const before = stream(
      { ...declared, data: { ...declared.data, effect: 'DEGRADATION' } },
      services,
      claimed,
      sizedUp,
      proposed('p', 'Drop the queue', 9),
      proposed('q', 'Fail over', 20),
      saw(10, 'It grows'),
    )
    const offered = brief(before, name)
    expect(offered).toMatchObject({
      impact: {
        effect: 'DEGRADATION',
        services: ['cart', 'payments'],
        sizeUp: { situation: 'The queue is full', impact: 'Half of the orders fail' },
      },
      pendingDecisions: [{ id: 'p' }, { id: 'q' }],
      nextUpdateDue: minute(30),
      engaged: [{ person: 'alice', since: minute(2), minutes: 8 }],
    })
    expect(offered.text.split('\n').slice(1, 10)).toEqual([
      'Degradation, affecting cart and payments.',
      'As last sized up: The queue is full.',
      'Impact: Half of the orders fail.',
      'On it, in minutes: Alice 8.',
      'No task is open.',
      '2 decisions pending.',
      'Drop the queue, was due 12:09.',
      'Fail over, due 12:20.',
      'The next update is due 12:30.',
    ])
    const decision = {
      proposalId: 'p',
      outcome: 'APPROVE' as const,
      objectionsHeard: 0,
      overruled: false,
    }
    const more = [
      ...before,
      ...stream(
        happened(11, 'DecisionMade', decision),
        happened(12, 'IncidentResolved', { summary: 'Empty' }),
      ).map((event, n) => ({ ...event, revision: before.length + n })),
    ]
    const upTo = (revision: number) => brief(incidentAt(more, { revision }).events, name)
    expect(upTo(before.length - 1)).toEqual(offered)
    expect(upTo(before.length).pendingDecisions).toMatchObject([{ id: 'q' }])
    expect(upTo(more.length)).toMatchObject({ pendingDecisions: [], nextUpdateDue: null })
  })

  test('of history tells last what was never due, and whose it was only if that is told', () =>
    expect(
      brief(
        stream(
          declared,
          happened(1, 'TaskRecorded', { taskId: '8', title: 'Logs kept', status: 'IN_PROGRESS' }),
          happened(2, 'TaskRecorded', {
            taskId: '9',
            title: 'Data copied',
            status: 'IN_PROGRESS',
            assignee: 'bob',
          }),
          assigned('2', 'Roll back v42', 20),
        ),
        name,
      ).text.split('\n'),
    ).toEqual(
      expect.arrayContaining([
        'Bob: Roll back v42, due 12:20, not acknowledged.',
        'Logs kept, no end on record.',
        'Bob: Data copied, no end on record.',
      ]),
    ))

  test('of what nobody said tells nothing', () =>
    expect(brief(stream(declared), name)).toMatchObject({
      impact: { effect: null, services: [], sizeUp: null },
      pendingDecisions: [],
      nextUpdateDue: null,
      engaged: [],
      text: expect.not.stringMatching(/sized up|Impact|pending|update/),
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
      happened(10, 'ServicesSet', { services: people }),
      happened(11, 'SizeUpRecorded', { situation: long, impact: long, nextUpdateBy: minute(30) }),
      ...people.map(proposalId =>
        happened(12, 'ActionProposed', { proposalId, text: long, risks: [], decideBy: minute(13) }),
      ),
      ...people.map(by => saw(20, long, { by })),
    )
    const { text, openTasks, overdueTasks, pendingDecisions, engaged } = brief(huge, name)
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(180)
    expect([openTasks.length, overdueTasks]).toEqual([100, 150])
    expect([pendingDecisions.length, engaged.length]).toEqual([20, 150])
  })
})
