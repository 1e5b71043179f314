import { describe, expect, test } from '@jest/globals'
import type { Policy } from '../../src/incident/policy.js'
import { declared, runbookAttached } from '../support/facts.js'
import { type Fact, given, newId } from '../support/given.js'
import { failOver, lostRegion, policy } from '../support/policy.js'

const attach = (data: object) => ({ type: 'AttachRunbook', data: data as { key: string } }) as const
const adopt = (data: object) => ({ type: 'AdoptPlan', data: data as { key: string } }) as const
const start = { type: 'StartPlaybook', data: {} } as const
const alice = { person: 'alice', policy }
const attached = { type: 'RunbookAttached', data: { checklistId: newId, ...failOver } } as const
const adopted = {
  type: 'PlanAdopted',
  data: { checklistId: newId, ...lostRegion, inOrder: false },
} as const
const later: Policy = {
  ...policy,
  runbooks: new Map([['fail-over', { ...policy.runbooks.get('fail-over')!, version: 3 }]]),
}

describe('a runbook', () => {
  test('is followed as it is in force, with its steps', () => {
    given(declared)
      .when(attach({ key: 'fail-over' }), alice)
      .thenRecorded(attached)
    given(declared)
      .when(attach({ key: 'fail-over', version: 2 }), alice)
      .thenRecorded(attached)
  })

  test('of which another version was looked at is refused', () =>
    given(declared)
      .when(attach({ key: 'fail-over', version: 1 }), alice)
      .thenRefused('POLICY_CHANGED', { what: 'RUNBOOK', version: 2 }))

  test('that is followed already changes nothing; a later version is another one', () => {
    given(declared, runbookAttached)
      .when(attach({ key: 'fail-over' }), alice)
      .thenNothing()
    given(declared, runbookAttached)
      .when(attach({ key: 'fail-over' }), { person: 'alice', policy: later })
      .thenRecorded({ ...attached, data: { ...attached.data, version: 3 } })
  })

  test('that is not there, or retired, is not followed', () => {
    for (const key of ['nothing', 'constructor'])
      given(declared).when(attach({ key }), alice).thenRefused('UNKNOWN_RUNBOOK', { key })
    given(declared)
      .when(attach({ key: 'old' }), alice)
      .thenRefused('RUNBOOK_RETIRED')
  })
})

describe('a plan', () => {
  test('is adopted as it is in force', () => {
    given(declared)
      .when(adopt({ key: 'lost-region' }), alice)
      .thenRecorded(adopted)
    given(declared, adopted)
      .when(adopt({ key: 'lost-region' }), alice)
      .thenNothing()
  })

  test('that changed, is not there or retired is not adopted', () => {
    const scene = given(declared)
    scene
      .when(adopt({ key: 'lost-region', version: 2 }), alice)
      .thenRefused('POLICY_CHANGED', { what: 'PLAN', version: 1 })
    scene.when(adopt({ key: 'nothing' }), alice).thenRefused('UNKNOWN_PLAN')
    scene.when(adopt({ key: 'old' }), alice).thenRefused('PLAN_RETIRED')
  })
})

describe('the playbook', () => {
  test('is the runbook that incidents of the type begin with', () => {
    given(declared)
      .when(start, alice)
      .thenRecorded({ ...attached, data: { ...attached.data, playbook: true } })
    const begun = { ...attached, data: { ...attached.data, playbook: true } } as Fact
    given(declared, begun).when(start, alice).thenNothing()
    expect(given(declared, begun).lists('StartPlaybook', alice)).toBe(false)
    given(declared, begun)
      .when(attach({ key: 'fail-over' }), alice)
      .thenNothing()
  })

  test('is none where the type has none, and none can begin that is retired', () => {
    given(declared).when(start).thenRefused('NO_PLAYBOOK', { type: 'SERVICE' })
    expect(given(declared).lists('StartPlaybook')).toBe(false)
    const retired = new Map([
      ['SERVICE' as const, { ...policy.incidentTypes.get('SERVICE')!, playbook: 'old' }],
    ])
    given(declared)
      .when(start, { person: 'alice', policy: { ...policy, incidentTypes: retired } })
      .thenRefused('RUNBOOK_RETIRED', { key: 'old' })
  })
})

test('twenty are followed at the most', () => {
  const many = Array.from({ length: 20 }, (_, n) => ({
    type: 'RunbookAttached' as const,
    data: { ...failOver, checklistId: `${n}`, key: `other-${n}` },
  }))
  given(declared, ...many)
    .when(attach({ key: 'fail-over' }), alice)
    .thenRefused('LIMIT_REACHED')
  given(declared, ...many)
    .when(start, alice)
    .thenRefused('LIMIT_REACHED')
})

test('the timeline tells what was taken up', () =>
  expect(
    given(declared, attached, { ...attached, data: { ...attached.data, playbook: true } }, adopted)
      .tells()
      .slice(1),
  ).toEqual([
    'alice took up the runbook “Fail over” (version 2)',
    'alice began the playbook “Fail over” (version 2)',
    'alice adopted the plan “A region is lost” (version 1)',
  ]))
