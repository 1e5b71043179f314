import { describe, expect, test } from '@jest/globals'
import { aliceCommands, declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Orders were lost after all'
const escalate = { type: 'EscalateNearMiss', data: { reason } } as const
const nearMiss: Fact = { type: 'NearMissReported', data: {}, at: at('12:02') }
const escalated: Fact = { type: 'NearMissEscalated', data: { reason }, at: at('12:05') }

describe('a near miss', () => {
  test('is declared as everything else, with an event of its own beside', () =>
    expect(
      given()
        .when({ type: 'DeclareIncident', data: { title: 'Nearly', kind: 'NEAR_MISS' } })
        .outcome()
        .events.map(({ type }) => type),
    ).toEqual(['IncidentDeclared', 'NearMissReported', 'SeveritySet']))

  test('is told from an incident, which needs no event to be one', () => {
    expect(given(declared, nearMiss).state.kind.is).toBe('NEAR_MISS')
    expect(given(declared).state.kind.is).toBe('INCIDENT')
    given()
      .when({ type: 'DeclareIncident', data: { title: 'Really', kind: 'INCIDENT' } })
      .thenRecorded({ ...declared, data: { ...declared.data, title: 'Really' } } as Fact, {
        type: 'SeveritySet',
        data: { level: 'UNDETERMINED' },
      })
  })

  test('becomes an incident at anybody’s word, for a reason, also after its end', () => {
    const [first, ...moves] = into.CLOSED
    for (const facts of [
      [declared, nearMiss, aliceCommands],
      [first, nearMiss, ...moves],
    ] as const)
      given(...facts)
        .when(escalate, 'bob')
        .thenRecorded({ type: 'NearMissEscalated', data: { reason } })
    expect(given(declared, nearMiss, escalated).state.kind.is).toBe('INCIDENT')
  })

  test('is not made an incident twice, nor is what always was one', () => {
    for (const facts of [[declared], [declared, nearMiss, escalated]] as const) {
      given(...facts)
        .when(escalate)
        .thenNothing()
      expect(given(...facts).lists('EscalateNearMiss')).toBe(false)
    }
  })

  test('does not become an incident before it was one', () =>
    given(declared, nearMiss)
      .when(escalate, { claimed: at('12:01') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:02') }))
})

test('the timeline tells both', () =>
  expect(given(declared, nearMiss, escalated).tells().slice(1)).toEqual([
    'alice said that it is a near miss: it did no harm',
    'alice made an incident of the near miss: Orders were lost after all',
  ]))
