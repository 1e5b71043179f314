import { describe, expect, test } from '@jest/globals'
import type { Decide, DecisionOutcome } from '../../src/incident/decisions.js'
import {
  aliceCommands,
  alicesProposal,
  decidedAtOnce,
  declared,
  proposalId,
} from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const decide = (data: Decide) => ({ type: 'Decide', data }) as const
const approve = decide({ proposalId, outcome: 'APPROVE' })
const decided = (outcome: DecisionOutcome, rest: object = {}) =>
  ({
    type: 'DecisionMade',
    data: { proposalId, outcome, objectionsHeard: 0, overruled: false, ...rest },
  }) as const
const objected = (strong: boolean): Fact => ({
  type: 'ObjectionRaised',
  data: { proposalId, strong, reason: 'It is slow' },
  by: 'carol',
  at: at('12:05'),
})
const bobs: Fact = { ...alicesProposal, by: 'bob' }
const reverse = (eventId = 'event-2') =>
  ({ type: 'ReverseDecision', data: { eventId, reason: 'It got worse' } }) as const
const reversed: Fact = {
  type: 'DecisionReversed',
  data: { eventId: 'event-2', reason: 'It got worse' },
  at: at('12:08'),
}

describe('hearing no objection, the commander', () => {
  const scene = given(declared, aliceCommands, bobs)

  test.each<[DecisionOutcome, object]>([
    ['APPROVE', {}],
    ['REJECT', { rationale: 'Too late' }],
    ['WITHDRAW', {}],
  ])('decides: %s', (outcome, rest) =>
    scene.when(decide({ proposalId, outcome, ...rest })).thenRecorded(decided(outcome, rest)),
  )

  test('says why they reject', () =>
    scene
      .when(decide({ proposalId, outcome: 'REJECT' }))
      .thenRefused('REASON_REQUIRED', { field: 'rationale' }))

  test('need not wait until the poll ends, and may decide after it', () => {
    scene.when(approve, { clock: at('12:11') }).thenOccurred(at('12:11'))
    scene.when(approve, { clock: at('13:00') }).thenOccurred(at('13:00'))
  })
})

describe('objections', () => {
  const heard = (...strong: boolean[]) =>
    given(declared, aliceCommands, bobs, ...strong.map(objected))

  test('that are not strong are heard, and overrule nobody', () =>
    heard(false, false)
      .when(approve)
      .thenRecorded(decided('APPROVE', { objectionsHeard: 2 })))

  test('that are strong are overruled with a reason, on record', () => {
    heard(false, true).when(approve).thenRefused('REASON_REQUIRED', { field: 'rationale' })
    heard(false, true)
      .when(decide({ proposalId, outcome: 'APPROVE', rationale: 'We must' }))
      .thenRecorded(
        decided('APPROVE', { rationale: 'We must', objectionsHeard: 2, overruled: true }),
      )
  })

  test('that are strong are not overruled where they are followed', () => {
    heard(true)
      .when(decide({ proposalId, outcome: 'REJECT', rationale: 'As Carol says' }))
      .thenRecorded(decided('REJECT', { rationale: 'As Carol says', objectionsHeard: 1 }))
    heard(true)
      .when(decide({ proposalId, outcome: 'WITHDRAW' }), 'bob')
      .thenRecorded(decided('WITHDRAW', { objectionsHeard: 1 }))
  })

  test('were heard before the decision', () =>
    heard(true)
      .when(decide({ proposalId, outcome: 'APPROVE', rationale: 'x' }), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))
})

describe('who is not in command', () => {
  const scene = given(declared, aliceCommands, bobs)

  test('withdraws what they proposed, and decides nothing else', () => {
    scene.when(decide({ proposalId, outcome: 'WITHDRAW' }), 'bob').thenRecorded(decided('WITHDRAW'))
    scene.when(approve, 'bob').thenRefused('NOT_COMMANDER')
    scene.when(decide({ text: 'Wait', outcome: 'APPROVE' }), 'bob').thenRefused('NOT_COMMANDER')
    scene.when(decide({ proposalId, outcome: 'WITHDRAW' }), 'carol').thenRefused('NOT_COMMANDER')
  })

  test('is offered to decide only if they have something to withdraw', () => {
    expect(['alice', 'bob', 'carol'].map(who => scene.lists('Decide', who))).toEqual([
      true,
      true,
      false,
    ])
    const over = given(declared, aliceCommands, bobs, decided('WITHDRAW'))
    expect(over.lists('Decide', 'bob')).toBe(false)
  })

  test('decides while nobody is', () =>
    given(declared, bobs).when(approve, 'carol').thenRecorded(decided('APPROVE')))
})

