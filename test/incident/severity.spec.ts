import { describe, expect, test } from '@jest/globals'
import {
  type SeverityLevel,
  effective,
  rank,
  severityLevels,
} from '../../src/incident/severity-levels.js'
import { aliceCommands, declared, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const was = (level: SeverityLevel, time = '12:00'): Fact => ({
  type: 'SeveritySet',
  data: { level },
  at: at(time),
})
const set = (level: SeverityLevel, reason?: string) =>
  ({ type: 'SetSeverity', data: { level, ...(reason && { reason }) } }) as const
const wasSet = (level: SeverityLevel, reason?: string) =>
  ({ type: 'SeveritySet', data: { level, ...(reason && { reason }) } }) as const

test('undetermined acts as SEV1, and 1 is the worst', () => {
  expect(severityLevels.map(effective)).toEqual(['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5', 'SEV1'])
  expect(severityLevels.map(rank)).toEqual([1, 2, 3, 4, 5, 1])
})

describe.each(severityLevels)('from %s', from => {
  const down = severityLevels.filter(to => rank(to) > rank(from))
  const notDown = severityLevels.filter(to => rank(to) <= rank(from) && to !== from)

  test('to the same changes nothing, whoever asks', () =>
    given(declared, aliceCommands, was(from)).when(set(from), 'bob').thenNothing())

  for (const to of notDown)
    test(`anybody sets it to ${to}, and needs no reason`, () =>
      given(declared, aliceCommands, was(from)).when(set(to), 'bob').thenRecorded(wasSet(to)))

  for (const to of down)
    test(`to ${to} is the commander’s to decide, with a reason`, () => {
      const scene = given(declared, aliceCommands, was(from))
      scene.when(set(to, 'Few users'), 'bob').thenRefused('NOT_COMMANDER', { commander: 'alice' })
      scene.when(set(to), 'alice').thenRefused('REASON_REQUIRED', { field: 'reason' })
      scene.when(set(to, 'Few users'), 'alice').thenRecorded(wasSet(to, 'Few users'))
    })
})

test('while nobody is in command anybody may make less of it, with a reason', () => {
  given(declared, was('SEV1'))
    .when(set('SEV2', 'Few users'), 'bob')
    .thenRecorded(wasSet('SEV2', 'Few users'))
  given(declared, was('SEV1')).when(set('SEV2'), 'bob').thenRefused('REASON_REQUIRED')
})

test('who may is not asked of history, but why is', () => {
  const scene = given(retrospective, aliceCommands, was('SEV1'))
  scene.when(set('SEV2', 'Few users'), 'bob').thenRecorded(wasSet('SEV2', 'Few users'))
  scene.when(set('SEV2'), 'bob').thenRefused('REASON_REQUIRED')
})

test('is listed for everybody, because making it worse is everybody’s', () =>
  expect(given(declared, aliceCommands, was('SEV1')).lists('SetSeverity', 'bob')).toBe(true))

test('was not set before it last was', () =>
  given(declared, was('SEV2', '12:05'))
    .when(set('SEV1'), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('is what it was last set to', () =>
  expect(given(declared, was('SEV2'), was('SEV4', '12:05')).state.severity).toEqual({
    level: 'SEV4',
    setAt: at('12:05'),
    actsSince: at('12:05'),
  }))

test('the timeline tells it, and why', () =>
  expect(
    given(declared, was('UNDETERMINED'), was('SEV2'), { ...was('SEV3'), ...wasSet('SEV3', 'Few') })
      .tells()
      .slice(1),
  ).toEqual([
    'alice left the severity undetermined, to be treated as SEV1',
    'alice set the severity to SEV2',
    'alice set the severity to SEV3: Few',
  ]))
