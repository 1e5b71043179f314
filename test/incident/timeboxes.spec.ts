import { describe, expect, test } from '@jest/globals'
import type { IncidentStatus } from '../../src/incident/lifecycle.js'
import { taskOf } from '../../src/incident/task.js'
import type { Incident } from '../../src/incident/incident.js'
import { timersOf } from '../../src/incident/timers.js'
import { aliceCommands, bobsTask, declared, into, retrospective, taskId } from '../support/facts.js'
import { type Asker, type Fact, at, given } from '../support/given.js'

const dueAt = at('12:15')
const timeboxesOf = (incident: Incident) =>
  timersOf(incident).filter(({ kind }) => kind === 'task-timebox')
/** Whoever fires it claims the due time. */
const timer = (clock: string, claimed = dueAt): Asker => ({
  type: 'TIMER',
  person: 'task-timebox',
  clock,
  claimed,
})
const expire = (at = dueAt) => ({ type: 'ExpireTimebox', data: { taskId, dueAt: at } }) as const
const expired = (at = dueAt) =>
  ({ type: 'TaskTimeboxExpired', data: { taskId, dueAt: at } }) as const
const byTimer = (fact: Fact) => ({ ...fact, by: { type: 'TIMER', id: 'task-timebox' } }) as Fact
const happened = (dueAt = at('12:15')): Fact => ({ ...byTimer(expired(dueAt)), at: dueAt })
const late = timer(at('12:16'))

const completed: Fact = { type: 'TaskCompleted', data: { taskId } }
const abandoned: Fact = { type: 'TaskAbandoned', data: { taskId, reason: 'Moot' } }
const extended = (to: string): Fact => ({
  type: 'TaskExtended',
  data: { taskId, dueAt: to, reason: 'Lag' },
})
const resolved: Fact = { type: 'IncidentResolved', data: { summary: 'Fixed' } }
const reopened: Fact = { type: 'IncidentReopened', data: { reason: 'Errors are back' } }

const ends: Record<string, { readonly facts: readonly Fact[]; readonly fires: boolean }> = {
  open: { facts: [], fires: true },
  acknowledged: {
    facts: [{ type: 'TaskAcknowledged', data: { taskId }, by: 'bob' }],
    fires: true,
  },
  'reported on': {
    facts: [{ type: 'TaskReported', data: { taskId, finding: 'A lock' } }],
    fires: true,
  },
  'somebody else’s': {
    facts: [{ type: 'TaskReassigned', data: { taskId, from: 'bob', assignee: 'carol' } }],
    fires: true,
  },
  completed: { facts: [completed], fires: false },
  abandoned: { facts: [abandoned], fires: false },
  extended: { facts: [extended(at('12:30'))], fires: false },
  'expired already': { facts: [happened()], fires: false },
}
const running: readonly IncidentStatus[] = ['TRIAGE', 'ACTIVE', 'MITIGATED']
const cases = Object.keys(into).flatMap(status =>
  Object.entries(ends).map(([what, { facts, fires }]) => {
    const state = status as IncidentStatus
    const [first, ...moves] = into[state]
    const scene = given(first, bobsTask, ...facts, ...moves)
    return { status, what, scene, fires: fires && running.includes(state) }
  }),
)

test.each(cases)('in $status the timebox of a task that is $what expires: $fires', one => {
  const outcome = one.scene.when(expire(), late)
  if (one.fires) outcome.thenRecorded(expired())
  else outcome.thenNothing()
  const armed = timeboxesOf(one.scene.state).some(({ dueAt: due }) => due === dueAt)
  expect(armed).toBe(one.fires)
})

