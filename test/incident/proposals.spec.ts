import { describe, expect, test } from '@jest/globals'
import { pendingDecisions } from '../../src/incident/proposal.js'
import { alicesProposal, aliceCommands, declared, into, proposalId } from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'

const propose = (rest: object = {}) => ({
  type: 'ProposeAction' as const,
  data: { text: 'Fail over', risks: ['Lost orders'], pollMinutes: 5, ...rest },
})
const object = (rest: object = {}) => ({
  type: 'RaiseObjection' as const,
  data: { proposalId, strong: false, reason: 'It is slow', ...rest },
})
const objected = (strong: boolean, rest: Partial<Fact> = {}): Fact =>
  ({
    type: 'ObjectionRaised',
    data: { proposalId, strong, reason: 'It is slow' },
    by: 'bob',
    ...rest,
  }) as Fact
const approved: Fact = {
  type: 'DecisionMade',
  data: { proposalId, outcome: 'APPROVE', objectionsHeard: 0, overruled: false },
}
const scene = given(declared, aliceCommands, alicesProposal)

test('anybody proposes, and says until when objections are heard', () => {
  const data = { proposalId: newId, text: 'Fail over', risks: ['Lost orders'] }
  given(declared, aliceCommands)
    .when(propose(), 'bob')
    .thenRecorded({ type: 'ActionProposed', data: { ...data, decideBy: at('12:15') } })
  given(declared)
    .when(propose({ risks: [], affects: 'Checkout' }), { type: 'API_KEY', person: 'key' })
    .thenRecorded({
      type: 'ActionProposed',
      data: { ...data, risks: [], affects: 'Checkout', decideBy: at('12:15') },
    })
})

test('the poll runs from when it was proposed, also if that is claimed', () => {
  const { events } = given(declared)
    .when(propose({ pollMinutes: 20 }), { claimed: at('12:05') })
    .outcome()
  expect(events).toMatchObject([{ data: { decideBy: at('12:25') } }])
})

describe('an objection', () => {
  test('is anybody’s, strong or not', () => {
    for (const strong of [true, false])
      scene
        .when(object({ strong }), 'bob')
        .thenRecorded({ type: 'ObjectionRaised', data: { ...object().data, strong } })
  })

  test('is heard once, also if it comes again after the poll', () => {
    const heard = given(declared, alicesProposal, objected(false))
    heard.when(object(), 'bob').thenNothing()
    heard.when(object(), { person: 'bob', clock: at('12:30') }).thenNothing()
    heard.when(object({ strong: true }), 'bob').thenRecorded({
      type: 'ObjectionRaised',
      data: { ...object().data, strong: true },
    })
    expect(heard.when(object(), 'carol').outcome().events).toHaveLength(1)
  })

  test.each([
    [at('12:15'), true],
    [at('12:16'), false],
  ])('at %s, with a poll until 12:15, is heard: %s', (clock, isHeard) => {
    const outcome = scene.when(object(), { person: 'bob', clock })
    if (isHeard) expect(outcome.outcome().events).toHaveLength(1)
    else outcome.thenRefused('POLL_CLOSED', { decideBy: at('12:15') })
  })

  test('that was raised in time may be put on record after the poll', () =>
    scene
      .when(object(), { person: 'bob', clock: at('12:40'), claimed: at('12:12') })
      .thenOccurred(at('12:12')))

  test('needs a proposal that waits', () => {
    scene.when(object({ proposalId: newId })).thenRefused('PROPOSAL_NOT_FOUND')
    given(declared).when(object()).thenRefused('PROPOSAL_NOT_FOUND')
    expect(given(declared).lists('RaiseObjection')).toBe(false)
    given(declared, alicesProposal, approved)
      .when(object())
      .thenRefused('PROPOSAL_DECIDED', { eventId: 'event-2' })
  })

  test('never precedes the proposal', () =>
    scene
      .when(object(), { claimed: at('11:59') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:00') }))

  test('is one of at most fifty', () =>
    given(
      declared,
      alicesProposal,
      ...Array.from({ length: 50 }, (_, n) => objected(false, { by: `somebody-${n}` })),
    )
      .when(object())
      .thenRefused('LIMIT_REACHED'))
})

test('an incident holds five hundred proposals', () => {
  const full = given(
    declared,
    ...Array.from({ length: 500 }, (_, n): Fact => ({
      type: 'ActionProposed',
      data: { proposalId: `id-${n}`, text: 'x', risks: [], decideBy: at('12:15') },
    })),
  )
  full.when(propose()).thenRefused('LIMIT_REACHED')
  expect(full.lists('ProposeAction')).toBe(false)
})

test('proposals wait for a decision while the response runs, and only then', () => {
  const waiting = Object.entries(into).map(([status, [first, ...moves]]) => [
    status,
    pendingDecisions(given(first, alicesProposal, ...moves).state).length,
  ])
  expect(Object.fromEntries(waiting)).toEqual({
    TRIAGE: 1,
    ACTIVE: 1,
    MITIGATED: 1,
    RESOLVED: 0,
    POST_INCIDENT: 0,
    CLOSED: 0,
    CANCELLED: 0,
    DECLINED: 0,
    MERGED: 0,
  })
  expect(pendingDecisions(given(declared, alicesProposal, approved).state)).toEqual([])
})

test('the timeline tells what was proposed at what risk, and who objected', () =>
  expect(
    given(
      declared,
      alicesProposal,
      {
        type: 'ActionProposed',
        data: {
          ...propose({ risks: [] }).data,
          affects: 'Checkout',
          proposalId: newId,
          decideBy: at('12:15'),
        } as never,
      },
      objected(true),
      objected(false, { data: { proposalId: 'gone', strong: false, reason: 'It is slow' } }),
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice proposed “Fail over” at the risk of: Lost orders; objections are heard until 2026-01-01 12:15 UTC',
    'alice proposed “Fail over”, naming no risk; it affects Checkout; objections are heard until 2026-01-01 12:15 UTC',
    'bob objected strongly to “Fail over”: It is slow',
    'bob objected to a proposal: It is slow',
  ]))
