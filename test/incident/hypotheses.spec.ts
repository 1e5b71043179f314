import { expect, test } from '@jest/globals'
import { declared, theImport } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const proposed: Fact = { type: 'HypothesisProposed', data: { text: 'A lock' }, by: 'bob' }
const settle = (outcome: 'CONFIRMED' | 'REFUTED', eventId = 'event-1') =>
  ({ type: 'SettleHypothesis', data: { eventId, outcome, evidence: 'No waits' } }) as const
const settled = (outcome: 'CONFIRMED' | 'REFUTED', eventId = 'event-1') =>
  ({ type: 'HypothesisSettled', data: { eventId, outcome, evidence: 'No waits' } }) as const

test('anybody supposes something, once', () => {
  const data = { text: 'A lock', evidence: 'Waits' }
  given(declared)
    .when({ type: 'ProposeHypothesis', data }, 'bob')
    .thenRecorded({ type: 'HypothesisProposed', data })
  given(declared, proposed).when({ type: 'ProposeHypothesis', data }).thenNothing()
})

test('it is settled, and may turn out otherwise', () => {
  const scene = given(declared, proposed)
  scene.when(settle('REFUTED')).thenRecorded(settled('REFUTED'))
  const refuted = given(declared, proposed, settled('REFUTED'))
  refuted.when(settle('REFUTED')).thenNothing()
  refuted.when(settle('CONFIRMED')).thenRecorded(settled('CONFIRMED'))
  expect(refuted.state.hypotheses.get('event-1')).toMatchObject({
    text: 'A lock',
    settled: { outcome: 'REFUTED', evidence: 'No waits' },
  })
})

test('only what was supposed is settled, and not before', () => {
  given(declared).when(settle('REFUTED')).thenRefused('HYPOTHESIS_NOT_FOUND')
  expect(given(declared).lists('SettleHypothesis')).toBe(false)
  given(declared, proposed)
    .when(settle('REFUTED', 'constructor'))
    .thenRefused('HYPOTHESIS_NOT_FOUND', { eventId: 'constructor' })
  given(declared, { ...proposed, at: at('12:05') })
    .when(settle('REFUTED'), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST')
})

test('a hundred are held', () => {
  const full = given(
    declared,
    ...Array.from({ length: 100 }, (_, n): Fact => ({
      type: 'HypothesisProposed',
      data: { text: `A lock ${n}` },
    })),
  )
  full.when({ type: 'ProposeHypothesis', data: { text: 'x' } }).thenRefused('LIMIT_REACHED')
  expect(full.lists('ProposeHypothesis')).toBe(false)
})

test('the timeline tells what was supposed and what it turned out to be', () =>
  expect(
    given(
      declared,
      { ...proposed, data: { text: 'A lock', evidence: 'Waits' } },
      settled('REFUTED'),
      settled('CONFIRMED', 'gone'),
      { ...proposed, by: theImport },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'bob supposed: A lock; because: Waits',
    'alice refuted “A lock”: No waits',
    'alice confirmed a supposition: No waits',
    'Hypothesis: A lock',
  ]))
