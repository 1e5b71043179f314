import { describe, expect, test } from '@jest/globals'
import { workKinds, workMoved, workOf } from '../../src/incident/open-work.js'
import { type Events, incidents } from '../../src/incident/incident.js'
import { type FactOf, at, given, noon, recorded } from '../support/given.js'

type Fact = FactOf<Events>
const declared = (rest: object = {}): Fact => ({
  type: 'IncidentDeclared',
  data: {
    reference: 'INC-1',
    title: 'x',
    type: 'SERVICE',
    mode: 'LIVE',
    status: 'ACTIVE',
    ...rest,
  },
})
const assigned: Fact = {
  type: 'TaskAssigned',
  data: { taskId: 't', title: 'Fail over', assignee: 'bob', dueAt: at('12:15') },
}
const claimed: Fact = { type: 'CommandClaimed', data: { commander: 'alice' }, at: at('12:01') }
const offered: Fact = {
  type: 'HandoffOffered',
  data: { to: 'carol', briefRevision: 2 },
  at: at('12:02'),
}
const expert: Fact = {
  type: 'RoleAssigned',
  data: { person: 'bob', role: 'SUBJECT_MATTER_EXPERT', service: 'db' },
}
const resolved: Fact = { type: 'IncidentResolved', data: { summary: 'Fixed' } }

const all = (...facts: Fact[]) => {
  const { state } = given(...facts)
  return workKinds.flatMap(kind => workOf(kind, state))
}
const waiting = (...facts: Fact[]) => all(...facts).map(({ kind, person }) => `${kind} ${person}`)
const running = [declared(), assigned, claimed, offered, expert]

test('tasks wait for their assignee, an offer of command for whom it was made to, roles for their holders', () =>
  expect(all(...running)).toEqual([
    {
      kind: 'TASK',
      subject: 't',
      person: 'bob',
      since: noon,
      dueAt: at('12:15'),
      title: 'Fail over',
    },
    {
      kind: 'HANDOFF_OFFERED',
      subject: 'command',
      person: 'carol',
      since: at('12:02'),
      title: 'Accept or decline command',
    },
    {
      kind: 'ROLE',
      subject: 'INCIDENT_COMMANDER',
      person: 'alice',
      since: at('12:01'),
      title: 'Incident commander',
    },
    {
      kind: 'ROLE',
      subject: 'SUBJECT_MATTER_EXPERT db',
      person: 'bob',
      since: noon,
      title: 'Subject matter expert for db',
    },
  ]))

test('proposals wait for whoever commands, until they are decided', () => {
  const proposed: Fact = {
    type: 'ActionProposed',
    data: { proposalId: 'p', text: 'Fail over', risks: [], decideBy: at('12:20') },
    by: 'bob',
  }
  const decided: Fact = {
    type: 'DecisionMade',
    data: { proposalId: 'p', outcome: 'APPROVE', objectionsHeard: 0, overruled: false },
  }
  const decisions = (...facts: Fact[]) => workOf('DECISION', given(declared(), ...facts).state)
  const work = { kind: 'DECISION', subject: 'p', since: noon, dueAt: at('12:20') }
  expect(decisions(claimed, proposed)).toEqual([
    { ...work, person: 'alice', title: 'Decide on “Fail over”' },
  ])
  const accepted: Fact = { type: 'HandoffAccepted', data: { from: 'alice', to: 'carol' } }
  expect(decisions(claimed, proposed, offered, accepted)).toMatchObject([{ person: 'carol' }])
  for (const facts of [[proposed], [claimed, proposed, decided], [claimed, proposed, resolved]])
    expect(decisions(...facts)).toEqual([])
})

describe('nothing waits any more', () => {
  test.each<[string, Fact[], string[]]>([
    [
      'of a task that is done',
      [...running, { type: 'TaskCompleted', data: { taskId: 't' } }],
      ['HANDOFF_OFFERED carol', 'ROLE alice', 'ROLE bob'],
    ],
    [
      'of an offer that was accepted, but of the new commander’s role',
      [...running, { type: 'HandoffAccepted', data: { from: 'alice', to: 'carol' } }],
      ['TASK bob', 'ROLE carol', 'ROLE bob'],
    ],
    ['but tasks, once the incident is resolved', [...running, resolved], ['TASK bob']],
    [
      'but tasks, of an incident that goes on elsewhere',
      [...running, { type: 'IncidentMerged', data: { into: 'other' } }],
      ['TASK bob'],
    ],
    [
      'of an incident that was none',
      [...running, { type: 'IncidentCancelled', data: { reason: 'x' } }],
      [],
    ],
    ['of imported history', [declared({ mode: 'RETROSPECTIVE' }), assigned, claimed], []],
  ])('%s', (_, facts, expected) => expect(waiting(...facts)).toEqual(expected))
})

