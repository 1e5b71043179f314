import { describe, expect, test } from '@jest/globals'
import { declared, otherId } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const set = { type: 'SetParent', data: { parent: otherId } } as const
const partOf = (parent: string): Fact => ({ type: 'ParentSet', data: { parent } })

describe('a part of another incident', () => {
  test('says of which', () =>
    given(declared)
      .when(set)
      .thenRecorded({ type: 'ParentSet', data: { parent: otherId } }))

  test('is one of no second: another parent takes the place of the first', () =>
    given(declared, partOf('first'))
      .when(set)
      .thenRecorded(
        { type: 'ParentRemoved', data: { parent: 'first' } },
        { type: 'ParentSet', data: { parent: otherId } },
      ))

  test('is none twice', () => given(declared, partOf(otherId)).when(set).thenNothing())

  test('is none any more once it is taken out', () => {
    const { when } = given(declared, partOf(otherId))
    when({ type: 'RemoveParent', data: { reason: 'Two causes' } }).thenRecorded({
      type: 'ParentRemoved',
      data: { parent: otherId, reason: 'Two causes' },
    })
    given(declared).when({ type: 'RemoveParent', data: {} }).thenNothing()
  })

  test.each([
    ['of none that is not there, or may not be seen', null, 'INCIDENT_NOT_FOUND'],
    ['of itself never', { isSelf: true }, 'SAME_INCIDENT'],
    ['of what is a part of it never', { isBelow: true }, 'RELATION_CIRCLE'],
    ['of an exercise never', { mode: 'TEST' }, 'MODE_MISMATCH'],
    ['of a merged one never', { status: 'MERGED' }, 'OTHER_DISMISSED'],
    ['of one with ten generations never', { above: Array(9).fill('x') }, 'LIMIT_REACHED'],
    ['of one to which two hundred refer never', { hasRoom: false }, 'LIMIT_REACHED'],
  ] as const)('it is %s', (_, other, code) =>
    given(declared).when(set, { other }).thenRefused(code),
  )

  test('becomes it after it was taken out of the last', () =>
    given(declared, { ...partOf('first'), at: at('12:05') })
      .when(set, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST'))

  test('says so a hundred times at the most', () =>
    given(declared, ...Array<Fact>(100).fill(partOf('first')))
      .when(set)
      .thenRefused('LIMIT_REACHED'))
})

test('in a circle that word is taken back, and no other', () => {
  const { when } = given(declared, partOf(otherId))
  when({ type: 'BreakParent', data: { eventId: 'event-1' } }).thenRecorded({
    type: 'ParentRemoved',
    data: { parent: otherId, circle: true },
  })
  when({ type: 'BreakParent', data: { eventId: 'event-9' } }).thenNothing()
})

test('the sentences', () =>
  expect(
    given(
      declared,
      partOf('INC-2'),
      { type: 'ParentRemoved', data: { parent: 'INC-2', reason: 'Two causes' } },
      partOf('INC-3'),
      { type: 'ParentRemoved', data: { parent: 'INC-3', circle: true } },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice made this a part of INC-2',
    'alice took this out of INC-2: Two causes',
    'alice made this a part of INC-3',
    'This is no part of INC-3: they were made parts of one another',
  ]))
