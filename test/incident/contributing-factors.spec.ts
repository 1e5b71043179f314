import { expect, test } from '@jest/globals'
import { NotAuthorised } from '../../src/decider/facet.js'
import { aliceCommands, declared, into, retrospective, theImport } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const record = (statement = 'The disk was full') =>
  ({ type: 'RecordContributingFactor', data: { category: 'CAPACITY', statement } }) as const
const recorded = (statement = 'The disk was full') =>
  ({ type: 'ContributingFactorRecorded', data: { category: 'CAPACITY', statement } }) as const
const mitigated: Fact = { type: 'IncidentMitigated', data: { summary: 'Rolled back' } }
const carolLeft: Fact[] = [
  { type: 'ResponderJoined', data: { person: 'carol' } },
  { type: 'ResponderLeft', data: { person: 'carol' } },
]

test.each(['TRIAGE', 'ACTIVE'] as const)('in %s nobody asks what led to it', status => {
  const scene = given(...into[status])
  scene.when(record()).thenRefused('TOO_EARLY', { status })
  expect(() => scene.when(record()).outcome()).toThrow(NotAuthorised)
  scene.when(record(), { overrides: true }).thenRecorded(recorded())
})

test('once it is mitigated anybody says so, once; in history at any time', () => {
  given(declared, mitigated).when(record(), 'bob').thenRecorded(recorded())
  given(declared, mitigated, recorded()).when(record()).thenNothing()
  given(retrospective).when(record()).thenRecorded(recorded())
  given(retrospective)
    .when(record(), { claimed: at('11:00') })
    .thenOccurred(at('11:00'))
})

test('in history too it was nobody who had a part in it', () =>
  given(retrospective, aliceCommands).when(record('It was Alice A.')).thenRefused('NAMED_PERSON'))

test.each([
  ['It was alice', true],
  ['ALICE forgot', true],
  ['Nobody told Alice  A., who waited', true],
  ['carol had gone', true],
  ['bob was not there at all', false],
  ['The malice of fate', false],
])('that %j names somebody who had a part in it: %s', (statement, isNamed) => {
  const outcome = given(declared, aliceCommands, ...carolLeft, mitigated).when(record(statement))
  if (isNamed) outcome.thenRefused('NAMED_PERSON')
  else outcome.thenRecorded(recorded(statement))
})

test('a hundred are held, and told', () => {
  const all = Array.from({ length: 100 }, (_, n) => recorded(`The disk was full ${n}`))
  const full = given(declared, mitigated, ...all)
  full.when(record()).thenRefused('LIMIT_REACHED')
  expect(full.lists('RecordContributingFactor')).toBe(false)
  expect(full.tells().at(-1)).toBe('alice recorded what contributed to it: The disk was full 99')
})

test('what the import tells, nobody is said to have recorded', () =>
  expect(
    given(retrospective, { ...recorded(), by: theImport })
      .tells()
      .at(-1),
  ).toBe('Contributing factor: The disk was full'))
