import { describe, expect, test } from '@jest/globals'
import { type Phase, phaseKeys, phaseOf } from '../../src/incident/phases.js'
import { aliceCommands, declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const enters = (phase: Phase) => ({ type: 'EnterPhase', data: { phase } }) as const
const entered = (phase: Phase): Fact => ({ type: 'PhaseEntered', data: { phase }, by: 'bob' })
const resolved: Fact = { type: 'IncidentResolved', data: { summary: 'Fixed' } }
const reopened: Fact = { type: 'IncidentReopened', data: { reason: 'It is back' } }
const phaseAfter = (...facts: Fact[]) => phaseOf(given(...facts).state)

describe('the phase of a response', () => {
  test.each(['TRIAGE', 'MOBILIZE', 'RESOLVE'] as const)(
    'is %s once anybody says so while it runs',
    phase => {
      given(declared, aliceCommands)
        .when(enters(phase), 'bob')
        .thenRecorded({ type: 'PhaseEntered', data: { phase } })
      expect(phaseAfter(declared, entered(phase))).toBe(phase)
    },
  )

  test('goes any way while it runs', () =>
    expect(phaseAfter(declared, entered('RESOLVE'), entered('MOBILIZE'))).toBe('MOBILIZE'))

  test('is not entered twice', () =>
    given(declared, entered('MOBILIZE')).when(enters('MOBILIZE')).thenNothing())

  test.each([
    ['TRIAGE', 'TRIAGE'],
    ['ACTIVE', 'TRIAGE'],
    ['MITIGATED', 'TRIAGE'],
    ['RESOLVED', 'PREVENT'],
    ['POST_INCIDENT', 'PREVENT'],
    ['CLOSED', 'PREVENT'],
    ['CANCELLED', null],
    ['DECLINED', null],
    ['MERGED', null],
  ] as const)('is, of an incident that is %s and of which nobody said any, %s', (status, phase) =>
    expect(phaseAfter(...into[status])).toBe(phase),
  )

  test('is prevention once it is resolved, whatever was said before', () =>
    expect(phaseAfter(declared, entered('MOBILIZE'), resolved)).toBe('PREVENT'))

  test('is to resolve once it is reopened, until somebody says another', () => {
    const back = [declared, entered('MOBILIZE'), resolved, entered('PREVENT'), reopened]
    expect(phaseAfter(...back)).toBe('RESOLVE')
    expect(phaseAfter(...back, entered('TRIAGE'))).toBe('TRIAGE')
    // All of it happened in the same instant: what counts is the order on record.
    expect(phaseAfter(...back, entered('TRIAGE'), resolved, reopened)).toBe('RESOLVE')
  })

  test('is as it was where it was merged by mistake', () =>
    expect(
      phaseAfter(
        declared,
        entered('MOBILIZE'),
        { type: 'IncidentMerged', data: { into: 'x' } },
        { type: 'IncidentUnmerged', data: { into: 'x' } },
      ),
    ).toBe('MOBILIZE'))
})

describe('what is not so', () => {
  test('is not entered: prevention comes after the response, all else is of it', () => {
    for (const phase of phaseKeys) {
      const isLast = phase === 'PREVENT'
      const wrong = given(...(isLast ? [declared] : into.RESOLVED)).when(enters(phase))
      wrong.thenRefused('INVALID_TRANSITION', {
        status: isLast ? 'ACTIVE' : 'RESOLVED',
        from: isLast ? ['RESOLVED', 'POST_INCIDENT', 'CLOSED'] : ['TRIAGE', 'ACTIVE', 'MITIGATED'],
      })
    }
    given(...into.RESOLVED)
      .when(enters('PREVENT'))
      .thenRecorded({ type: 'PhaseEntered', data: { phase: 'PREVENT' } })
    given(...into.RESOLVED, entered('PREVENT'))
      .when(enters('PREVENT'))
      .thenNothing()
  })

  test.each(['CANCELLED', 'DECLINED', 'MERGED'] as const)(
    'is not asked of an incident that is %s',
    status => {
      given(...into[status])
        .when(enters('TRIAGE'))
        .thenRefused('INCIDENT_NOT_ACTIVE', { status })
      expect(given(...into[status]).lists('EnterPhase')).toBe(false)
    },
  )

  test('is no phase before what it follows', () => {
    const last = at('12:05')
    for (const fact of [
      { ...entered('TRIAGE'), at: last },
      { ...reopened, at: last },
    ])
      given(declared, fact)
        .when(enters('RESOLVE'), { claimed: at('12:04') })
        .thenRefused('OCCURRED_BEFORE_LAST', { last })
  })
})

test('the timeline tells each', () =>
  expect(
    given(declared, ...phaseKeys.map(entered))
      .tells()
      .slice(1),
  ).toEqual([
    'bob entered the triage phase',
    'bob entered the mobilize phase',
    'bob entered the resolve phase',
    'bob entered the prevent phase',
  ]))
