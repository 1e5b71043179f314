import { describe, expect, test } from '@jest/globals'
import { isMajor } from '../../src/incident/major.js'
import { aliceCommands, declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Three teams are needed'
const declares = { type: 'DeclareMajor', data: { reason } } as const
const standsDown = { type: 'StandDownMajor', data: { reason: 'One team is enough' } } as const
const major: Fact = { type: 'MajorIncidentDeclared', data: { reason }, at: at('12:02') }
const stoodDown: Fact = {
  type: 'MajorIncidentStoodDown',
  data: { reason: 'One team is enough' },
  by: 'bob',
  at: at('12:05'),
}
const alice = { type: 'USER', id: 'alice' }

describe('a major incident', () => {
  test('is anybody’s to declare, for a reason', () =>
    given(declared, aliceCommands)
      .when(declares, 'bob')
      .thenRecorded({ type: 'MajorIncidentDeclared', data: { reason } }))

  test('is the commander’s to stand down', () => {
    const scene = given(declared, aliceCommands, major)
    scene.when(standsDown, 'bob').thenRefused('NOT_COMMANDER')
    scene
      .when(standsDown, 'alice')
      .thenRecorded({ type: 'MajorIncidentStoodDown', data: { reason: 'One team is enough' } })
  })

  test('is not declared, nor stood down, where that is so already', () => {
    for (const [facts, command, name] of [
      [[declared, major], declares, 'DeclareMajor'],
      [[declared], standsDown, 'StandDownMajor'],
      [[declared, major, stoodDown], standsDown, 'StandDownMajor'],
    ] as const) {
      given(...facts)
        .when(command)
        .thenNothing()
      expect(given(...facts).lists(name)).toBe(false)
    }
  })

  test('can be declared again, and all its times are kept', () => {
    const { state } = given(declared, major, stoodDown, { ...major, at: at('12:09') })
    expect(isMajor(state)).toBe(true)
    expect(state.major).toEqual([
      {
        from: at('12:02'),
        by: alice,
        reason,
        stoodDown: {
          at: at('12:05'),
          by: { ...alice, id: 'bob' },
          reason: 'One team is enough',
        },
      },
      { from: at('12:09'), by: alice, reason },
    ])
    expect(isMajor(given(declared, major, stoodDown).state)).toBe(false)
  })

  test('that ends as major stays so', () =>
    expect(
      isMajor(given(declared, major, { type: 'IncidentResolved', data: { summary: 'x' } }).state),
    ).toBe(true))

  test.each([
    ['declared', [declared, major, stoodDown], declares, '12:05'],
    ['stood down', [declared, major], standsDown, '12:02'],
  ] as const)('is not %s before what it follows', (_, facts, command, last) =>
    given(...facts)
      .when(command, { claimed: at('12:01') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at(last) }),
  )

  test('is so fifty times at most', () =>
    given(declared, ...Array.from({ length: 50 }, () => [major, stoodDown]).flat())
      .when(declares)
      .thenRefused('LIMIT_REACHED'))
})

test('as of what occurred until some moment, nothing is stood down that is not major', () =>
  expect(given(declared, stoodDown).state.major).toEqual([]))

test('the timeline tells both', () =>
  expect(given(declared, major, stoodDown).tells().slice(1)).toEqual([
    'alice declared a major incident: Three teams are needed',
    'bob stood the major incident down: One team is enough',
  ]))