describe('what nobody had proposed', () => {
  const scene = given(declared, aliceCommands)
  const made = (rest: object) =>
    ({ type: 'DecisionMade', data: { objectionsHeard: 0, overruled: false, ...rest } }) as never

  test('is decided all the same, and again', () => {
    const text = 'Roll back'
    scene
      .when(decide({ text, outcome: 'APPROVE' }))
      .thenRecorded(made({ text, outcome: 'APPROVE' }))
    given(declared, decidedAtOnce)
      .when(decide({ text, outcome: 'REJECT', rationale: 'Too late' }))
      .thenRecorded(made({ text, outcome: 'REJECT', rationale: 'Too late' }))
    scene.when(decide({ text, outcome: 'REJECT' })).thenRefused('REASON_REQUIRED')
  })

  test('is not withdrawn', () =>
    scene
      .when(decide({ text: 'x', outcome: 'WITHDRAW' }))
      .thenRefused('INVALID_INPUT', { fields: ['outcome'] }))
})

test.each([{}, { proposalId, text: 'Fail over' }])(
  'a decision is on a proposal or on its own words: %j',
  what =>
    given(declared, alicesProposal)
      .when(decide({ ...what, outcome: 'APPROVE' }))
      .thenRefused('INVALID_INPUT', { fields: ['proposalId', 'text'] }),
)

test.each(['0198c0de-0000-7000-8000-00000000000d', 'constructor'])(
  'nothing is decided on what was not proposed: %s',
  proposalId =>
    given(declared, alicesProposal)
      .when(decide({ proposalId, outcome: 'APPROVE' }))
      .thenRefused('PROPOSAL_NOT_FOUND', { proposalId }),
)

describe('what is decided', () => {
  const scene = given(declared, aliceCommands, alicesProposal, decided('APPROVE'))

  test('is so, and is not decided otherwise', () => {
    scene.when(approve).thenNothing()
    scene
      .when(decide({ proposalId, outcome: 'REJECT', rationale: 'x' }))
      .thenRefused('PROPOSAL_DECIDED', { eventId: 'event-3' })
  })

  test('is reversed by the commander, once, with a reason', () => {
    scene.when(reverse('event-3'), 'bob').thenRefused('NOT_COMMANDER')
    scene
      .when(reverse('event-3'))
      .thenRecorded({ type: 'DecisionReversed', data: reverse('event-3').data })
    given(declared, alicesProposal, decided('APPROVE'), reversed).when(reverse()).thenNothing()
  })

  test('and reversed, is proposed anew', () => {
    const scene = given(declared, alicesProposal, decided('APPROVE'), reversed)
    scene.when(approve).thenRefused('PROPOSAL_DECIDED')
    expect(scene.state.decisions.made.get('event-2')?.reversed).toEqual({
      by: { type: 'USER', id: 'alice' },
      at: at('12:08'),
      reason: 'It got worse',
    })
  })

  test('is not reversed before it was decided', () =>
    given(declared, { ...decidedAtOnce, at: at('12:05') })
      .when(reverse('event-1'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test.each(['event-0', 'event-9', 'constructor'])('is nothing under %s', eventId =>
    scene.when(reverse(eventId)).thenRefused('DECISION_NOT_FOUND', { eventId }),
  )

  test('is there before anything is reversed', () => {
    given(declared).when(reverse()).thenRefused('DECISION_NOT_FOUND')
    expect(given(declared).lists('ReverseDecision')).toBe(false)
  })
})

test('an incident holds a thousand decisions', () => {
  const full = given(declared, ...Array.from({ length: 1000 }, () => decidedAtOnce))
  full.when(decide({ text: 'x', outcome: 'APPROVE' })).thenRefused('LIMIT_REACHED')
  expect(full.lists('Decide')).toBe(false)
})

test('the timeline tells what was decided, on whose word against it, and what stands no longer', () =>
  expect(
    given(
      declared,
      alicesProposal,
      decided('APPROVE', { objectionsHeard: 2, overruled: true, rationale: 'We must' }),
      decided('REJECT', { objectionsHeard: 1, rationale: 'Too late' }),
      decided('WITHDRAW', { objectionsHeard: 2 }),
      decidedAtOnce,
      decided('APPROVE', { proposalId: 'gone' }),
      reversed,
      { ...reversed, data: { eventId: 'event-5', reason: 'It got worse' } },
      { ...reversed, data: { eventId: 'gone', reason: 'It got worse' } },
    )
      .tells()
      .slice(2),
  ).toEqual([
    'alice approved “Fail over”, overruling a strong objection: We must',
    'alice rejected “Fail over”, having heard an objection: Too late',
    'alice withdrew “Fail over”, having heard 2 objections',
    'alice decided: Roll back',
    'alice approved a proposal',
    'alice reversed the decision on “Fail over”: It got worse',
    'alice reversed the decision on “Roll back”: It got worse',
    'alice reversed a decision: It got worse',
  ]))
