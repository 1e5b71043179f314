import { describe, expect, test } from '@jest/globals'
import { declared, observed } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Typo'
const eventId = 'event-1'
const facts = [declared, observed] as const
const correct = (data: object, id = eventId) =>
  ({ type: 'CorrectEntry', data: { eventId: id, reason, ...data } }) as const
const corrected = (data: object, time = '12:00') =>
  ({ type: 'EntryCorrected', data: { eventId, reason, ...data }, at: at(time) }) as Fact & {
    type: 'EntryCorrected'
  }
const written = (data: object) =>
  ({ type: 'EntryCorrected', data: { eventId, reason, ...data } }) as Fact & {
    type: 'EntryCorrected'
  }
const retract = (id = eventId) => ({ type: 'RetractEntry', data: { eventId: id, reason } }) as const
const retracted: Fact = { type: 'EntryRetracted', data: { eventId, reason } }
const record = { type: 'RecordObservation', data: { text: 'Errors rise' } } as const
const recordedOne = { type: 'ObservationRecorded', data: { text: 'Errors rise' } } as const

describe('an observation', () => {
  test('is anybody’s, a key’s and the system’s too', () => {
    for (const who of ['carol', { type: 'API_KEY', person: 'k' }, { type: 'SYSTEM' }] as const)
      given(declared).when(record, who).thenRecorded(recordedOne)
  })

  test('carries its evidence, if there is any', () => {
    const evidence = [{ url: 'https://example.com', label: 'Graph' }]
    given(declared)
      .when({ type: 'RecordObservation', data: { text: 'x', evidence } })
      .thenRecorded({ type: 'ObservationRecorded', data: { text: 'x', evidence } })
    given(declared)
      .when({ type: 'RecordObservation', data: { text: 'x', evidence: [] } })
      .thenRecorded({ type: 'ObservationRecorded', data: { text: 'x' } })
  })

  test('may be of any time before now, also before the incident and what was last seen', () => {
    given(declared, { ...observed, at: at('12:05') })
      .when(record, { claimed: at('03:00') })
      .thenOccurred(at('03:00'))
    given(declared)
      .when(record, { claimed: at('12:12') })
      .thenRefused('OCCURRED_IN_FUTURE')
  })

  test('made twice was made twice', () => {
    given(...facts)
      .when(record)
      .thenRecorded(recordedOne)
    expect(given(...facts, observed).state.notes.observations).toBe(2)
  })
})

