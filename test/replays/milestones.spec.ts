import { describe, expect, test } from '@jest/globals'
import { durations, milestones } from '../../src/replays/milestones.js'
import { declared, happened, id, minute, stream } from './story.js'

type Told = Parameters<typeof stream>
const reached = (...events: Told) =>
  milestones(stream(...events)).map(({ milestone, at }) => [milestone, at])

const mitigated = happened(20, 'IncidentMitigated', { summary: 'Rolled back' })
const resolved = happened(30, 'IncidentResolved', { summary: 'Fixed' })
const reopened = happened(40, 'IncidentReopened', { reason: 'Errors again' })
const again = happened(50, 'IncidentResolved', { summary: 'Fixed again' })
const closed = happened(60, 'IncidentClosed', {})
const first = ['DECLARED', minute(0)]

describe('milestones', () => {
  test('are those that were reached, in their order', () =>
    expect(
      reached(
        declared,
        happened(1, 'ResponderJoined', { person: 'bob' }),
        mitigated,
        resolved,
        closed,
      ),
    ).toEqual([
      first,
      ['ACKNOWLEDGED', minute(1)],
      ['MITIGATED', minute(20)],
      ['RESOLVED', minute(30)],
      ['CLOSED', minute(60)],
    ]))

  test.each([
    ['joined', happened(3, 'ResponderJoined', { person: 'bob' })],
    ['claimed command', happened(3, 'CommandClaimed', { commander: 'bob' })],
    ['was put in command', happened(3, 'CommandAssigned', { commander: 'bob' })],
  ])('acknowledged is when the first one %s', (_, event) => {
    const later = happened(9, 'ResponderJoined', { person: 'carol' })
    expect(reached(declared, event, later)).toEqual([first, ['ACKNOWLEDGED', minute(3)]])
  })

  test('detected is the first time, before the declaration or after it', () => {
    const noticed = (at: number) => happened(at, 'DetectionRecorded', { source: 'MONITORING' })
    expect(reached(declared, noticed(4), noticed(2))).toEqual([['DETECTED', minute(2)], first])
    const [toDeclared] = durations(milestones(stream(declared, noticed(-7), mitigated)))
    expect(toDeclared).toMatchObject({ from: 'DETECTED', to: 'DECLARED', minutes: 7 })
  })

  test('resolved is the last time', () =>
    expect(reached(declared, resolved, reopened, again)).toEqual([first, ['RESOLVED', minute(50)]]))

  test.each([
    ['resolved', [resolved, reopened]],
    ['closed', [resolved, closed, reopened]],
  ])('a reopening takes %s back', (_, events) =>
    expect(reached(declared, ...events)).toEqual([first]),
  )

  test('closed without being resolved again does not bring the old resolution back', () =>
    expect(reached(declared, resolved, reopened, closed)).toEqual([first, ['CLOSED', minute(60)]]))

  test('mitigated is the first time, also after a reopening', () =>
    expect(
      reached(declared, mitigated, reopened, happened(45, 'IncidentMitigated', { summary: 'x' })),
    ).toContainEqual(['MITIGATED', minute(20)]))

  test('are told with their last corrected times, how well these are known, and the event', () => {
    const [declaration] = milestones(
      stream(
        declared,
        happened(9, 'EntryCorrected', {
          eventId: id(0),
          occurredAt: minute(-7),
          timing: 'APPROXIMATE',
          reason: 'The page was earlier',
        }),
      ),
    )
    expect(declaration).toEqual({
      milestone: 'DECLARED',
      at: minute(-7),
      timing: 'APPROXIMATE',
      eventId: id(0),
    })
  })

  test('of a newer version are not known', () =>
    expect(reached(declared, { ...resolved, schemaVersion: 2 })).toEqual([first]))
})

describe('durations', () => {
  test('go from one milestone to the next, in whole minutes', () => {
    const [one] = durations(
      milestones(stream(declared, happened(20.9, 'IncidentMitigated', { summary: 'x' }))),
    )
    expect(one).toEqual({ from: 'DECLARED', to: 'MITIGATED', minutes: 20, approximate: false })
  })

  test('are approximate when one of the two times is', () =>
    expect(
      durations(milestones(stream(declared, { ...mitigated, timing: 'APPROXIMATE' })))[0],
    ).toMatchObject({ approximate: true }))

  test('are not told where corrected times contradict the order', () =>
    expect(
      durations(
        milestones(
          stream(
            declared,
            mitigated,
            resolved,
            happened(70, 'EntryCorrected', { eventId: id(2), occurredAt: minute(5), reason: 'x' }),
          ),
        ),
      ).map(({ to }) => to),
    ).toEqual(['MITIGATED']))
})
