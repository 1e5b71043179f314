import { describe, expect, test } from '@jest/globals'
import type { DetectionSource } from '../../src/incident/detection.js'
import { detection } from '../../src/replays/detection.js'
import { milestones } from '../../src/replays/milestones.js'
import { declared, happened, id, minute, stream } from './story.js'

type Told = Parameters<typeof stream>
/** Minutes after the declaration; null: at a time that is not known. */
type Noticed = readonly [source: DetectionSource, minutes: number | null]

const noticed = ([source, minutes]: Noticed) =>
  happened(
    minutes ?? 0,
    'DetectionRecorded',
    { source },
    minutes === null ? { timing: 'UNKNOWN' } : {},
  )
const told = (...events: Told) => detection(stream(declared, ...events))
const of = (...all: readonly Noticed[]) => told(...all.map(noticed))

test('nothing is told of how it was noticed if nobody said', () => expect(told()).toBeNull())

test.each<[string, boolean | null, ...Noticed[]]>([
  ['only monitoring', true, ['MONITORING', -5]],
  ['only a partner, at a time that is not known', true, ['PARTNER', null]],
  ['only a customer', false, ['CUSTOMER', -5]],
  ['only people in public', false, ['SOCIAL', null]],
  ['an employee before a customer', true, ['CUSTOMER', -5], ['EMPLOYEE', -6]],
  ['a customer before an employee', false, ['CUSTOMER', -7], ['EMPLOYEE', -6]],
  ['both at once', null, ['CUSTOMER', -5], ['MONITORING', -5]],
  ['a customer at a time that is not known', null, ['CUSTOMER', null], ['MONITORING', -5]],
  ['monitoring at a time that is not known', null, ['CUSTOMER', -5], ['MONITORING', null]],
  [
    'one of ours before, and another at a time that is not known',
    true,
    ['EMPLOYEE', -9],
    ['MONITORING', null],
    ['CUSTOMER', -5],
  ],
  [
    'one of ours before one customer, and another customer at a time that is not known',
    null,
    ['EMPLOYEE', -9],
    ['SOCIAL', null],
    ['CUSTOMER', -5],
  ],
  [
    'a customer before one of ours, and another of ours at a time that is not known',
    null,
    ['CUSTOMER', -9],
    ['EMPLOYEE', -5],
    ['MONITORING', null],
  ],
])('noticed by %s, it was before customers: %s', (_, before, ...all) =>
  expect(of(...all)!.detectedBeforeCustomers).toBe(before),
)

describe('who noticed it first', () => {
  test('is the one that was surely earlier than all others', () => {
    expect(of(['MONITORING', 3], ['CUSTOMER', -4])).toMatchObject({
      source: 'CUSTOMER',
      at: minute(-4),
    })
    expect(of(['MONITORING', null])).toMatchObject({ source: 'MONITORING', at: null })
  })

  test.each<[string, ...Noticed[]]>([
    ['the times are the same', ['MONITORING', -4], ['CUSTOMER', -4]],
    ['one is not known', ['MONITORING', -4], ['CUSTOMER', null]],
  ])('cannot be told if %s', (_, ...all) =>
    expect(of(...all)).toMatchObject({ source: null, at: minute(-4) }),
  )

  test('follows corrected times, as the milestone does', () => {
    const events = stream(
      declared,
      noticed(['MONITORING', -4]),
      noticed(['CUSTOMER', -3]),
      happened(9, 'EntryCorrected', { eventId: id(1), occurredAt: minute(-2), reason: 'A log' }),
    )
    expect(detection(events)).toMatchObject({
      source: 'CUSTOMER',
      detectedBeforeCustomers: false,
      bySource: [
        { source: 'CUSTOMER', at: minute(-3), eventId: id(2) },
        { source: 'MONITORING', at: minute(-2), eventId: id(1) },
      ],
    })
    expect(milestones(events)[0]).toMatchObject({ milestone: 'DETECTED', at: minute(-3) })
  })

  test('is told once for every kind of source, by its first time', () =>
    expect(
      of(['CUSTOMER', -3], ['CUSTOMER', -8], ['MONITORING', null])!.bySource.map(
        ({ source, at }) => [source, at],
      ),
    ).toEqual([
      ['CUSTOMER', minute(-8)],
      ['MONITORING', null],
    ]))
})