describe('a correction', () => {
  test.each([
    { text: 'Errors fall' },
    { occurredAt: at('11:50') },
    { occurredAt: at('11:50'), timing: 'APPROXIMATE' },
    { timing: 'UNKNOWN' },
    { text: 'Errors fall', occurredAt: at('11:50') },
  ])('says what is right: %j', data =>
    given(...facts)
      .when(correct(data), 'carol')
      .thenRecorded(written(data)),
  )

  test.each<[object, object]>([
    [{ text: 'Errors fall' }, { text: 'Errors fall' }],
    [{ occurredAt: at('11:50') }, { occurredAt: at('11:50') }],
    [
      { occurredAt: at('11:50'), timing: 'UNKNOWN' },
      { occurredAt: at('11:50'), timing: 'UNKNOWN' },
    ],
    [{ occurredAt: at('11:50'), timing: 'UNKNOWN' }, { timing: 'UNKNOWN' }],
    [{ text: 'Errors fall', occurredAt: at('11:50') }, { occurredAt: at('11:50') }],
  ])('of %j by %j changes nothing', (before, data) =>
    given(...facts, corrected(before))
      .when(correct(data))
      .thenNothing(),
  )

  test.each<[object, object]>([
    [{ text: 'Errors fall' }, { text: 'Errors stay' }],
    [{ text: 'Errors fall' }, { text: 'Errors fall', timing: 'UNKNOWN' }],
    [{ occurredAt: at('11:50'), timing: 'APPROXIMATE' }, { occurredAt: at('11:50') }],
    [{ timing: 'APPROXIMATE' }, { timing: 'UNKNOWN' }],
  ])('of %j by %j changes something', (before, data) =>
    given(...facts, corrected(before))
      .when(correct(data))
      .thenRecorded(written(data)),
  )

  test('adds to the ones before; an exact time ends an approximate one', () => {
    const amended = (...since: Fact[]) => given(...facts, ...since).state.notes.amended.get(eventId)
    const time = corrected({ occurredAt: at('11:50'), timing: 'APPROXIMATE' })
    expect(amended(time, corrected({ text: 'Errors fall' }, '12:01'))).toEqual({
      text: 'Errors fall',
      occurredAt: at('11:50'),
      timing: 'APPROXIMATE',
      changedAt: at('12:01'),
    })
    expect(amended(time, corrected({ occurredAt: at('11:51') }))).toEqual({
      occurredAt: at('11:51'),
      changedAt: at('12:00'),
    })
  })

  test('of nothing is refused', () =>
    given(...facts)
      .when(correct({}))
      .thenRefused('INVALID_INPUT', { fields: ['text', 'occurredAt'] }))

  test('of words is for observations, of times for every entry', () => {
    given(...facts)
      .when(correct({ text: 'x' }, 'event-0'))
      .thenRefused('NOT_AN_OBSERVATION', { eventId: 'event-0' })
    given(...facts)
      .when(correct({ occurredAt: at('11:50') }, 'event-0'))
      .thenRecorded({
        type: 'EntryCorrected',
        data: { eventId: 'event-0', occurredAt: at('11:50'), reason },
      })
  })

  test('to a time more than a minute ahead is refused, as a claim is', () => {
    given(...facts)
      .when(correct({ occurredAt: at('12:12') }))
      .thenRefused('OCCURRED_IN_FUTURE', { now: at('12:10') })
    given(...facts)
      .when(correct({ occurredAt: at('12:11') }))
      .thenRecorded(written({ occurredAt: at('12:11') }))
  })

  test('of what was retracted is refused', () =>
    given(...facts, retracted)
      .when(correct({ text: 'x' }))
      .thenRefused('ENTRY_RETRACTED', { eventId }))
})

describe('a retraction', () => {
  test('is anybody’s, with a reason, and keeps what was corrected', () => {
    given(...facts)
      .when(retract(), 'carol')
      .thenRecorded({ type: 'EntryRetracted', data: { eventId, reason } })
    expect(
      given(...facts, corrected({ text: 'x' }), retracted).state.notes.amended.get(eventId),
    ).toEqual({ text: 'x', retracted: true, changedAt: at('12:00') })
  })

  test('again changes nothing', () =>
    given(...facts, retracted)
      .when(retract())
      .thenNothing())

  test('is for observations', () =>
    given(...facts)
      .when(retract('event-0'))
      .thenRefused('NOT_AN_OBSERVATION'))
})

describe.each([correct({ text: 'Errors fall' }), retract()])('$type', command => {
  test('is about an entry of this incident', () => {
    for (const eventId of ['event-9', '__proto__'])
      given(...facts)
        .when({ ...command, data: { ...command.data, eventId } } as typeof command)
        .thenRefused('ENTRY_NOT_FOUND', { eventId })
  })

  test('did not happen before the entry was last amended, nor before the declaration', () => {
    given(...facts, corrected({ text: 'x' }, '12:05'))
      .when(command, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(...facts)
      .when(command, { claimed: at('11:59') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:00') })
  })
})

test('the timeline tells what was said as a comment, and by whom', () =>
  expect(
    given(
      declared,
      { ...observed, by: 'bob' },
      { ...observed, by: { type: 'SYSTEM', id: 'import' } },
      corrected({ text: 'Errors fall', occurredAt: at('11:50') }),
      corrected({ timing: 'UNKNOWN' }),
      retracted,
    )
      .tells()
      .slice(1),
  ).toEqual([
    'bob: Errors rise',
    'Errors rise',
    'alice corrected an entry to “Errors fall” and to have happened at 2026-01-01 11:50 UTC: Typo',
    'alice corrected an entry: Typo',
    'alice retracted an entry: Typo',
  ]))