describe('a timebox', () => {
  const scene = given(declared, bobsTask)

  test('expires at its due time, however late that is recorded', () => {
    scene.when(expire(), timer(dueAt)).thenOccurred(dueAt)
    scene.when(expire(), timer(at('23:00'))).thenOccurred(dueAt)
    given(declared, bobsTask, observedAt('12:20'))
      .when(expire(), timer(at('12:21')))
      .thenOccurred(dueAt)
  })

  test('expires even if it was reported on, as somebody claims, after its due time', () =>
    given(declared, bobsTask, {
      type: 'TaskReported',
      data: { taskId, finding: 'A lock' },
      at: at('12:40'),
    })
      .when(expire(), timer(at('12:41')))
      .thenOccurred(dueAt))

  test('never expires before it is due', () =>
    scene.when(expire(), timer(at('12:14'))).thenNothing())

  test('expires only for the time that it has, and only of a task that there is', () => {
    scene.when(expire(at('12:10')), timer(at('12:20'), at('12:10'))).thenNothing()
    given(declared).when(expire(), late).thenNothing()
    given().when(expire(), late).thenNothing()
  })

  test('that is extended after it expired expires again at its new time', () => {
    const again = given(declared, bobsTask, happened(), extended(at('12:30')))
    expect(timeboxesOf(again.state)).toEqual([
      { kind: 'task-timebox', subject: taskId, dueAt: at('12:30') },
    ])
    again.when(expire(), timer(at('12:31'))).thenNothing()
    again
      .when(expire(at('12:30')), timer(at('12:31'), at('12:30')))
      .thenRecorded(expired(at('12:30')))
    expect(taskOf(again.state, taskId)?.timeboxExpiredAt).toBe(dueAt)
  })

  test('of imported history never expires', () => {
    const history = given(retrospective, bobsTask)
    history.when(expire(), late).thenNothing()
    expect(timeboxesOf(history.state)).toEqual([])
  })

  test('that ended while the incident was over expires late once it is reopened', () => {
    const over = given(declared, bobsTask, resolved)
    expect(timeboxesOf(over.state)).toEqual([])
    const again = given(declared, bobsTask, resolved, reopened)
    expect(timeboxesOf(again.state)).toHaveLength(1)
    again.when(expire(), timer(at('18:00'))).thenRecorded(expired())
    again.when(expire(), timer(at('18:00'))).thenOccurred(dueAt)
  })

  test('that expired is told without moving what later claims follow', () => {
    const scene = given(declared, aliceCommands, bobsTask, happened())
    expect(scene.tells().at(-1)).toBe('The timebox of “Fail over” ended before the task did')
    const complete = { type: 'CompleteTask', data: { taskId } } as const
    const claimed = { person: 'bob', clock: at('12:20'), claimed: at('12:14') }
    scene.when(complete, claimed).thenOccurred(at('12:14'))
    scene
      .when({ type: 'ResolveIncident', data: { summary: 'x' } }, { claimed: at('12:05') })
      .thenOccurred(at('12:05'))
  })

  test('that expired stays with the task, whatever becomes of it', () => {
    const of = (...facts: Fact[]) =>
      taskOf(given(declared, bobsTask, happened(), ...facts).state, taskId)
    expect(of()).toMatchObject({ status: 'ASSIGNED', timeboxExpiredAt: dueAt })
    expect(of(completed)).toMatchObject({ status: 'COMPLETED', timeboxExpiredAt: dueAt })
    expect(taskOf(given(declared, bobsTask).state, taskId)).not.toHaveProperty('timeboxExpiredAt')
  })

  test('of a task that is not known, as of some moment, is told as well', () =>
    expect(given(declared, happened()).tells().at(-1)).toBe(
      'The timebox of a task ended before the task did',
    ))
})

test.each(['alice', 'bob'])('nobody is offered to let a timebox expire, not even %s', person => {
  const scene = given(declared, aliceCommands, bobsTask)
  expect(scene.lists('ExpireTimebox' as never, person)).toBe(false)
  expect(scene.lists('ExtendTask', person)).toBe(true)
})

function observedAt(time: string): Fact {
  return { type: 'ObservationRecorded', data: { text: 'Errors rise' }, at: at(time) }
}