test('a task that changes hands waits for its new assignee, until its new time', () => {
  const more: Fact[] = [
    { type: 'TaskReassigned', data: { taskId: 't', from: 'bob', assignee: 'carol' } },
    { type: 'TaskExtended', data: { taskId: 't', dueAt: at('12:40'), reason: 'x' } },
  ]
  expect(all(declared(), assigned, ...more)).toMatchObject([
    { person: 'carol', dueAt: at('12:40') },
  ])
})

test('what a kind does not depend on moves none of it', () => {
  const { state: before } = given(...running)
  const movedBy = (fact: Fact) => {
    const after = incidents.evolve(before, recorded(fact, running.length))
    return workMoved(before, after)
  }
  expect(movedBy({ type: 'ObservationRecorded', data: { text: 'x' } })).toEqual([])
  expect(movedBy({ type: 'TaskAcknowledged', data: { taskId: 't' } })).toEqual([
    'TASK',
    'EXTENSION',
    'REMINDER',
  ])
  expect(movedBy(resolved)).toEqual(workKinds)
})

test('more time waits for who gave the task and for the commander, until it is answered', () => {
  const asked: Fact = {
    type: 'ExtensionRequested',
    data: { taskId: 't', minutes: 20, reason: 'x', dueAt: at('12:15') },
    by: 'bob',
    at: at('12:05'),
  }
  const facts = [declared(), { ...assigned, by: 'carol' }, claimed, asked]
  expect(all(...facts).filter(({ kind }) => kind === 'EXTENSION')).toEqual(
    ['carol', 'alice'].map(person => ({
      kind: 'EXTENSION',
      subject: 't',
      person,
      since: at('12:05'),
      title: 'More time for “Fail over”?',
    })),
  )
  const refused: Fact = { type: 'ExtensionRefused', data: { taskId: 't', reason: 'x' } }
  expect(waiting(...facts, refused).join()).not.toContain('EXTENSION')
  expect(waiting(...facts, resolved).join()).not.toContain('EXTENSION')
})

test('a step waits for approval of whom it was asked, or of the commander, until there is a word', () => {
  const steps = [{ key: 'stop', title: 'Stop writing', needsApproval: true }]
  const list = { checklistId: 'c', key: 'k', version: 1, name: 'Fail over', inOrder: true, steps }
  const followed: Fact = { type: 'RunbookAttached', data: list }
  const asked = (by: string, of?: string): Fact => ({
    type: 'StepApprovalRequested',
    data: { checklistId: 'c', step: 'stop', ...(of && { of }) },
    by,
  })
  const approvals = (...facts: Fact[]) =>
    all(declared(), claimed, followed, ...facts).filter(({ kind }) => kind === 'APPROVAL')
  expect(approvals(asked('alice', 'carol'))).toEqual([
    {
      kind: 'APPROVAL',
      subject: 'c stop',
      person: 'carol',
      since: noon,
      title: 'Approve “Stop writing” of “Fail over”?',
    },
  ])
  expect(approvals(asked('bob')).map(({ person }) => person)).toEqual(['alice'])
  expect(approvals()).toEqual([])
  expect(approvals(asked('alice'))).toEqual([])
  const ref = { checklistId: 'c', step: 'stop' }
  expect(approvals(asked('bob'), { type: 'StepApprovalGranted', data: ref })).toEqual([])
  expect(
    approvals(asked('bob'), { type: 'StepApprovalRefused', data: { ...ref, reason: 'x' } }),
  ).toEqual([])
})

const proposed: Fact = {
  type: 'ActionProposed',
  data: { proposalId: 'p', text: 'Fail over', risks: [], decideBy: at('12:09') },
  at: at('12:04'),
}
const overdue: Fact = { type: 'DecisionOverdue', data: { proposalId: 'p', dueAt: at('12:09') } }
const decided: Fact = {
  type: 'DecisionMade',
  data: { proposalId: 'p', outcome: 'APPROVE', objectionsHeard: 0, overruled: false },
}
const of = (kind: string, ...facts: Fact[]) => all(...facts).filter(work => work.kind === kind)

