import { describe, expect, test } from '@jest/globals'
import type { FieldValue } from '../../src/incident/custom-field.js'
import { ERASED } from '../../src/decider/facet.js'
import { aliceCommands, declared, into, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'
import { policy, settledBy } from '../support/policy.js'

const who = { policy }
const set = (...fields: [key: string, value: FieldValue][]) =>
  ({
    type: 'SetCustomFields',
    data: { fields: fields.map(([key, value]) => ({ key, value })) },
  }) as const
const was = (key: string, value: FieldValue, time = '12:00') =>
  ({ type: 'CustomFieldSet', data: { key, name: `The ${key}`, ...value }, at: at(time) }) as const
const recorded = (key: string, value: FieldValue) => {
  const { type, data } = was(key, value)
  return { type, data }
}
const clear = (key: string) => ({ type: 'ClearCustomField', data: { key } }) as const
const cleared = (key: string, time = '12:00') =>
  ({ type: 'CustomFieldCleared', data: { key, name: `The ${key}` }, at: at(time) }) as const
const close = { type: 'CloseIncident', data: {} } as const

describe('filling in', () => {
  test('is anybody’s; each field is an event that says how it is called', () =>
    given(declared)
      .when(set(['cause', { text: 'A lock' }], ['contact', { person: 'bb' }]), {
        ...who,
        person: 'carol',
      })
      .thenRecorded(
        recorded('cause', { text: 'A lock' }),
        recorded('contact', { person: 'bob' }) as never,
      ))

  test('records what differs alone', () => {
    given(declared, was('cause', { text: 'A lock' }), was('affected', { number: 7 }))
      .when(set(['cause', { text: 'A lock' }], ['affected', { number: 8 }]), who)
      .thenRecorded(recorded('affected', { number: 8 }))
    given(declared, was('channels', { options: ['web', 'app'] }))
      .when(set(['channels', { options: ['app', 'web'] }]), who)
      .thenNothing()
  })

  test('is refused as a whole for one value that does not fit', () => {
    given(declared)
      .when(set(['cause', { text: 'A lock' }], ['affected', { text: 'many' }]), who)
      .thenRefused('FIELD_TYPE', { key: 'affected', type: 'NUMBER' })
    given(declared)
      .when(set(['old', { text: 'x' }]), who)
      .thenRefused('FIELD_RETIRED', { key: 'old' })
  })

  test('gives each field one value', () =>
    given(declared)
      .when(set(['cause', { text: 'a' }], ['cause', { text: 'b' }]), who)
      .thenRefused('INVALID_INPUT', { fields: ['fields'] }))

  test('did not happen before the same field was last set, whatever befell others', () => {
    const facts = [declared, was('cause', { text: 'a' }, '12:05'), cleared('public', '12:08')]
    given(...facts)
      .when(set(['cause', { text: 'b' }]), { ...who, claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(...facts)
      .when(set(['affected', { number: 1 }]), { ...who, claimed: at('12:04') })
      .thenOccurred(at('12:04'))
  })
})

describe('clearing', () => {
  test('what was set is recorded, and once', () => {
    given(declared, was('cause', { text: 'a' }))
      .when(clear('cause'), who)
      .thenRecorded({ type: 'CustomFieldCleared', data: { key: 'cause', name: 'The cause' } })
    for (const facts of [[], [was('cause', { text: 'a' }), cleared('cause')]])
      given(declared, ...facts)
        .when(clear('cause'), who)
        .thenNothing()
  })

  test('is for fields that there are; of a retired one, for what it still says', () => {
    given(declared).when(clear('nothing'), who).thenRefused('UNKNOWN_FIELD')
    given(declared, was('old', { text: 'a' }))
      .when(clear('old'), who)
      .thenRecorded({ type: 'CustomFieldCleared', data: { key: 'old', name: 'The old' } })
  })
})

describe('a required field', () => {
  const [first, resolved] = into.RESOLVED as [Fact, Fact]
  const filled = was('public', { boolean: false })

  test('is filled in before an incident is closed, from whatever state, and closing is not offered before', () => {
    for (const facts of [
      [first, resolved],
      [declared, aliceCommands],
    ]) {
      const scene = given(...facts)
      scene.when(close, who).thenRefused('FIELDS_REQUIRED', { fields: ['public'] })
      expect(scene.lists('CloseIncident', who)).toBe(false)
      expect(given(...facts, filled).lists('CloseIncident', who)).toBe(true)
    }
    given(first, resolved, filled)
      .when(close, who)
      .thenRecorded({ type: 'IncidentClosed', data: { openConcerns: 0 } })
    given(first, resolved, filled, cleared('public'))
      .when(close, who)
      .thenRefused('FIELDS_REQUIRED')
  })

  test('keeps nobody from resolving, and nothing from being history', () => {
    given(declared)
      .when({ type: 'ResolveIncident', data: { summary: 'Fixed' } }, who)
      .thenRecorded({ type: 'IncidentResolved', data: { summary: 'Fixed' } })
    given(retrospective, resolved)
      .when(close, who)
      .thenRecorded({ type: 'IncidentClosed', data: { openConcerns: 0 } })
  })

  test('that is retired, or that became one after the end, asks nothing', () => {
    const retired = settledBy(
      {
        type: 'CustomFieldDefined',
        data: { key: 'a', name: 'A', type: 'TEXT', required: true },
      },
      { type: 'CustomFieldRetired', data: { key: 'a' } },
    )
    given(first, resolved)
      .when(close, { policy: retired })
      .thenRecorded({ type: 'IncidentClosed', data: { openConcerns: 0 } })
    given(...into.CLOSED)
      .when(close, who)
      .thenNothing()
  })
})

test('the timeline tells each value in words, and an erased one too', () =>
  expect(
    given(
      declared,
      was('cause', { text: 'A lock' }),
      was('affected', { number: 0 }),
      was('public', { boolean: true }),
      was('public', { boolean: false }),
      was('since', { date: '2026-01-31' }),
      was('region', { option: 'Asia' }),
      was('channels', { options: ['web', 'app'] }),
      was('channels', { options: ERASED as never }),
      was('contact', { person: 'bob' }),
      was('report', { link: 'https://example.org/1' }),
      cleared('report'),
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice set “The cause” to “A lock”',
    'alice set “The affected” to 0',
    'alice set “The public” to yes',
    'alice set “The public” to no',
    'alice set “The since” to 2026-01-31',
    'alice set “The region” to “Asia”',
    'alice set “The channels” to “web”, “app”',
    'alice set “The channels” to nothing',
    'alice set “The contact” to bob',
    'alice set “The report” to https://example.org/1',
    'alice cleared “The report”',
  ]))
