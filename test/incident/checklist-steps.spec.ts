import { describe, expect, test } from '@jest/globals'
import { nextStep, progressOf } from '../../src/incident/step.js'
import {
  declared,
  retrospective,
  runbookAttached,
  taskId as checklistId,
} from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

type Outcome = 'DONE' | 'SKIPPED' | 'DEVIATED'
const ref = (step: string) => ({ checklistId, step })
const check = (step: string, outcome: Outcome = 'DONE', reason?: string) =>
  ({ type: 'CheckStep', data: { ...ref(step), outcome, ...(reason && { reason }) } }) as const
const checked = (step: string, outcome: Outcome = 'DONE', reason?: string) =>
  ({ type: 'StepChecked', data: { ...ref(step), outcome, ...(reason && { reason }) } }) as const
const ask = { type: 'RequestApproval', data: ref('stop') } as const
const asked = { type: 'StepApprovalRequested', data: ref('stop') } as const
const approve = { type: 'ApproveStep', data: ref('stop') } as const
const approved = { type: 'StepApprovalGranted', data: ref('stop') } as const
const refuse = { type: 'RefuseStep', data: { ...ref('stop'), reason: 'Not now' } } as const
const refused = {
  type: 'StepApprovalRefused',
  data: { ...ref('stop'), reason: 'Not now' },
} as const
const byBob = (fact: object) => ({ ...fact, by: 'bob' }) as Fact
const facts = [declared, runbookAttached] as const
const skipped = checked('stop', 'SKIPPED', 'It stands')

