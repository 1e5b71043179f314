import { describe, expect, test } from '@jest/globals'
import { type Policy, nothingSettled } from '../../src/incident/policy.js'
import { declared, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const text = 'The orders of an hour'
const report = (said = text) => ({ type: 'ReportDataLoss', data: { text: said } }) as const
const reported: Fact = { type: 'DataLossReported', data: { text }, at: at('12:03') }
const ruleOut = { type: 'RuleOutDataLoss', data: { reason: 'They are in the queue' } } as const
const ruledOut: Fact = { type: 'DataLossRuledOut', data: ruleOut.data, at: at('12:04') }
const event = { type: 'DataLossReported', data: { text } } as const
/** Lawyers and data protection are pulled into every security incident. */
const policy: Policy = {
  ...nothingSettled,
  incidentTypes: new Map([
    ['SECURITY', { version: 1, route: [], functions: ['LEGAL', 'PRIVACY'] }],
  ]),
}
const pulledIn = (which: 'LEGAL' | 'PRIVACY') =>
  ({ type: 'FunctionEngaged', data: { function: which, reason: 'Data was lost' } }) as const

describe('a loss of data', () => {
  test('is anybody’s to report, and once as it is known', () => {
    given(declared).when(report(), 'bob').thenRecorded(event)
    given(declared, reported).when(report()).thenNothing()
    given(declared, reported)
      .when(report('And those of the hour before'))
      .thenRecorded({ ...event, data: { text: 'And those of the hour before' } })
  })

  test('pulls in who is pulled into a security incident, as far as they are not there', () => {
    const asker = { policy }
    given(declared)
      .when(report(), asker)
      .thenRecorded(event, pulledIn('LEGAL'), pulledIn('PRIVACY'))
    given(declared, { type: 'FunctionEngaged', data: { function: 'LEGAL' } })
      .when(report(), asker)
      .thenRecorded(event, pulledIn('PRIVACY'))
    given(retrospective).when(report(), asker).thenRecorded(event)
  })

  test('may have been before anybody declared an incident', () =>
    given(declared)
      .when(report(), { claimed: at('11:30') })
      .thenOccurred(at('11:30')))

  test('is ruled out where one was reported, and not before', () => {
    given(declared).when(ruleOut).thenNothing()
    expect(given(declared).lists('RuleOutDataLoss')).toBe(false)
    const scene = given(declared, reported)
    scene.when(ruleOut, 'bob').thenRecorded({ type: 'DataLossRuledOut', data: ruleOut.data })
    scene
      .when(ruleOut, { claimed: at('12:02') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:03') })
  })

  test('is known as it was last reported', () => {
    expect(given(declared, reported).state.dataLoss).toEqual({
      known: { text, by: { type: 'USER', id: 'alice' }, at: at('12:03') },
    })
    expect(given(declared, reported, ruledOut).state.dataLoss).toEqual({})
    given(declared, reported, ruledOut).when(report()).thenRecorded(event)
  })

  test('is told in the timeline', () =>
    expect(given(declared, reported, ruledOut).tells().slice(1)).toEqual([
      `alice reported a loss of data: ${text}`,
      'alice ruled a loss of data out: They are in the queue',
    ]))
})
