import { describe, expect, test } from '@jest/globals'
import {
  aliceCommands,
  declared,
  inTriage,
  mergedThere,
  offeredToBob,
  otherId,
} from '../support/facts.js'
import { at, given } from '../support/given.js'

const merge = { type: 'MergeIncident', data: { into: otherId } } as const
const mark = { type: 'MarkDuplicate', data: { of: otherId, reason: 'Same alert' } } as const
const unmerge = { type: 'UnmergeIncident', data: { reason: 'Two causes' } } as const

describe('an incident that is merged', () => {
  test('goes on in the other', () =>
    given(declared)
      .when(merge)
      .thenRecorded({ type: 'IncidentMerged', data: { into: otherId } }))

  test('is a duplicate, if it was the same from the start', () =>
    given(declared)
      .when(mark)
      .thenRecorded({
        type: 'IncidentMerged',
        data: { into: otherId, duplicate: true, reason: 'Same alert' },
      }))

  test('has no offer of command left', () =>
    given(declared, aliceCommands, offeredToBob)
      .when(merge)
      .thenRecorded(
        { type: 'IncidentMerged', data: { into: otherId } },
        { type: 'HandoffVoided', data: { to: 'bob' } },
      ))

  test('is merged there once, and nowhere else until it is separated', () => {
    const { when } = given(declared, mergedThere)
    when(merge).thenNothing()
    when(mark).thenNothing()
    when(merge, { other: { id: 'elsewhere' } }).thenRefused('INVALID_TRANSITION', {
      status: 'MERGED',
    })
  })

  test('is not said to be in one that is not there, or may not be seen', () => {
    const { when, lists } = given(declared, mergedThere)
    for (const command of [merge, mark])
      when(command, { other: null }).thenRefused('INCIDENT_NOT_FOUND')
    expect(lists('MergeIncident')).toBe(false)
  })

  test('cannot be reopened, for its response is not over', () =>
    given(declared, mergedThere)
      .when({ type: 'ReopenIncident', data: { reason: 'x' } })
      .thenRefused('INVALID_TRANSITION', { status: 'MERGED' }))

  test('may still be told about', () =>
    given(declared, mergedThere)
      .when({ type: 'RecordObservation', data: { text: 'It was the lock' } })
      .thenRecorded({ type: 'ObservationRecorded', data: { text: 'It was the lock' } }))

  test('takes nobody in and sets no timer off', () =>
    given(declared, mergedThere)
      .when({ type: 'JoinIncident', data: {} })
      .thenRefused('INCIDENT_NOT_ACTIVE', { status: 'MERGED' }))
})

describe('an incident is not merged', () => {
  test.each([
    ['one that is not there, or may not be seen', null, 'INCIDENT_NOT_FOUND'],
    ['itself', { isSelf: true }, 'SAME_INCIDENT'],
    ['one that is merged', { status: 'MERGED' }, 'OTHER_DISMISSED'],
    ['one that was none', { status: 'CANCELLED' }, 'OTHER_DISMISSED'],
    ['one that was declined', { status: 'DECLINED' }, 'OTHER_DISMISSED'],
    ['an exercise', { mode: 'DRILL' }, 'MODE_MISMATCH'],
    ['one to which two hundred refer', { hasRoom: false }, 'LIMIT_REACHED'],
  ] as const)('into %s', (_, other, code) => {
    given(declared).when(merge, { other }).thenRefused(code)
    given(declared).when(mark, { other }).thenRefused(code)
  })

  test('before it happened', () =>
    given(declared, { type: 'IncidentMitigated', data: { summary: 'x' }, at: at('12:05') })
      .when(merge, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST'))
})

test('one that is over is a good place to go on: duplicates are often noticed late', () =>
  given(declared)
    .when(mark, { other: { status: 'CLOSED' } })
    .thenRecorded({
      type: 'IncidentMerged',
      data: { into: otherId, duplicate: true, reason: 'Same alert' },
    }))

describe('separated again', () => {
  test('it is where it was before it was merged', () => {
    const { when, state } = given(inTriage, mergedThere, {
      type: 'IncidentUnmerged',
      data: { into: otherId, reason: 'Two causes' },
    })
    expect(state.lifecycle.status).toBeNull()
    when({ type: 'ActivateIncident', data: {} }).thenRecorded({
      type: 'IncidentActivated',
      data: {},
    })
    when(merge, { other: { id: 'elsewhere' } }).thenRecorded({
      type: 'IncidentMerged',
      data: { into: 'elsewhere' },
    })
  })

  test('it says of which', () =>
    given(declared, mergedThere)
      .when(unmerge)
      .thenRecorded({ type: 'IncidentUnmerged', data: { into: otherId, reason: 'Two causes' } }))

  test('it cannot have been before it was merged', () =>
    given(declared, { ...mergedThere, at: at('12:05') })
      .when(unmerge, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST'))
})

test('in a circle that merge is undone, and no other', () => {
  const { when } = given(declared, mergedThere)
  when({ type: 'BreakMerge', data: { eventId: 'event-1' } }).thenRecorded({
    type: 'IncidentUnmerged',
    data: { into: otherId, circle: true },
  })
  when({ type: 'BreakMerge', data: { eventId: 'event-0' } }).thenNothing()
})

test('the sentences', () =>
  expect(
    given(
      declared,
      { type: 'IncidentMerged', data: { into: 'INC-2', reason: 'One cause' } },
      { type: 'IncidentUnmerged', data: { into: 'INC-2', reason: 'Two causes' } },
      { type: 'IncidentMerged', data: { into: 'INC-3', duplicate: true } },
      { type: 'IncidentUnmerged', data: { into: 'INC-3', circle: true } },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice merged this into INC-2: One cause',
    'alice separated this from INC-2 again: Two causes',
    'alice marked this as a duplicate of INC-3',
    'This stays an incident of its own: it and INC-3 were merged in a circle',
  ]))
