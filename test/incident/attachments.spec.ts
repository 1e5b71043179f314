import { describe, expect, test } from '@jest/globals'
import { validateSync } from 'class-validator'
import { AttachEvidence } from '../../src/incident/attachments.js'
import { declared, into, observed } from '../support/facts.js'
import { type Fact, given } from '../support/given.js'

const eventId = 'event-1'
const shown = { eventId, url: 'https://e.org/1', caption: 'A graph' }
const attach = (data: object = {}) =>
  ({ type: 'AttachEvidence', data: { ...shown, ...data } }) as const
const attached = (data: object = {}) =>
  ({ type: 'EvidenceAttached', data: { ...shown, ...data } }) as const
const retract = (id: string) =>
  ({ type: 'RetractEntry', data: { eventId: id, reason: 'x' } }) as const
const retracted = (id: string): Fact => ({
  type: 'EntryRetracted',
  data: { eventId: id, reason: 'x' },
})

describe('evidence', () => {
  test('is anybody’s to attach to any entry, with its digest if it is known, also after the end', () => {
    given(declared, observed).when(attach(), 'carol').thenRecorded(attached())
    const sha256 = 'a'.repeat(64)
    given(declared, observed).when(attach({ sha256 })).thenRecorded(attached({ sha256 }))
    given(...into.CLOSED)
      .when(attach({ eventId: 'event-0' }))
      .thenRecorded(attached({ eventId: 'event-0' }))
  })

  test('that is there is not attached again; another is, and one that was taken back', () => {
    given(declared, observed, attached()).when(attach()).thenNothing()
    given(declared, observed, attached())
      .when(attach({ caption: 'Another' }))
      .thenRecorded(attached({ caption: 'Another' }))
    given(declared, observed, attached(), retracted('event-2'))
      .when(attach())
      .thenRecorded(attached())
  })

  test('is taken back as an observation is', () => {
    given(declared, observed, attached())
      .when(retract('event-2'))
      .thenRecorded({ type: 'EntryRetracted', data: { eventId: 'event-2', reason: 'x' } })
    given(declared, observed, attached(), retracted('event-2'))
      .when(retract('event-2'))
      .thenNothing()
    given(declared, observed, attached())
      .when({ type: 'CorrectEntry', data: { eventId: 'event-2', text: 'x', reason: 'y' } })
      .thenRefused('NOT_AN_OBSERVATION')
  })

  test('shows an entry that there is, that stands, and that is about the incident', () => {
    given(declared, observed)
      .when(attach({ eventId: 'event-9' }))
      .thenRefused('ENTRY_NOT_FOUND')
    given(declared, observed, retracted(eventId)).when(attach()).thenRefused('ENTRY_RETRACTED')
    given(declared, observed, attached())
      .when(attach({ eventId: 'event-2' }))
      .thenRefused('ABOUT_THE_RECORD')
  })

  test('is at most 20 at an entry at a time, and 1,000 in an incident', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => attached({ caption: `${n}` }))
    given(declared, observed, ...twenty)
      .when(attach())
      .thenRefused('LIMIT_REACHED')
    given(declared, observed, ...twenty, retracted('event-5'))
      .when(attach())
      .thenRecorded(attached())
    const { state } = given(declared, observed)
    given
      .with({ ...state, attachments: { of: new Map(), count: 1000 } }, declared, observed)
      .when(attach())
      .thenRefused('LIMIT_REACHED')
  })

  test('is told with what it shows', () =>
    expect(given(declared, observed, attached()).tells()[2]).toBe(
      'alice attached evidence to an entry: A graph',
    ))
})

test.each<[object, boolean]>([
  [{}, false],
  [{ sha256: '0123456789abcdef'.repeat(4) }, false],
  [{ sha256: 'A'.repeat(64) }, true],
  [{ sha256: 'a'.repeat(63) }, true],
  [{ url: 'javascript:alert(1)' }, true],
  [{ url: 'ftp://e.org' }, true],
  [{ caption: '' }, true],
  [{ caption: 'x'.repeat(201) }, true],
  [{ eventId: 'x' }, true],
])('evidence with %j breaks a bound: %s', (data, is) => {
  const input = { ...shown, eventId: '0198c0de-0000-8000-8000-000000000005', ...data }
  expect(validateSync(Object.assign(new AttachEvidence(), input)).length > 0).toBe(is)
})
