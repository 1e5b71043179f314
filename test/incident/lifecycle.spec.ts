import { describe, expect, test } from '@jest/globals'
import { statusOf } from '../../src/incident/guards.js'
import type { IncidentCommand } from '../../src/incident/incident.js'
import { aliceCommands, declared, inTriage, into, offeredToBob } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const summary = 'Rolled back'
const reason = 'Because'
const move = (type: string, data: object = {}) => ({ type, data }) as IncidentCommand
const fact = (type: string, data: object = {}) => ({ type, data }) as Fact

test.each<[string, IncidentCommand, readonly Fact[], Fact]>([
  ['activating', move('ActivateIncident'), [inTriage], fact('IncidentActivated')],
  [
    'mitigating',
    move('MitigateIncident', { summary }),
    [declared],
    fact('IncidentMitigated', { summary }),
  ],
  [
    'resolving',
    move('ResolveIncident', { summary }),
    [declared],
    fact('IncidentResolved', { summary }),
  ],
  [
    'beginning the post-incident work',
    move('BeginPostIncident'),
    into.RESOLVED,
    fact('PostIncidentBegun'),
  ],
  [
    'reopening',
    move('ReopenIncident', { reason }),
    into.RESOLVED,
    fact('IncidentReopened', { reason }),
  ],
  ['closing', move('CloseIncident'), into.RESOLVED, fact('IncidentClosed', { openConcerns: 0 })],
  [
    'closing with a reason',
    move('CloseIncident', { reason }),
    into.RESOLVED,
    fact('IncidentClosed', { reason, openConcerns: 0 }),
  ],
  [
    'cancelling',
    move('CancelIncident', { reason }),
    [declared],
    fact('IncidentCancelled', { reason }),
  ],
  [
    'declining',
    move('DeclineIncident', { reason }),
    [inTriage],
    fact('IncidentDeclined', { reason }),
  ],
])('%s keeps what was said', (_, command, facts, expected) =>
  given(...facts)
    .when(command)
    .thenRecorded(expected),
)

test.each(Object.entries(into))('an incident comes to be %s', (status, facts) =>
  expect(statusOf(given(...facts).state)).toBe(status),
)

test('an incident out of triage is active', () =>
  expect(statusOf(given(inTriage, fact('IncidentActivated')).state)).toBe('ACTIVE'))

test('a reopened incident is active and still has its commander', () => {
  const { state } = given(
    declared,
    aliceCommands,
    fact('IncidentResolved', { summary }),
    fact('IncidentReopened', { reason }),
  )
  expect(statusOf(state)).toBe('ACTIVE')
  expect(state.handoff.commander).toBe('alice')
})

describe('an open offer of command', () => {
  const voided = { type: 'HandoffVoided', data: { to: 'bob' } } as const
  test.each<[string, Fact, IncidentCommand, Fact]>([
    [
      'resolving',
      declared,
      move('ResolveIncident', { summary }),
      fact('IncidentResolved', { summary }),
    ],
    ['closing', declared, move('CloseIncident'), fact('IncidentClosed', { openConcerns: 0 })],
    [
      'cancelling',
      declared,
      move('CancelIncident', { reason }),
      fact('IncidentCancelled', { reason }),
    ],
    [
      'declining',
      inTriage,
      move('DeclineIncident', { reason }),
      fact('IncidentDeclined', { reason }),
    ],
  ])('ends with %s', (_, first, command, ended) =>
    given(first, aliceCommands, offeredToBob).when(command).thenRecorded(ended, voided),
  )

  test('outlives mitigating', () =>
    given(declared, aliceCommands, offeredToBob)
      .when(move('MitigateIncident', { summary }))
      .thenRecorded(fact('IncidentMitigated', { summary })))

  test('cannot end before it was made', () =>
    given(declared, aliceCommands, { ...offeredToBob, at: at('12:05') })
      .when(move('ResolveIncident', { summary }), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))
})

describe('a move', () => {
  const mitigated: Fact = { ...into.MITIGATED[1]!, at: at('12:05') }
  const reopen = move('ReopenIncident', { reason })

  test('happened when it is said to have', () =>
    given(declared, mitigated)
      .when(reopen, { claimed: at('12:07') })
      .thenOccurred(at('12:07')))

  test('did not happen before the last one, nor before the declaration', () => {
    given(declared, mitigated)
      .when(reopen, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared)
      .when(move('MitigateIncident', { summary }), { claimed: at('11:59') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:00') })
  })

  test('may be claimed a minute ahead, but no more', () => {
    given(declared, mitigated)
      .when(reopen, { claimed: at('12:11') })
      .thenOccurred(at('12:11'))
    given(declared, mitigated)
      .when(reopen, { claimed: '2026-01-01T12:11:00.001Z' })
      .thenRefused('OCCURRED_IN_FUTURE', { now: at('12:10') })
  })

  test('does not fall before the last one when the clock was set back', () =>
    given(declared, mitigated)
      .when(reopen, { clock: at('12:01') })
      .thenOccurred(at('12:05')))

  test('to where the incident is takes any claim, because nothing is recorded', () =>
    given(declared, mitigated)
      .when(move('MitigateIncident', { summary }), { claimed: at('10:00') })
      .thenNothing())
})

test('the timeline tells every move', () =>
  expect(
    given(
      inTriage,
      fact('IncidentActivated'),
      fact('IncidentMitigated', { summary }),
      fact('IncidentResolved', { summary: 'Fixed' }),
      fact('PostIncidentBegun'),
      fact('IncidentClosed'),
      fact('IncidentReopened', { reason: 'Again' }),
      fact('IncidentClosed', { reason: 'Enough' }),
      fact('IncidentCancelled', { reason: 'A test' }),
      fact('IncidentDeclined', { reason: 'By design' }),
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice confirmed the incident',
    'alice mitigated: Rolled back',
    'alice resolved: Fixed',
    'alice began the post-incident work',
    'alice closed the incident',
    'alice reopened: Again',
    'alice closed the incident: Enough',
    'alice cancelled: A test',
    'alice declined: By design',
  ]))
