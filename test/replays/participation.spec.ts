import { describe, expect, test } from '@jest/globals'
import { timeToInnocence } from '../../src/replays/innocence.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import {
  participation,
  presencePeriods,
  teamsInvolved,
  whoWasOn,
} from '../../src/replays/participation.js'
import { readiness } from '../../src/replays/readiness.js'
import { timeToRightOwner } from '../../src/replays/right-owner.js'
import { declared, happened, id, minute, stream } from './story.js'

type Told = Parameters<typeof stream>
const bob = { by: 'bob' }
const joins = (minutes: number, person: string, said: object = {}) =>
  happened(minutes, 'ResponderJoined', { person, ...said }, { by: person })
const left = (minutes: number, person: string) => happened(minutes, 'ResponderLeft', { person })
const told = (...events: Told) => stream(declared, ...events)

describe('who was on', () => {
  const events = told(
    joins(1, 'bob', { team: 'Payments', place: 'Zürich' }),
    joins(2, 'carol', { team: 'Web' }),
    happened(5, 'ParticipationChanged', { person: 'bob', place: 'Bern' }, bob),
    left(9, 'bob'),
    joins(20, 'bob'),
    happened(21, 'TaskAssigned', {
      taskId: 't',
      title: 'Look',
      assignee: 'dave',
      dueAt: minute(30),
    }),
    happened(21, 'TaskRecorded', { taskId: 'u', title: 'Look', status: 'COMPLETED' }),
  )
  const periods = presencePeriods(events)
  const on = (minutes: number) =>
    whoWasOn(periods, minute(minutes)).map(({ person, place, since }) => [person, place, since])

  test.each([
    [0, []],
    [1, [['bob', 'Zürich', minute(1)]]],
    [
      8,
      [
        ['carol', null, minute(2)],
        ['bob', 'Bern', minute(1)],
      ],
    ],
    [9, [['carol', null, minute(2)]]],
    [
      25,
      [
        ['carol', null, minute(2)],
        ['bob', null, minute(20)],
      ],
    ],
  ])('is told of any moment: after %s minutes', (minutes, people) =>
    expect(on(minutes)).toEqual(people),
  )

  test('is told with times as last corrected', () => {
    const corrected = stream(
      declared,
      joins(10, 'bob'),
      happened(12, 'EntryCorrected', { eventId: id(1), occurredAt: minute(3), reason: 'Earlier' }),
    )
    expect(whoWasOn(presencePeriods(corrected), minute(4))).toMatchObject([{ person: 'bob' }])
  })

  test('is told of each person from beginning to end, also of who had a part and never came', () =>
    expect(
      participation(events).map(({ person, minutes, periods }) => [
        person,
        minutes,
        periods.map(({ from, until, place }) => [from, until, place]),
      ]),
    ).toEqual([
      [
        'bob',
        9,
        [
          [minute(1), minute(5), 'Zürich'],
          [minute(5), minute(9), 'Bern'],
          [minute(20), null, null],
        ],
      ],
      ['carol', 19, [[minute(2), null, null]]],
      ['dave', 0, []],
    ]))

  test('tells the teams, those that are gone too', () =>
    expect(teamsInvolved(periods)).toEqual([
      { team: 'Payments', since: minute(1), people: ['bob'], here: 0 },
      { team: 'Web', since: minute(2), people: ['carol'], here: 1 },
    ]))
})

const evidence = [{ url: 'https://graphs.example.org/1' }]
const released = (minutes: number, person: string, extra: object = {}) =>
  happened(minutes, 'ResponderReleased', { person, reason: 'Not theirs', evidence }, extra)
const cleared = (minutes: number, service: string) =>
  happened(minutes, 'ResponderCleared', { service, reason: 'All green', evidence })

describe('the time to innocence', () => {
  test('of nobody has no values', () =>
    expect(timeToInnocence(told(joins(1, 'bob')))).toEqual({
      n: 0,
      p50: null,
      p90: null,
      max: null,
      unknown: 0,
      samples: [],
    }))

  test('is a distribution of values, each with its events', () => {
    const people = Array.from({ length: 10 }, (_, n) => `p${n}`)
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    const all = timeToInnocence(
      told(
        ...people.map(person => joins(0, person)),
        ...people.map((person, n) => released(waits[n]!, person)),
      ),
    )
    expect(all).toMatchObject({ n: 10, p50: 5, p90: 9, max: 100, unknown: 0 })
    expect(all.samples[2]).toEqual({
      person: 'p2',
      service: null,
      from: minute(0),
      until: minute(3),
      minutes: 3,
      eventIds: [id(3), id(13)],
    })
  })

  test('of somebody who came twice counts from the last time', () =>
    expect(
      timeToInnocence(told(joins(1, 'bob'), left(2, 'bob'), joins(10, 'bob'), released(14, 'bob')))
        .samples,
    ).toMatchObject([{ person: 'bob', minutes: 4 }]))

  test('of a service counts from when its people were first called since it was last cleared', () =>
    expect(
      timeToInnocence(
        told(
          cleared(3, 'web'),
          happened(4, 'ResponderInvited', { person: 'bob', service: 'api' }),
          happened(5, 'ResponderInvited', { person: 'carol', service: 'api' }),
          cleared(10, 'api'),
          happened(20, 'ResponderRequested', { requestId: 'r', service: 'api' }),
          cleared(22, 'api'),
        ),
      ).samples.map(({ service, minutes }) => [service, minutes]),
    ).toEqual([
      ['web', 3],
      ['api', 6],
      ['api', 2],
    ]))

  test('leaves out, and counts, those of which a time is not known', () =>
    expect(
      timeToInnocence(told(joins(1, 'bob'), released(5, 'bob', { timing: 'UNKNOWN' }))),
    ).toMatchObject({ n: 0, unknown: 1 }))
})

