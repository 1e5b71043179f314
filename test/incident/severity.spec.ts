import { describe, expect, test } from '@jest/globals'
import {
  type SeverityLevel,
  effective,
  rank,
  severityLevels,
} from '../../src/incident/severity-levels.js'
import { aliceCommands, declared, retrospective } from '../support/facts.js'
import { settledBy } from '../support/policy.js'
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

describe('under a severity scale', () => {
  const scale = (version: number) => ({ version, levels: [] })
  const asker = (versions: number) => ({
    policy: {
      ...settledBy(),
      severityScales: Array.from({ length: versions }, (_, n) => scale(n + 1)),
    },
  })
  const reads = (level: SeverityLevel, scaleVersion: number) =>
    ({ type: 'SetSeverity', data: { level, scaleVersion } }) as const
  const under = (level: SeverityLevel, scaleVersion: number): Fact => ({
    type: 'SeveritySet',
    data: { level, scaleVersion },
  })
  const events = (
    facts: Fact[],
    command: Parameters<ReturnType<typeof given>['when']>[0],
    n: number,
  ) =>
    given(...facts)
      .when(command, asker(n))
      .outcome()
      .events.filter(({ type }) => type === 'SeveritySet')

  test('what is set says which version of it was in force', () => {
    expect(events([declared, was('SEV3')], set('SEV2'), 2)).toEqual([under('SEV2', 2)])
    expect(events([declared, was('SEV3')], reads('SEV2', 2), 2)).toEqual([under('SEV2', 2)])
  })

  test('what is said by another version than the one in force is refused, whatever it says', () => {
    for (const level of ['SEV2', 'SEV3'] as const)
      given(declared, under('SEV3', 1))
        .when(reads(level, 1), asker(2))
        .thenRefused('POLICY_CHANGED', { what: 'SEVERITY_SCALE', version: 2 })
    given(declared)
      .when(reads('SEV1', 1))
      .thenRefused('POLICY_CHANGED', { what: 'SEVERITY_SCALE', version: null })
  })

  test('the same level is said anew by who names another version, and by nobody else', () => {
    expect(events([declared, under('SEV3', 1)], reads('SEV3', 2), 2)).toEqual([under('SEV3', 2)])
    expect(events([declared, was('SEV3')], reads('SEV3', 2), 2)).toEqual([under('SEV3', 2)])
    given(declared, under('SEV3', 1)).when(set('SEV3'), asker(2)).thenNothing()
    given(declared, under('SEV3', 2)).when(reads('SEV3', 2), asker(2)).thenNothing()
  })
})
