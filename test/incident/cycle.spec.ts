import { expect, test } from '@jest/globals'
import { nextUpdateDue } from '../../src/incident/cycle.js'
import { declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const sizedUp = (rest: object = {}): Fact => ({
  type: 'SizeUpRecorded',
  data: { situation: 'Writes fail', ...rest },
})
const verified = (result: 'HOLDING' | 'NOT_HOLDING' | 'UNCLEAR'): Fact => ({
  type: 'VerificationRecorded',
  data: { result, finding: 'Errors' },
})
const sizeUp = (rest: object = {}) =>
  ({ type: 'RecordSizeUp', data: { situation: 'Writes fail', ...rest } }) as const

test('anybody sizes up and verifies', () => {
  given(declared)
    .when(sizeUp({ impact: 'x', nextUpdateBy: at('12:30') }), 'bob')
    .thenRecorded(sizedUp({ impact: 'x', nextUpdateBy: at('12:30') }) as never)
  given(declared)
    .when({ type: 'RecordVerification', data: { result: 'HOLDING', finding: 'Errors' } }, 'bob')
    .thenRecorded(verified('HOLDING') as never)
})

test.each([at('12:10'), at('12:00')])('the next update is not promised for %s', nextUpdateBy =>
  given(declared)
    .when(sizeUp({ nextUpdateBy }))
    .thenRefused('INVALID_INPUT', { fields: ['nextUpdateBy'] }),
)

test.each([
  [[], 0],
  [[sizedUp()], 1],
  [[sizedUp(), sizedUp()], 1],
  [[sizedUp(), verified('NOT_HOLDING')], 1],
  [[sizedUp(), verified('UNCLEAR'), verified('HOLDING')], 1],
  [[sizedUp(), verified('NOT_HOLDING'), sizedUp()], 2],
  [[verified('HOLDING'), sizedUp()], 1],
] as [Fact[], number][])('after %j the response is in cycle %i', (facts, number) =>
  expect(given(declared, ...facts).state.cycle.number).toBe(number),
)

test('each is of the cycle in which it was said', () => {
  const { cycle } = given(declared, sizedUp(), verified('NOT_HOLDING'), sizedUp()).state
  expect(cycle.sizeUps.map(one => one.cycle)).toEqual([1, 2])
  expect(cycle.verifications.map(one => one.cycle)).toEqual([1])
})

test('the next update is due when the last size-up says so, while the response runs', () => {
  const promised = sizedUp({ nextUpdateBy: at('12:30') })
  const due = (...facts: Fact[]) => nextUpdateDue(given(...facts).state)
  expect(due(declared)).toBeUndefined()
  expect(due(declared, promised)).toBe(at('12:30'))
  expect(due(declared, promised, sizedUp())).toBeUndefined()
  const [first, ...moves] = into.RESOLVED
  expect(due(first, promised, ...moves)).toBeUndefined()
})

test('one comes after the other', () =>
  given(declared, { ...sizedUp(), at: at('12:05') })
    .when(sizeUp(), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('five hundred of each are held', () => {
  const full = given(declared, ...Array.from({ length: 500 }, () => sizedUp()))
  full.when(sizeUp()).thenRefused('LIMIT_REACHED')
  expect([full.lists('RecordSizeUp'), full.lists('RecordVerification')]).toEqual([false, true])
})

test('the timeline tells what was seen', () =>
  expect(
    given(
      declared,
      sizedUp({ impact: 'Nobody can pay', nextUpdateBy: at('12:30') }),
      verified('HOLDING'),
      verified('NOT_HOLDING'),
      verified('UNCLEAR'),
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice sized up: Writes fail; impact: Nobody can pay; next update by 2026-01-01 12:30 UTC',
    'alice verified that it holds: Errors',
    'alice found that it does not hold: Errors',
    'alice could not tell whether it holds: Errors',
  ]))
