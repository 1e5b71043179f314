import { describe, expect, test } from '@jest/globals'
import type { Escalate } from '../../src/incident/escalations.js'
import { callId, declared, escalated } from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'
import { policy } from '../support/policy.js'

const reason = 'No answer'
const escalate = (data: Partial<Escalate>) =>
  ({ type: 'Escalate', data: { reason, ...data } }) as const
const asks = { person: 'alice', policy }
const toTier = (tier: number, to: string[]): Fact => ({
  type: 'IncidentEscalated',
  data: {
    escalationId: `tier-${tier}`,
    service: 'api',
    from: [],
    to,
    tier,
    tiersSkipped: 0,
    reason,
  },
})
const recorded = (data: object) =>
  ({ type: 'IncidentEscalated', data: { escalationId: newId, ...data, reason } }) as never

describe('along the path of a service', () => {
  const api = { service: 'api' }

  test('the first tier is called first, and the event says when the next is due', () =>
    given(declared)
      .when(escalate(api), asks)
      .thenRecorded(
        recorded({
          ...api,
          from: [],
          to: ['bob'],
          tier: 1,
          tiersSkipped: 0,
          nextAt: at('12:20'),
        }),
      ))

  test('then the next, until there is none', () => {
    given(declared, toTier(2, ['carol']))
      .when(escalate(api), asks)
      .thenRecorded(
        recorded({ ...api, from: ['carol'], to: ['alice', 'bob'], tier: 3, tiersSkipped: 0 }),
      )
    given(declared, toTier(3, ['alice', 'bob']))
      .when(escalate(api), asks)
      .thenRefused('NO_TIER_LEFT', { tiers: 3, reached: 3 })
  })

  test('a tier is passed over only by saying so', () => {
    given(declared)
      .when(escalate({ ...api, tier: 3 }), asks)
      .thenRefused('TIER_SKIPPED', { next: 1 })
    given(declared)
      .when(escalate({ ...api, tier: 3, skipTiers: true }), asks)
      .thenRecorded(recorded({ ...api, from: [], to: ['alice', 'bob'], tier: 3, tiersSkipped: 2 }))
  })

  test('a tier that was called may be called again', () =>
    given(declared, toTier(2, ['carol']))
      .when(escalate({ ...api, tier: 1 }), asks)
      .thenRecorded(
        recorded({
          ...api,
          from: ['carol'],
          to: ['bob'],
          tier: 1,
          tiersSkipped: 0,
          nextAt: at('12:20'),
        }),
      ))

  test('all tiers are passed over to go to the owners directly', () =>
    given(declared, toTier(1, ['bob']))
      .when(escalate({ ...api, skipTiers: true }), asks)
      .thenRecorded(recorded({ ...api, from: ['bob'], to: ['bob'], tiersSkipped: 2 })))

  test.each(['unknown', 'gone'])('that has none, there is no way: %s', service =>
    given(declared).when(escalate({ service }), asks).thenRefused('NO_SERVICE_OWNER', { service }),
  )
})

test('without a service it goes along the path of the incident’s type', () => {
  const route = [{ people: ['carol'], afterMinutes: 0 }]
  const incidentTypes = new Map([['SERVICE' as const, { version: 1, route, functions: [] }]])
  given(declared)
    .when(escalate({}), { policy: { ...policy, incidentTypes } })
    .thenRecorded(recorded({ from: [], to: ['carol'], tier: 1, tiersSkipped: 0 }))
  given(declared).when(escalate({}), asks).thenRefused('NO_TIER_LEFT', { tiers: 0, reached: 0 })
})

test('people are called directly, each once, without a path', () => {
  given(declared)
    .when(escalate({ people: ['bb', 'bob', 'carol'] }), asks)
    .thenRecorded(recorded({ from: [], to: ['bob', 'carol'], tiersSkipped: 0 }))
  const wrong: Partial<Escalate>[] = [
    { people: [] },
    { people: ['bob'], service: 'api' },
    { people: ['bob'], tier: 1 },
    { people: ['bob'], skipTiers: true },
  ]
  for (const data of wrong) given(declared).when(escalate(data), asks).thenRefused('INVALID_INPUT')
  given(declared)
    .when(escalate({ people: ['nobody'] }), asks)
    .thenRefused('UNKNOWN_PERSON')
})

describe('an escalation', () => {
  const acknowledge = (escalationId = callId) =>
    ({ type: 'AcknowledgeEscalation', data: { escalationId } }) as const
  const answered: Fact = { type: 'EscalationAcknowledged', data: { escalationId: callId } }

  test('is acknowledged once, by somebody who was called', () => {
    given(declared, escalated)
      .when(acknowledge(), 'bob')
      .thenRecorded({
        type: 'EscalationAcknowledged',
        data: { escalationId: callId },
      })
    given(declared, escalated).when(acknowledge(), 'carol').thenRefused('NOT_ASKED')
    given(declared, escalated, answered).when(acknowledge(), 'bob').thenNothing()
  })

  test('that there is none of is not acknowledged', () => {
    given(declared).when(acknowledge(), 'bob').thenRefused('CALL_NOT_FOUND')
    given(declared, escalated).when(acknowledge('none'), 'bob').thenRefused('CALL_NOT_FOUND')
  })

  test('is not acknowledged before it was made', () =>
    given(declared, { ...escalated, at: at('12:05') })
      .when(acknowledge(), { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is one of two hundred at most', () => {
    const many = Array.from(
      { length: 200 },
      (_, n): Fact =>
        ({
          ...escalated,
          data: { ...escalated.data, escalationId: `escalation-${n}` } as never,
        }) as Fact,
    )
    given(declared, ...many)
      .when(escalate({ people: ['bob'] }))
      .thenRefused('LIMIT_REACHED')
  })
})

test('the timeline tells to whom it went, and past how many', () =>
  expect(
    given(
      declared,
      toTier(1, ['bob']),
      escalated,
      {
        type: 'IncidentEscalated',
        data: {
          escalationId: 'x',
          service: 'api',
          from: ['bob'],
          to: ['alice', 'carol'],
          tier: 3,
          tiersSkipped: 1,
          reason,
        },
      },
      { type: 'EscalationAcknowledged', data: { escalationId: 'x' }, by: 'carol' },
      { type: 'EscalationAcknowledged', data: { escalationId: callId }, by: 'bob' },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice escalated for api to bob (tier 1): No answer',
    'alice escalated to bob: No answer',
    'alice escalated for api to alice, carol (tier 3), past 1 of its tiers: No answer',
    'carol answered the escalation for api',
    'bob answered the escalation',
  ]))
