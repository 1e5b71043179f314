import { expect, test } from '@jest/globals'
import { declared, otherId } from '../support/facts.js'
import { type Fact, given } from '../support/given.js'

const relate = { type: 'RelateIncident', data: { to: otherId, kind: 'CAUSED_BY' } } as const
const unrelate = { ...relate, type: 'UnrelateIncident' } as const
const said: Fact = { type: 'IncidentRelated', data: { to: otherId, kind: 'CAUSED_BY' } }
const takenBack: Fact = { ...said, type: 'IncidentUnrelated' }

test('an incident has to do with another, in each way once', () => {
  given(declared).when(relate).thenRecorded(said)
  given(declared, said).when(relate).thenNothing()
  given(declared, { ...said, data: { to: otherId, kind: 'RELATED' } } as Fact)
    .when(relate)
    .thenRecorded(said)
  given(declared, said, takenBack).when(relate).thenRecorded(said)
})

test('what was said can be taken back, and what was not cannot', () => {
  given(declared, said).when(unrelate).thenRecorded(takenBack)
  given(declared).when(unrelate).thenNothing()
  given(declared, said, takenBack).when(unrelate).thenNothing()
})

test('with exercises and with what was none too', () =>
  given(declared)
    .when(relate, { other: { mode: 'DRILL', status: 'CANCELLED' } })
    .thenRecorded(said))

test.each([
  ['what is not there, or may not be seen', null, 'INCIDENT_NOT_FOUND'],
  ['itself', { isSelf: true }, 'SAME_INCIDENT'],
] as const)('but not with %s', (_, other, code) => {
  given(declared).when(relate, { other }).thenRefused(code)
  given(declared, said).when(unrelate, { other }).thenRefused(code)
})

test('the sentences', () =>
  expect(given(declared, said, takenBack).tells().slice(1)).toEqual([
    `alice noted that this was caused by ${otherId}`,
    `alice took back that this was caused by ${otherId}`,
  ]))
