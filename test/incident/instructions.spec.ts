import { describe, expect, test } from '@jest/globals'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const text = 'Restart everything'
const defer = (from: string, said = text) =>
  ({ type: 'DeferInstruction', data: { from, text: said } }) as const
const deferred: Fact = {
  type: 'InstructionDeferred',
  data: { from: 'carol', text },
  at: at('12:05'),
}

describe('an instruction of somebody who does not command', () => {
  test('is put off by whoever may write, and names the person by their id', () =>
    given(declared)
      .when(defer('cc'), 'bob')
      .thenRecorded({ type: 'InstructionDeferred', data: { from: 'carol', text } }))

  test('that was put off already records nothing, another one does', () => {
    given(declared, deferred).when(defer('carol'), 'bob').thenNothing()
    for (const command of [defer('alice'), defer('carol', 'Call me')])
      expect(given(declared, deferred).when(command).outcome().events).toHaveLength(1)
  })

  test('is somebody’s whom the directory knows', () =>
    given(declared).when(defer('nobody')).thenRefused('UNKNOWN_PERSON'))

  test('is kept for the review, with who put it off and when', () =>
    expect(given(declared, deferred).state.instructions).toEqual([
      {
        eventId: 'event-1',
        from: 'carol',
        text,
        by: { type: 'USER', id: 'alice' },
        at: at('12:05'),
      },
    ]))

  test('is put off a hundred times at most', () =>
    given(declared, ...Array.from({ length: 100 }, () => deferred))
      .when(defer('alice'))
      .thenRefused('LIMIT_REACHED'))

  test('does not come before the incident', () =>
    given(declared)
      .when(defer('carol'), { claimed: at('11:59') })
      .thenRefused('OCCURRED_BEFORE_LAST'))
})

test('the timeline tells whose instruction was put off', () =>
  expect(given(declared, deferred).tells().at(-1)).toBe(
    'alice deferred to the review what carol instructed: Restart everything',
  ))
