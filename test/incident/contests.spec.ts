import { describe, expect, test } from '@jest/globals'
import type { SeverityLevel } from '../../src/incident/severity-levels.js'
import { aliceCommands, declared, into } from '../support/facts.js'
import { nothingSettled } from '../../src/incident/policy.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Half of the shops are down'
const contest = (proposed: SeverityLevel) =>
  ({ type: 'ContestSeverity', data: { proposed, reason } }) as const
const set = (level: SeverityLevel, time = '12:00'): Fact => ({
  type: 'SeveritySet',
  data: { level },
  at: at(time),
})
const contested: Fact = {
  type: 'SeverityContested',
  data: { level: 'SEV3', proposed: 'SEV1', reason },
  by: 'bob',
  at: at('12:05'),
}

describe('contesting the severity', () => {
  test('is anybody’s, and keeps the level as it was set, what they would set, and why', () =>
    given(declared, aliceCommands, set('SEV3'))
      .when(contest('SEV1'), 'bob')
      .thenRecorded({
        type: 'SeverityContested',
        data: { level: 'SEV3', proposed: 'SEV1', reason },
      }))

  test('changes nothing of the level', () => {
    const { state } = given(declared, set('SEV3'), contested)
    expect(state.severity.level).toBe('SEV3')
    expect(state.contests).toEqual([
      {
        eventId: 'event-2',
        by: { type: 'USER', id: 'bob' },
        at: at('12:05'),
        level: 'SEV3',
        proposed: 'SEV1',
        reason,
      },
    ])
  })

  test('in favour of what is set, or a second time, records nothing', () => {
    given(declared, set('SEV3')).when(contest('SEV3')).thenNothing()
    given(declared, set('SEV3'), contested).when(contest('SEV1'), 'bob').thenNothing()
  })

  test('is another contest by somebody else, for another level, or of another level', () => {
    const before = [declared, set('SEV3'), contested] as const
    for (const [facts, proposed, who] of [
      [before, 'SEV1', 'carol'],
      [before, 'SEV2', 'bob'],
      [[...before, set('SEV4')], 'SEV1', 'bob'],
    ] as const)
      expect(
        given(...facts)
          .when(contest(proposed), who)
          .outcome().events,
      ).toHaveLength(1)
  })

  test('does not happen before that level was set', () =>
    given(declared, set('SEV3', '12:05'))
      .when(contest('SEV1'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is possible once the response is over, for then it is reviewed', () =>
    expect(given(...into.POST_INCIDENT).lists('ContestSeverity', 'bob')).toBe(true))

  test('is kept a hundred times', () => {
    const full = given(declared, ...Array.from({ length: 100 }, () => contested))
    full.when(contest('SEV1'), 'carol').thenRefused('LIMIT_REACHED')
    expect(full.lists('ContestSeverity')).toBe(false)
  })
})

test('the timeline tells who contested what, and why', () =>
  expect(given(declared, contested).tells().at(-1)).toBe(
    'bob contested the severity SEV3 and proposed SEV1, for the review: Half of the shops are down',
  ))

test('a contest says under which version of the severity scale it proposes', () => {
  const policy = { ...nothingSettled, severityScales: [{ version: 1, levels: [] }] }
  const contest = { proposed: 'SEV1', reason: 'All of Europe' } as const
  const scene = given(declared).when({ type: 'ContestSeverity', data: contest }, { policy })
  expect(scene.outcome().events[0]!.data).toEqual({
    level: 'UNDETERMINED',
    ...contest,
    scaleVersion: 1,
  })
})
