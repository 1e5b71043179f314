import { describe, expect, test } from '@jest/globals'
import { phasePeriods } from '../../src/replays/phases.js'
import { declared, happened, id, minute, stream } from './story.js'

type Told = Parameters<typeof stream>
const entered = (minutes: number, phase: 'TRIAGE' | 'MOBILIZE' | 'RESOLVE' | 'PREVENT') =>
  happened(minutes, 'PhaseEntered', { phase })
const resolved = (minutes: number) => happened(minutes, 'IncidentResolved', { summary: 'Fixed' })
const of = (...events: Told) =>
  phasePeriods(stream(declared, ...events), minute(100)).map(({ phase, minutes, until }) => [
    phase,
    minutes,
    until === null ? 'so far' : 'in all',
  ])

describe('the time spent in each phase', () => {
  test.each<[string, Told, ReturnType<typeof of>]>([
    ['nothing was said of any', [], [['TRIAGE', 100, 'so far']]],
    [
      'it went the whole way',
      [entered(5, 'MOBILIZE'), entered(15, 'RESOLVE'), resolved(40)],
      [
        ['TRIAGE', 5, 'in all'],
        ['MOBILIZE', 10, 'in all'],
        ['RESOLVE', 25, 'in all'],
        ['PREVENT', 60, 'so far'],
      ],
    ],
    [
      'somebody says what is so anyway',
      [entered(5, 'TRIAGE'), resolved(40), entered(50, 'PREVENT')],
      [
        ['TRIAGE', 40, 'in all'],
        ['PREVENT', 60, 'so far'],
      ],
    ],
    [
      'it came back',
      [resolved(40), happened(70, 'IncidentReopened', { reason: 'Again' }), resolved(90)],
      [
        ['TRIAGE', 40, 'in all'],
        ['PREVENT', 30, 'in all'],
        ['RESOLVE', 20, 'in all'],
        ['PREVENT', 10, 'so far'],
      ],
    ],
    [
      'it was none',
      [happened(30, 'IncidentCancelled', { reason: 'A test' })],
      [['TRIAGE', 30, 'in all']],
    ],
  ])('is told where %s', (_, events, expected) => expect(of(...events)).toEqual(expected))

  test('is told with times as last corrected, and never in less than no time', () => {
    const corrected = (minutes: number) =>
      happened(60, 'EntryCorrected', { eventId: id(1), occurredAt: minute(minutes), reason: 'x' })
    expect(of(entered(5, 'RESOLVE'), corrected(20))).toEqual([
      ['TRIAGE', 20, 'in all'],
      ['RESOLVE', 80, 'so far'],
    ])
    expect(of(entered(5, 'RESOLVE'), corrected(-20))[0]).toEqual(['TRIAGE', 0, 'in all'])
    expect(of(entered(5, 'RESOLVE'), corrected(200))[1]).toEqual(['RESOLVE', 0, 'so far'])
  })
})
