import { describe, expect, test } from '@jest/globals'
import { timersOf } from '../../src/incident/timers.js'
import { aliceCommands, declared, retrospective } from '../support/facts.js'
import { type Asker, type Fact, at, given } from '../support/given.js'

const call = (dueAt = at('13:30'), person = 'bob') =>
  ({ type: 'CallForRotation', data: { person, dueAt } }) as const
const timer = (clock: string, claimed = at('13:30')): Asker => ({
  type: 'TIMER',
  person: 'rotation',
  clock,
  claimed,
})
const joined = (time = '12:00'): Fact => ({
  type: 'ResponderJoined',
  data: { person: 'bob' },
  at: at(time),
})
const left: Fact = { type: 'ResponderLeft', data: { person: 'bob' }, at: at('12:40') }
const is = (role: 'SCRIBE' | 'OBSERVER', time = '12:00'): Fact => ({
  type: 'RoleAssigned',
  data: { person: 'bob', role },
  at: at(time),
})
const rotatedAt = (time: string): Fact => ({
  type: 'RotationDue',
  data: { person: 'bob', dueAt: at(time) },
  by: { type: 'TIMER', id: 'rotation' },
  at: at(time),
})
const rotated = rotatedAt('13:30')
const every = (rotationMinutes: number): Fact => ({
  type: 'RequirementsSet',
  data: {
    roles: [],
    warRoom: false,
    serviceOwners: false,
    withinMinutes: 5,
    rotationMinutes,
  },
})
const hourly = every(60)
const slower = every(90)
const due = (...facts: Fact[]) =>
  timersOf(given(...facts).state)
    .filter(({ kind }) => kind === 'rotation')
    .map(({ subject, dueAt }) => [subject, dueAt])

describe('somebody else', () => {
  test.each<[what: string, facts: Fact[], expected: string[][]]>([
    ['is due 90 minutes after who joined', [declared, joined()], [['bob', at('13:30')]]],
    ['is due when the organisation says', [declared, hourly, joined()], [['bob', at('13:00')]]],
    ['is due for the commander', [declared, aliceCommands], [['alice', at('13:30')]]],
    ['is due for who holds a role', [declared, is('SCRIBE')], [['bob', at('13:30')]]],
    ['is not for who only listens', [declared, is('OBSERVER')], []],
    [
      'counts from the first of them',
      [declared, is('SCRIBE', '12:10'), joined('12:20')],
      [['bob', at('13:40')]],
    ],
    ['is not due for who left', [declared, joined(), left], []],
    [
      'counts anew after a break',
      [declared, joined(), left, joined('13:00')],
      [['bob', at('14:30')]],
    ],
    ['is called for once', [declared, joined(), rotated], []],
    [
      'is not called for again when an earlier time comes to hold again',
      [declared, hourly, joined(), rotatedAt('13:00'), slower, rotatedAt('13:30'), hourly],
      [],
    ],
    ['is not due in imported history', [retrospective, joined()], []],
  ])('%s', (_, facts, expected) => expect(due(...facts)).toEqual(expected))

  test('is called for at that time, however late that is recorded', () => {
    given(declared, joined())
      .when(call(), timer(at('13:30')))
      .thenRecorded({ type: 'RotationDue', data: { person: 'bob', dueAt: at('13:30') } })
    given(declared, joined())
      .when(call(), timer(at('23:00')))
      .thenOccurred(at('13:30'))
  })

  test('is not called for before, nor for another time, nor for who is not on', () => {
    given(declared, joined())
      .when(call(), timer(at('13:29')))
      .thenNothing()
    given(declared, joined())
      .when(call(at('13:00')), timer(at('14:00'), at('13:00')))
      .thenNothing()
    given(declared, joined(), left)
      .when(call(), timer(at('14:00')))
      .thenNothing()
    given(declared, joined(), rotated)
      .when(call(), timer(at('14:00')))
      .thenNothing()
    // The name of this timer is that of the first call: asked for again, it would stay due for ever.
    given(declared, hourly, joined(), rotatedAt('13:00'), slower, rotatedAt('13:30'), hourly)
      .when(call(at('13:00')), timer(at('14:00'), at('13:00')))
      .thenNothing()
    given(declared, joined())
      .when(call(at('13:30'), 'alice'), timer(at('14:00')))
      .thenNothing()
  })

  test('is told of in words', () =>
    expect(given(declared, joined(), rotated).tells().at(-1)).toBe(
      'bob had been on long enough: somebody else was due',
    ))
})

describe('who is relieved', () => {
  const scribe: Fact = {
    type: 'RoleAssigned',
    data: { person: 'bob', role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
  }
  const relieve = (rest: object = {}) =>
    ({ type: 'RelieveResponder', data: { person: 'bb', ...rest } }) as const
  const ends = [
    {
      type: 'RoleReleased',
      data: { person: 'bob', role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
    },
    { type: 'ResponderLeft', data: { person: 'bob' } },
  ] as const

  test('leaves, and their roles end', () =>
    given(declared, joined(), scribe)
      .when(relieve({ reason: 'Tired' }))
      .thenRecorded(...ends, {
        type: 'ResponderRelieved',
        data: { person: 'bob', reason: 'Tired' },
      }))

  test('may leave them to somebody else, who then holds each once', () => {
    const taken = {
      type: 'RoleAssigned',
      data: { person: 'carol', role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
    } as const
    const relieved = {
      type: 'ResponderRelieved',
      data: { person: 'bob', relief: 'carol' },
    } as const
    given(declared, joined(), scribe)
      .when(relieve({ relief: 'carol' }))
      .thenRecorded(...ends, taken, relieved)
    given(declared, joined(), scribe, taken)
      .when(relieve({ relief: 'carol' }))
      .thenRecorded(...ends, relieved)
  })

  test('is on, is not in command, and is not their own relief', () => {
    given(declared).when(relieve()).thenNothing()
    given(declared, joined())
      .when(relieve({ relief: 'bob' }))
      .thenRefused('SAME_PERSON')
    given(declared, aliceCommands)
      .when(relieve({ person: 'alice' }))
      .thenRefused('COMMANDER_CANNOT_LEAVE')
    given(declared, joined())
      .when(relieve({ person: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
  })

  test('is told of in words', () =>
    expect(
      given(declared, { type: 'ResponderRelieved', data: { person: 'bob', relief: 'carol' } })
        .tells()
        .at(-1),
    ).toBe('alice took bob off, carol taking over'))
})
