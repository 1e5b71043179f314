import { describe, expect, test } from '@jest/globals'
import { nothingSettled } from '../../src/incident/policy.js'
import type { RoleKey } from '../../src/incident/role-keys.js'
import { aliceCommands, declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const holds = (person: string, role: RoleKey = 'SCRIBE'): Fact => ({
  type: 'RoleAssigned',
  data: { person, role },
})
const joined = (person: string, time = '12:00'): Fact => ({
  type: 'ResponderJoined',
  data: { person },
  at: at(time),
})
const join = { type: 'JoinIncident', data: {} } as const
const leave = { type: 'LeaveIncident', data: {} } as const
const key = { type: 'API_KEY', person: 'key' } as const

describe('joining and leaving', () => {
  const left: Fact = { type: 'ResponderLeft', data: { person: 'bob' } }
  const here = { type: 'ResponderJoined', data: { person: 'bob' } } as const

  test('one joins for oneself, once', () => {
    given(declared).when(join, 'bob').thenRecorded(here)
    given(declared, joined('bob')).when(join, 'bob').thenNothing()
    expect(given(declared, joined('bob')).lists('JoinIncident', 'bob')).toBe(false)
  })

  test('whoever left may join again', () =>
    given(declared, joined('bob'), left).when(join, 'bob').thenRecorded(here))

  test('one leaves for oneself, once', () => {
    given(declared, joined('bob'))
      .when(leave, 'bob')
      .thenRecorded({ type: 'ResponderLeft', data: { person: 'bob' } })
    given(declared, joined('bob'), left).when(leave, 'bob').thenNothing()
    given(declared).when(leave, 'bob').thenNothing()
  })

  test('whoever leaves lays down their roles, also if they never joined', () =>
    given(declared, holds('bob', 'DEPUTY'), holds('bob'), holds('carol'))
      .when(leave, 'bob')
      .thenRecorded(
        { type: 'RoleReleased', data: { person: 'bob', role: 'DEPUTY' } },
        { type: 'RoleReleased', data: { person: 'bob', role: 'SCRIBE' } },
        { type: 'ResponderLeft', data: { person: 'bob' } },
      ))

  test('the commander does not leave', () =>
    given(declared, joined('alice'), aliceCommands)
      .when(leave, 'alice')
      .thenRefused('COMMANDER_CANNOT_LEAVE'))

  test('a key is nowhere', () => {
    given(declared).when(join, key).thenRefused('NOT_A_PERSON')
    given(declared).when(leave, key).thenRefused('NOT_A_PERSON')
  })

  test('at most 1,000 people join, of whom each may come again', () => {
    const many = Array.from({ length: 1000 }, (_, n) => joined(`person-${n}`))
    given(declared, ...many)
      .when(join, 'bob')
      .thenRefused('LIMIT_REACHED')
    expect(given(declared, ...many).lists('JoinIncident', 'bob')).toBe(false)
    given(declared, ...many, { type: 'ResponderLeft', data: { person: 'person-0' } })
      .when(join, 'person-0')
      .thenRecorded({ type: 'ResponderJoined', data: { person: 'person-0' } })
  })

  test('nobody leaves before they joined or got a role, nor joins before they left', () => {
    given(declared, joined('bob', '12:05'))
      .when(leave, { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared, joined('bob'), { ...holds('bob'), at: at('12:06') })
      .when(leave, { person: 'bob', claimed: at('12:05') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:06') })
    given(declared, joined('bob'), { ...left, at: at('12:07') })
      .when(join, { person: 'bob', claimed: at('12:06') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:07') })
    given(declared, joined('bob', '12:05'))
      .when(join, { person: 'carol', claimed: at('12:04') })
      .thenOccurred(at('12:04'))
  })
})

describe('how somebody takes part', () => {
  const said = {
    team: 'Payments',
    function: 'Database engineer',
    place: 'Zürich',
    timeZone: 'Europe/Zurich',
    channel: 'ZOOM',
  } as const
  const people = new Map([['bob', { timeZone: 'Asia/Tokyo' }]])
  const bob = { person: 'bob', policy: { ...nothingSettled, people } }

  test('is said when they join, the time zone being the directory’s if it is not', () => {
    given(declared)
      .when({ type: 'JoinIncident', data: said }, bob)
      .thenRecorded({ type: 'ResponderJoined', data: { person: 'bob', ...said } })
    given(declared)
      .when(join, bob)
      .thenRecorded({ type: 'ResponderJoined', data: { person: 'bob', timeZone: 'Asia/Tokyo' } })
  })

  const change = (data: object) => ({ type: 'ChangeParticipation', data }) as const
  const here: Fact = { ...joined('bob'), data: { person: 'bob', ...said } } as Fact

  test('changes while they are here, and what is not said stays', () => {
    given(declared, here)
      .when(change({ place: 'Bern' }), 'bob')
      .thenRecorded({ type: 'ParticipationChanged', data: { person: 'bob', place: 'Bern' } })
    const moved: Fact = {
      type: 'ParticipationChanged',
      data: { person: 'bob', place: 'Bern' },
      at: at('12:05'),
    }
    expect(given(declared, here, moved).state.presence.get('bob')).toEqual({
      ...said,
      place: 'Bern',
      on: true,
      at: at('12:00'),
      changedAt: at('12:05'),
    })
    given(declared, here, moved)
      .when(leave, { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
  })

  test('that is as it was said, or of which nothing is said, is known', () => {
    given(declared, here)
      .when(change({ place: 'Zürich' }), 'bob')
      .thenNothing()
    given(declared, here).when(change({}), 'bob').thenNothing()
  })

  test('is theirs to say who are here', () => {
    for (const who of ['carol', { person: 'carol', overrides: true }])
      given(declared, here)
        .when(change({ team: 'Web' }), who)
        .thenRefused('NOT_HERE', {
          person: 'carol',
        })
    const gone: Fact = { type: 'ResponderLeft', data: { person: 'bob' } }
    given(declared, here, gone)
      .when(change({ team: 'Web' }), 'bob')
      .thenRefused('NOT_HERE')
    expect(given(declared, here, gone).lists('ChangeParticipation', 'bob')).toBe(false)
    expect(given(declared, here).lists('ChangeParticipation', 'bob')).toBe(true)
  })

  test('is told', () =>
    expect(
      given(
        declared,
        here,
        { type: 'ParticipationChanged', data: { person: 'bob', place: 'Bern' } },
        { type: 'ParticipationChanged', data: { person: 'bob', timeZone: 'UTC' } },
        joined('carol'),
        { type: 'ResponderLeft', data: { person: 'bob' } },
      )
        .tells()
        .slice(1),
    ).toEqual([
      'bob joined (Database engineer, of Payments, in Zürich, by Zoom)',
      'bob now takes part (in Bern)',
      'bob now takes part otherwise',
      'carol joined',
      'bob left',
    ]))
})
