import { expect, test } from '@jest/globals'
import { payload } from '../../src/commands/payload.js'
import { SetRotationPolicy } from '../../src/organisation/rotation.js'
import { givenOrganisation as given } from '../support/given.js'

const set = (maxMinutes: number) => ({ type: 'SetRotationPolicy', data: { maxMinutes } }) as const
const wasSet = (maxMinutes: number) =>
  ({ type: 'RotationPolicySet', data: { maxMinutes } }) as const

test('nobody is on for more than 90 minutes, until it is said otherwise', () => {
  expect(given().state.rotation).toEqual({ maxMinutes: 90 })
  given().when(set(90)).thenNothing()
  given().when(set(60)).thenRecorded(wasSet(60))
  given(wasSet(60)).when(set(60)).thenNothing()
  given(wasSet(60)).when(set(90)).thenRecorded(wasSet(90))
  expect(given(wasSet(60)).state.rotation).toEqual({ maxMinutes: 60 })
})

test.each([14, 1441, 30.5, '60'])('%p is no time to be on', maxMinutes =>
  expect(() => payload(SetRotationPolicy, { maxMinutes })).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT' }),
  ),
)

test('the log tells it', () =>
  expect(given(wasSet(60)).tells()).toEqual([
    'alice said that nobody is to be on for more than 60 minutes',
  ]))
