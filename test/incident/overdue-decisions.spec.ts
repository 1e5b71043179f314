import { describe, expect, test } from '@jest/globals'
import { proposalOf } from '../../src/incident/proposal.js'
import { timersOf } from '../../src/incident/timers.js'
import { alicesProposal, declared, into, proposalId, retrospective } from '../support/facts.js'
import { type Asker, type Fact, at, given } from '../support/given.js'

const dueAt = at('12:15')
const timer = (clock: string, claimed = dueAt): Asker => ({
  type: 'TIMER',
  person: 'decision-overdue',
  clock,
  claimed,
})
const note = (rest: object = {}) =>
  ({ type: 'NoteOverdueDecision', data: { proposalId, dueAt, ...rest } }) as const
const overdue = { type: 'DecisionOverdue', data: { proposalId, dueAt } } as const
const told: Fact = { ...overdue, by: { type: 'TIMER', id: 'decision-overdue' }, at: dueAt }
const approved: Fact = {
  type: 'DecisionMade',
  data: { proposalId, outcome: 'APPROVE', objectionsHeard: 0, overruled: false },
}

/** Of decisions alone: other things fall due as well. */
const armed = (scene: ReturnType<typeof given>) =>
  timersOf(scene.state).filter(({ kind }) => kind === 'decision-overdue')

const running = ['TRIAGE', 'ACTIVE', 'MITIGATED']
test.each(Object.entries(into))('in %s a decision falls due', (status, [first, ...moves]) => {
  const scene = given(first, alicesProposal, ...moves)
  const outcome = scene.when(note(), timer(at('12:16')))
  if (running.includes(status)) outcome.thenRecorded(overdue)
  else outcome.thenNothing()
  expect(armed(scene)).toEqual(
    running.includes(status) ? [{ kind: 'decision-overdue', subject: proposalId, dueAt }] : [],
  )
})

describe('a decision', () => {
  const scene = given(declared, alicesProposal)

  test('is overdue at its due time, however late that is recorded, and never before', () => {
    scene.when(note(), timer(dueAt)).thenOccurred(dueAt)
    scene.when(note(), timer(at('23:00'))).thenOccurred(dueAt)
    scene.when(note(), timer(at('12:14'))).thenNothing()
  })

  test.each([
    ['was made', [alicesProposal, approved]],
    ['was said to be overdue', [alicesProposal, told]],
    ['was never asked for', []],
  ] as [string, Fact[]][])('that %s is not overdue', (_, facts) => {
    const scene = given(declared, ...facts)
    scene.when(note(), timer(at('12:16'))).thenNothing()
    expect(armed(scene)).toEqual([])
  })

  test('is overdue at no other time', () =>
    scene.when(note({ dueAt: at('12:10') }), timer(at('12:16'), at('12:10'))).thenNothing())

  test('of imported history is never overdue', () => {
    const history = given(retrospective, alicesProposal)
    history.when(note(), timer(at('12:16'))).thenNothing()
    expect(armed(history)).toEqual([])
  })

  test('that was made in time is put on record after it was said to be overdue', () => {
    const scene = given(declared, alicesProposal, told)
    scene
      .when(
        { type: 'Decide', data: { proposalId, outcome: 'APPROVE' } },
        { clock: at('12:20'), claimed: at('12:14') },
      )
      .thenOccurred(at('12:14'))
    expect(proposalOf(scene.state, proposalId)).toMatchObject({ overdueAt: dueAt })
  })

  test('is told to be overdue, also of a proposal that is not known', () =>
    expect(given(declared, alicesProposal, told).tells().at(-1)).toBe(
      'The time to decide on “Fail over” ended without a decision',
    ))
})