describe('the time to the right owner', () => {
  const escalated = (minutes: number, escalationId: string, service?: string) =>
    happened(minutes, 'IncidentEscalated', {
      escalationId,
      ...(service && { service }),
      from: [],
      to: ['bob'],
      tiersSkipped: 0,
      reason: 'x',
    })
  const answered = (minutes: number, escalationId: string, by: string) =>
    happened(minutes, 'EscalationAcknowledged', { escalationId }, { by })

  test('is nobody’s where nothing was escalated, and open until somebody answers', () => {
    expect(timeToRightOwner(told())).toBeNull()
    expect(timeToRightOwner(told(escalated(1, 'a'), escalated(2, 'b')))).toEqual({
      from: minute(1),
      until: null,
      minutes: null,
      person: null,
      escalations: 2,
      eventIds: [id(1)],
    })
  })

  test('ends with the first answer of somebody who was not let go, and whose service was not cleared', () =>
    expect(
      timeToRightOwner(
        told(
          escalated(1, 'a', 'web'),
          answered(2, 'a', 'bob'),
          cleared(4, 'web'),
          escalated(5, 'b'),
          answered(6, 'b', 'carol'),
          released(8, 'carol'),
          escalated(9, 'c', 'api'),
          answered(12, 'c', 'dave'),
        ),
      ),
    ).toMatchObject({
      minutes: 11,
      person: 'dave',
      escalations: 3,
      eventIds: [id(1), id(8)],
    }))
})

describe('readiness', () => {
  const at = (minutes: number, ...events: Told) =>
    readiness(incidentAt(told(...events)).incident, minute(minutes))
  const sev1 = happened(0, 'SeveritySet', { level: 'SEV1' })
  const commands = happened(1, 'CommandClaimed', { commander: 'alice' })
  const affected = happened(1, 'ServicesSet', { services: ['api', 'web'] })

  test('asks nothing of what is not urgent', () =>
    expect(at(9, happened(0, 'SeveritySet', { level: 'SEV3' }))).toMatchObject({
      ready: true,
      commander: 'NOT_NEEDED',
      warRoom: 'NOT_NEEDED',
      owners: 'NOT_NEEDED',
      servicesWithoutOwner: [],
      minutesOutstanding: 0,
    }))

  test('of the worst tells what is missing, since when, and whether it is late', () => {
    expect(at(4, sev1, affected)).toMatchObject({
      ready: false,
      commander: 'MISSING',
      warRoom: 'MISSING',
      owners: 'MISSING',
      servicesWithoutOwner: ['api', 'web'],
      rolesMissing: ['INCIDENT_COMMANDER'],
      since: minute(0),
      dueAt: minute(5),
      overdue: false,
      minutesOutstanding: 4,
    })
    expect(at(7, sev1)).toMatchObject({ owners: 'MISSING', overdue: true, minutesOutstanding: 7 })
  })

  const room = happened(2, 'WarRoomOpened', { roomId: 'r', kind: 'PHYSICAL', place: 'Room 1' })
  const invited = happened(3, 'ResponderInvited', { person: 'bob', service: 'api' })

  test('is there once somebody commands, there is a room, and each service’s owners were called or it was cleared', () => {
    const there = [sev1, affected, commands, room, invited, cleared(4, 'web')]
    expect(at(9, ...there)).toMatchObject({
      ready: true,
      commander: 'MET',
      warRoom: 'MET',
      owners: 'MET',
      overdue: false,
      minutesOutstanding: 0,
    })
    const closed = happened(6, 'WarRoomClosed', { roomId: 'r' })
    expect(at(9, ...there, closed)).toMatchObject({ ready: false, warRoom: 'MISSING' })
    const link = happened(7, 'LinkAdded', { kind: 'WAR_ROOM', url: 'https://meet.example.org' })
    expect(at(9, ...there, closed, link)).toMatchObject({ ready: true, warRoom: 'MET' })
  })

  test('is asked of a major incident too, and of none that is over', () => {
    const major = happened(2, 'MajorIncidentDeclared', { reason: 'Many teams' })
    const sev3 = happened(0, 'SeveritySet', { level: 'SEV3' })
    expect(at(3, sev3, major)).toMatchObject({ commander: 'MISSING', since: minute(2) })
    expect(at(9, sev1, happened(8, 'IncidentResolved', { summary: 'Fixed' }))).toBeNull()
  })
})
