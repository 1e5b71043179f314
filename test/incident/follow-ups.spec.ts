import { describe, expect, test } from '@jest/globals'
import { isLoopOpen, loopClosedAt } from '../../src/incident/follow-ups.js'
import { declared, flagged, into, taskId as followUpId } from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'

const flag = { type: 'FlagFollowUp', data: { text: 'Alert on the lag' } } as const
const apply = { type: 'ApplyLearning', data: { followUpId, evidence: 'It fired' } } as const
const drop = { type: 'DropFollowUp', data: { followUpId, reason: 'No money' } } as const
const applied = { type: 'LearningApplied', data: { followUpId, evidence: 'It fired' } } as const
const dropped = { type: 'FollowUpDropped', data: { followUpId, reason: 'No money' } } as const

describe('a follow-up', () => {
  test('is flagged by anybody, once while it is open', () => {
    given(declared)
      .when(flag, 'bob')
      .thenRecorded({ type: 'FollowUpFlagged', data: { followUpId: newId, ...flag.data } })
    given(declared, flagged).when(flag).thenNothing()
    given(declared, flagged, applied)
      .when(flag)
      .thenRecorded({ type: 'FollowUpFlagged', data: { followUpId: newId, ...flag.data } })
  })

  test('is applied with what shows it, or dropped with a reason', () => {
    given(declared, flagged).when(apply, 'bob').thenRecorded(applied)
    const url = 'https://example.org/drill'
    given(declared, flagged)
      .when({ ...apply, data: { ...apply.data, url } })
      .thenRecorded({ ...applied, data: { ...applied.data, url } })
    given(declared, flagged).when(drop, 'bob').thenRecorded(dropped)
  })

  test('ends once', () => {
    given(declared, flagged, applied).when(apply).thenNothing()
    given(declared, flagged, dropped).when(drop).thenNothing()
    given(declared, flagged, applied).when(drop).thenRefused('FOLLOW_UP_ENDED', { followUpId })
    given(declared, flagged, dropped).when(apply).thenRefused('FOLLOW_UP_ENDED')
  })

  test('is one of this incident', () => {
    given(declared).when(apply).thenRefused('FOLLOW_UP_NOT_FOUND')
    expect(given(declared).lists('ApplyLearning')).toBe(false)
    given(declared, flagged)
      .when({ ...drop, data: { ...drop.data, followUpId: 'constructor' } })
      .thenRefused('FOLLOW_UP_NOT_FOUND', { followUpId: 'constructor' })
  })

  test('is not applied before it was flagged', () =>
    given(declared, { ...flagged, at: at('12:05') })
      .when(apply, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is one of two hundred at the most', () => {
    const many = Array.from({ length: 200 }, (_, n) => ({
      type: 'FollowUpFlagged' as const,
      data: { followUpId: `${n}`, text: `${n}` },
    }))
    given(declared, ...many)
      .when(flag)
      .thenRefused('LIMIT_REACHED')
  })
})

const closed: Fact = { type: 'IncidentClosed', data: {}, at: at('12:30') }
const late = (fact: object) => ({ ...fact, at: at('12:40') }) as Fact
test.each<[string, readonly Fact[], boolean, string | undefined]>([
  ['is not open while the incident runs', [declared, flagged], false, undefined],
  ['is open once it is resolved', into.RESOLVED, true, undefined],
  ['is open in the review', into.POST_INCIDENT, true, undefined],
  ['is open while a follow-up is', [declared, flagged, closed], true, undefined],
  ['closes with the incident', [declared, closed], false, at('12:30')],
  [
    'closes with the incident, if all is applied before',
    [declared, flagged, applied, closed],
    false,
    at('12:30'),
  ],
  [
    'closes with the last follow-up',
    [declared, flagged, closed, late(applied)],
    false,
    at('12:40'),
  ],
  [
    'closes with one that is dropped too',
    [declared, flagged, closed, late(dropped)],
    false,
    at('12:40'),
  ],
  ['is none of what was none', into.CANCELLED, false, undefined],
  ['is that of the incident it is merged into', into.MERGED, false, undefined],
])('the loop %s', (_, facts, open, closedAt) => {
  const { state } = given(...facts)
  expect([isLoopOpen(state), loopClosedAt(state)]).toEqual([open, closedAt])
})

test('the timeline tells what was left to do, and what became of it', () =>
  expect(given(declared, flagged, applied, dropped).tells().slice(1)).toEqual([
    'alice flagged a follow-up: Alert on the lag',
    'alice applied “Alert on the lag”: It fired',
    'alice dropped “Alert on the lag”: No money',
  ]))