describe('checking a step', () => {
  test('says what became of it', () => {
    given(...facts, skipped)
      .when(check('switch'), 'bob')
      .thenRecorded(checked('switch'))
    given(...facts, skipped)
      .when(check('switch', 'DEVIATED', 'By hand'))
      .thenRecorded(checked('switch', 'DEVIATED', 'By hand'))
  })

  test.each<Outcome>(['SKIPPED', 'DEVIATED'])('as %s needs a reason', outcome =>
    given(...facts, skipped)
      .when(check('switch', outcome))
      .thenRefused('REASON_REQUIRED'),
  )

  test('goes step by step where the checklist does', () => {
    given(...facts)
      .when(check('switch'))
      .thenRefused('STEP_OUT_OF_ORDER', { next: 'stop' })
    const anyOrder: Fact = {
      type: 'PlanAdopted',
      data: { ...(runbookAttached.data as object as { name: string }), inOrder: false } as never,
    }
    given(declared, anyOrder).when(check('tell')).thenRecorded(checked('tell'))
  })

  test('again changes nothing; otherwise the last word counts', () => {
    const scene = given(...facts, skipped, checked('switch'))
    scene.when(check('switch')).thenNothing()
    scene
      .when(check('switch', 'DEVIATED', 'By hand'))
      .thenRecorded(checked('switch', 'DEVIATED', 'By hand'))
  })

  test('is about a step of a checklist of this incident', () => {
    given(...facts)
      .when(check('constructor'))
      .thenRefused('STEP_NOT_FOUND', { step: 'constructor' })
    given(...facts)
      .when({ ...check('stop'), data: { ...check('stop').data, checklistId: '__proto__' } })
      .thenRefused('CHECKLIST_NOT_FOUND')
    given(declared).when(check('stop')).thenRefused('CHECKLIST_NOT_FOUND')
    expect(given(declared).lists('CheckStep')).toBe(false)
  })

  test('did not happen before the step last changed', () =>
    given(...facts, { ...skipped, at: at('12:05') })
      .when(check('stop', 'SKIPPED', 'Otherwise'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))
})

describe('a step that needs approval', () => {
  test('is not done without it, as written or otherwise, but may be skipped', () => {
    const scene = given(...facts)
    scene.when(check('stop')).thenRefused('APPROVAL_REQUIRED', { step: 'stop' })
    scene.when(check('stop', 'DEVIATED', 'By hand')).thenRefused('APPROVAL_REQUIRED')
    scene.when(check('stop', 'SKIPPED', 'It stands')).thenRecorded(skipped)
  })

  test('is done after it, by another than who approved', () => {
    const scene = given(...facts, byBob(approved))
    scene.when(check('stop')).thenRecorded(checked('stop'))
    scene.when(check('stop'), 'bob').thenRefused('SAME_PERSON', { person: 'bob' })
  })

  test('is not done after a refusal, and says why', () =>
    given(...facts, byBob(refused))
      .when(check('stop'))
      .thenRefused('APPROVAL_REQUIRED', { refusedBecause: 'Not now' }))

  test('is done by anybody in history', () =>
    given(retrospective, runbookAttached).when(check('stop')).thenRecorded(checked('stop')))
})

describe('asking for approval', () => {
  test('asks somebody, or whoever comes, but never oneself', () => {
    given(...facts)
      .when(ask)
      .thenRecorded(asked)
    given(...facts)
      .when({ ...ask, data: { ...ask.data, of: 'bb' } })
      .thenRecorded({ ...asked, data: { ...asked.data, of: 'bob' } })
    given(...facts)
      .when({ ...ask, data: { ...ask.data, of: 'alice' } })
      .thenRefused('SAME_PERSON')
    given(...facts)
      .when({ ...ask, data: { ...ask.data, of: 'nobody' } })
      .thenRefused('UNKNOWN_PERSON')
  })

  test('again changes nothing until it was refused', () => {
    given(...facts, asked)
      .when(ask)
      .thenNothing()
    given(...facts, asked, byBob(refused))
      .when(ask)
      .thenRecorded(asked)
    const { state } = given(...facts, asked, byBob(refused), asked)
    expect(progressOf(state, ref('stop'))).not.toHaveProperty('approval')
  })

  test('is for what needs it and is not checked', () => {
    given(...facts)
      .when({ ...ask, data: ref('switch') })
      .thenRefused('NO_APPROVAL_NEEDED')
    const another = { ...runbookAttached, data: { ...runbookAttached.data, checklistId: 'b' } }
    given(...facts, another as unknown as Fact, skipped)
      .when(ask)
      .thenRefused('STEP_CHECKED', { outcome: 'SKIPPED' })
    given(...facts, skipped)
      .when(ask)
      .thenRefused('NO_APPROVAL_NEEDED')
  })
})

describe.each([approve, refuse] as const)('$type', command => {
  test('is a second person’s', () => {
    given(...facts, asked)
      .when(command, 'alice')
      .thenRefused('SAME_PERSON', { person: 'alice' })
    given(...facts, asked)
      .when(command, 'bob')
      .thenRecorded(command === approve ? approved : refused)
    given(...facts)
      .when(command, 'bob')
      .thenRecorded(command === approve ? approved : refused)
  })

  test('is not a key’s', () => {
    given(...facts)
      .when(command, { type: 'API_KEY', person: 'key' })
      .thenRefused('NOT_A_PERSON')
    expect(given(...facts).lists(command.type, { type: 'API_KEY', person: 'key' })).toBe(false)
  })

  test('again changes nothing', () => {
    // Another checklist, so that there is still something to approve.
    const another = { ...runbookAttached, data: { ...runbookAttached.data, checklistId: 'b' } }
    given(...facts, another as object as Fact, byBob(command === approve ? approved : refused))
      .when(command, 'bob')
      .thenNothing()
  })
})

test('what was refused may be approved after all', () =>
  given(...facts, byBob(refused))
    .when(approve, 'carol')
    .thenRecorded(approved))

test('the next step is the first that is not checked', () => {
  const next = (...since: Fact[]) => nextStep(given(...facts, ...since).state, checklistId)?.key
  expect(next()).toBe('stop')
  expect(next(skipped)).toBe('switch')
  expect(next(skipped, checked('switch'), checked('tell'))).toBeUndefined()
})

test('the timeline tells what became of the steps, and who agreed', () =>
  expect(
    given(
      ...facts,
      asked,
      { ...asked, data: { ...asked.data, of: 'carol' } },
      byBob(refused),
      byBob(approved),
      checked('stop'),
      checked('switch', 'DEVIATED', 'By hand'),
      skipped,
    )
      .tells()
      .slice(2),
  ).toEqual([
    'alice asked somebody to approve “Stop writing” of “Fail over”',
    'alice asked carol to approve “Stop writing” of “Fail over”',
    'bob did not approve “Stop writing” of “Fail over”: Not now',
    'bob approved “Stop writing” of “Fail over”',
    'alice did “Stop writing” of “Fail over”',
    'alice deviated from “Switch over” of “Fail over”: By hand',
    'alice skipped “Stop writing” of “Fail over”: It stands',
  ]))
