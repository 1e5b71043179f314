import { describe, expect, test } from '@jest/globals'
import type { ReferringEvents } from '../../src/incident/referring.js'
import type { RelationKind } from '../../src/incident/relation.js'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const note = (kind: RelationKind, holds: boolean, fromRevision = 3) =>
  ({ type: 'NoteCounterpart', data: { from: 'INC-2', fromRevision, kind, holds } }) as const
const by = { person: 'counterpart', type: 'TIMER' } as const
const data = { from: 'INC-2', fromRevision: 3 }

describe('what another incident says of this one', () => {
  test.each([
    ['MERGED', true, 'IncidentAbsorbed', {}],
    ['DUPLICATE', true, 'IncidentAbsorbed', { duplicate: true }],
    ['MERGED', false, 'IncidentReleased', {}],
    ['DUPLICATE', false, 'IncidentReleased', {}],
    ['CHILD', true, 'ChildAdded', {}],
    ['CHILD', false, 'ChildRemoved', {}],
    ['RELATED', true, 'RelationNoted', { kind: 'RELATED' }],
    ['CAUSED_BY', false, 'RelationDropped', { kind: 'CAUSED_BY' }],
  ] as const)('%s, %p, is noted as %s', (kind, holds, type, more) =>
    given(declared)
      .when(note(kind, holds), by)
      .thenRecorded({ type, data: { ...data, ...more } } as never),
  )

  test('is noted in any state, and before this was declared', () =>
    given({ ...declared, at: at('12:05') }, { type: 'IncidentCancelled', data: { reason: 'x' } })
      .when(note('CHILD', true), { ...by, claimed: at('11:00') })
      .thenOccurred(at('11:00')))

  test('is noted once, and not any more once a later word was', () => {
    const { when } = given(declared, { type: 'ChildAdded', data })
    when(note('CHILD', true), by).thenNothing()
    when(note('CHILD', true, 2), by).thenNothing()
    when(note('CHILD', false, 4), by).thenRecorded({
      type: 'ChildRemoved',
      data: { ...data, fromRevision: 4 },
    })
  })
})

test('what holds is remembered, of each incident and each kind', () => {
  const fact = (type: keyof ReferringEvents, fromRevision: number, more = {}) =>
    ({ type, data: { from: 'INC-2', fromRevision, ...more } }) as Fact
  const { now, noted } = given(
    declared,
    fact('ChildAdded', 1),
    fact('RelationNoted', 2, { kind: 'RELATED' }),
    fact('ChildRemoved', 3),
    fact('IncidentAbsorbed', 4, { duplicate: true }),
    fact('RelationNoted', 5, { kind: 'CAUSED_BY' }),
    fact('IncidentReleased', 6),
    fact('RelationDropped', 7, { kind: 'CAUSED_BY' }),
  ).state.referring
  expect(now.map(({ kind, from }) => [kind, from])).toEqual([['RELATED', 'INC-2']])
  expect([...noted]).toEqual([['INC-2', 7]])
})

test('the sentences', () =>
  expect(
    given(
      declared,
      { type: 'IncidentAbsorbed', data },
      { type: 'IncidentAbsorbed', data: { ...data, duplicate: true } },
      { type: 'IncidentReleased', data },
      { type: 'ChildAdded', data },
      { type: 'ChildRemoved', data },
      { type: 'RelationNoted', data: { ...data, kind: 'RELATED' } },
      { type: 'RelationDropped', data: { ...data, kind: 'CAUSED_BY' } },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'INC-2 was merged into this',
    'INC-2 is a duplicate of this',
    'INC-2 is an incident of its own again',
    'INC-2 became a part of this',
    'INC-2 is no longer a part of this',
    'INC-2 is related to this',
    'It was taken back that INC-2 was caused by this',
  ]))