test('what was put off until it is resolved waits from then on for whoever commanded, until answered', () => {
  const put = (until: 'RESOLVED' | 'REVIEW'): Fact => ({
    type: 'RequestDeferred',
    data: { from: 'carol', text: 'Numbers\nfor the board ' + 'x'.repeat(2000), until },
    at: at('12:03'),
  })
  const facts = [declared(), claimed, put('RESOLVED'), put('REVIEW')]
  expect(of('REQUEST_PARKED', ...facts)).toEqual([])
  const [waits, ...more] = of('REQUEST_PARKED', ...facts, resolved)
  expect(waits).toMatchObject({ person: 'alice', since: at('12:03') })
  expect(waits!.title).toMatch(/^Answer “Numbers for the board x{178}”$/)
  expect(more).toEqual([])
  const answered: Fact = {
    type: 'DeferredRequestAnswered',
    data: { eventId: waits!.subject, answer: 'x' },
  }
  expect(of('REQUEST_PARKED', ...facts, resolved, answered)).toEqual([])
  const reopened: Fact = { type: 'IncidentReopened', data: { reason: 'x' } }
  expect(of('REQUEST_PARKED', ...facts, resolved, reopened)).toEqual([])
})

describe('a deputy reminds', () => {
  const deputy: Fact = { type: 'RoleAssigned', data: { person: 'dan', role: 'DEPUTY' } }
  const expired: Fact = {
    type: 'TaskTimeboxExpired',
    data: { taskId: 't', dueAt: at('12:15') },
  }
  const promised: Fact = {
    type: 'SizeUpRecorded',
    data: { situation: 'x', nextUpdateBy: at('12:30') },
    at: at('12:02'),
  }
  const late = [declared(), deputy, assigned, expired, proposed, overdue, promised]
  const reminded = (...facts: Fact[]) => of('REMINDER', ...facts).map(({ title }) => title)

  test('of decisions and tasks that are late and of the next update, the first due first', () =>
    expect(of('REMINDER', ...late)).toEqual(
      [
        {
          subject: 'p',
          since: at('12:09'),
          dueAt: at('12:09'),
          title: 'Remind of the decision on “Fail over”: it is overdue',
        },
        {
          subject: 't',
          since: at('12:15'),
          dueAt: at('12:15'),
          title: 'Remind of “Fail over”: its time is up',
        },
        {
          subject: 'update',
          since: at('12:02'),
          dueAt: at('12:30'),
          title: 'Remind of the next update that was promised',
        },
      ].map(one => ({ kind: 'REMINDER', person: 'dan', ...one })),
    ))

  test.each<[string, Fact[]]>([
    ['a task in time, or a decision in time', [declared(), deputy, assigned, proposed]],
    ['anything without being deputy', [declared(), claimed, assigned, expired]],
    ['anything once the response is over', [...late, resolved]],
    [
      'a task that was given more time',
      [
        declared(),
        deputy,
        assigned,
        expired,
        { type: 'TaskExtended', data: { taskId: 't', dueAt: at('12:40'), reason: 'x' } },
      ],
    ],
    [
      'a task that is done',
      [declared(), deputy, assigned, expired, { type: 'TaskCompleted', data: { taskId: 't' } }],
    ],
    ['a decision that was made late', [declared(), deputy, proposed, overdue, decided]],
    [
      'an update that came and promised none',
      [declared(), deputy, promised, { type: 'SizeUpRecorded', data: { situation: 'x' } }],
    ],
  ])('not of %s', (_, facts) => expect(reminded(...facts)).toEqual([]))

  test('of so much only as a person can: of the 50 that are due first', () => {
    const many = Array.from({ length: 60 }, (_, n): Fact[] => {
      const dueAt = `2026-01-01T13:${String(59 - n).padStart(2, '0')}:00.000Z`
      const data = { taskId: `t${n}`, title: `Task ${n}`, assignee: 'bob', dueAt }
      const expiry: Fact = { type: 'TaskTimeboxExpired', data: { taskId: `t${n}`, dueAt } }
      return [{ type: 'TaskAssigned', data }, expiry]
    }).flat()
    const titles = reminded(declared(), deputy, ...many)
    expect(titles).toHaveLength(50)
    expect(titles[0]).toMatch('Task 59')
  })
})
