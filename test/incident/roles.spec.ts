import { describe, expect, test } from '@jest/globals'
import { roleKeys, roleWords } from '../../src/incident/role-keys.js'
import { aliceCommands, declared, offeredToBob, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

type Role = (typeof roleKeys)[number]
const holds = (person: string, role: Role = 'SCRIBE', service?: string): Fact => ({
  type: 'RoleAssigned',
  data: { person, role, ...(service && { service }) },
})
const assign = (person: string, role: Role = 'SCRIBE', service?: string) =>
  ({ type: 'AssignRole', data: { role, person, ...(service && { service }) } }) as const
const release = (data: { role?: Role; person?: string; reason?: string } = {}) =>
  ({ type: 'ReleaseRole', data: { role: 'SCRIBE', ...data } }) as const
const key = { type: 'API_KEY', person: 'key' } as const
const others = roleKeys.filter(role => role !== 'INCIDENT_COMMANDER')

describe.each(others)('the role %s', role => {
  test('is given by anybody to anybody, by id or handle', () => {
    given(declared, aliceCommands)
      .when(assign('bob', role), 'carol')
      .thenRecorded({ type: 'RoleAssigned', data: { person: 'bob', role } })
    given(declared)
      .when(assign('bb', role), key)
      .thenRecorded({ type: 'RoleAssigned', data: { person: 'bob', role } })
  })

  test('can be several people’s', () => {
    given(declared, holds('bob', role))
      .when(assign('carol', role))
      .thenRecorded({ type: 'RoleAssigned', data: { person: 'carol', role } })
    expect(given(declared, holds('bob', role), holds('carol', role)).state.roles.held).toHaveLength(
      2,
    )
  })

  test('is given to the same person once', () =>
    given(declared, holds('bob', role)).when(assign('bob', role)).thenNothing())
})

describe('giving a role', () => {
  test('to nobody we know is refused', () =>
    given(declared).when(assign('nobody')).thenRefused('UNKNOWN_PERSON'))

  test('an expert may be one for several services', () => {
    const role = 'SUBJECT_MATTER_EXPERT'
    given(declared, holds('bob', role, 'api'))
      .when(assign('bob', role, 'web'))
      .thenRecorded({ type: 'RoleAssigned', data: { person: 'bob', role, service: 'web' } })
    given(declared, holds('bob', role, 'api'))
      .when(assign('bob', role, 'api'))
      .thenNothing()
  })

  test('is over when 200 are held', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      holds('bob', 'SUBJECT_MATTER_EXPERT', `s${n}`),
    )
    given(declared, ...many)
      .when(assign('alice'))
      .thenRefused('LIMIT_REACHED')
    given(declared, ...many)
      .when(assign('bob', 'SUBJECT_MATTER_EXPERT', 's0'))
      .thenNothing()
  })
})

describe('command as a role', () => {
  test('is given while vacant, and is not a role that is held', () => {
    given(declared)
      .when(assign('bob', 'INCIDENT_COMMANDER'), 'carol')
      .thenRecorded({ type: 'CommandAssigned', data: { commander: 'bob' } })
    const { state } = given(declared, { type: 'CommandAssigned', data: { commander: 'bob' } })
    expect([state.handoff.commander, state.roles.held]).toEqual(['bob', []])
  })

  test('is not given while somebody has it, whoever asks', () => {
    for (const who of ['alice', 'bob', { person: 'carol', overrides: true }])
      given(declared, aliceCommands)
        .when(assign('bob', 'INCIDENT_COMMANDER'), who)
        .thenRefused('COMMAND_HELD', { commander: 'alice' })
    given(retrospective, aliceCommands)
      .when(assign('bob', 'INCIDENT_COMMANDER'))
      .thenRefused('COMMAND_HELD')
  })

  test('given to the commander changes nothing', () =>
    given(declared, aliceCommands).when(assign('alice', 'INCIDENT_COMMANDER')).thenNothing())

  const released = release({ role: 'INCIDENT_COMMANDER', reason: 'Off shift' })
  const vacated = {
    type: 'CommandReleased',
    data: { commander: 'alice', reason: 'Off shift' },
  } as const

  test('is released with a reason, which voids an open offer', () => {
    given(declared, aliceCommands).when(released).thenRecorded(vacated)
    given(declared, aliceCommands, offeredToBob)
      .when(released)
      .thenRecorded(vacated, { type: 'HandoffVoided', data: { to: 'bob' } })
    expect(given(declared, aliceCommands, vacated).state.handoff.commander).toBeNull()
  })

  test('is not released without one', () =>
    given(declared, aliceCommands)
      .when(release({ role: 'INCIDENT_COMMANDER' }))
      .thenRefused('REASON_REQUIRED', { field: 'reason' }))

  test('that is vacant, or another’s than said, is released already', () => {
    given(declared).when(released).thenNothing()
    given(declared, aliceCommands)
      .when(release({ role: 'INCIDENT_COMMANDER', person: 'bob', reason: 'x' }))
      .thenNothing()
  })

  test('of nobody we know is not released, also while it is vacant', () => {
    const unknown = release({ role: 'INCIDENT_COMMANDER', person: 'nobody', reason: 'x' })
    given(declared).when(unknown).thenRefused('UNKNOWN_PERSON')
    given(declared, aliceCommands).when(unknown).thenRefused('UNKNOWN_PERSON')
  })

  test('is an administrator’s to release, also through a key', () =>
    given(declared, aliceCommands)
      .when(released, { ...key, overrides: true })
      .thenRecorded(vacated))

  test('does not change before it last changed', () => {
    const late = { ...aliceCommands, at: at('12:05') }
    given(declared, late)
      .when(released, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared, late, { ...vacated, at: at('12:06') })
      .when(assign('bob', 'INCIDENT_COMMANDER'), { claimed: at('12:05') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:06') })
  })
})

describe('releasing a role', () => {
  const done = { type: 'RoleReleased', data: { person: 'bob', role: 'SCRIBE' } } as const

  test('is one’s own when nobody is named, with a reason or without', () => {
    given(declared, aliceCommands, holds('bob')).when(release(), 'bob').thenRecorded(done)
    given(declared, aliceCommands, holds('bob'))
      .when(release({ reason: 'Tired' }), 'bob')
      .thenRecorded({ type: 'RoleReleased', data: { ...done.data, reason: 'Tired' } })
  })

  test('of another is the commander’s', () => {
    const scene = given(declared, aliceCommands, holds('bob'))
    scene.when(release({ person: 'bb' }), 'alice').thenRecorded(done)
    scene.when(release({ person: 'bob' }), 'carol').thenRefused('NOT_COMMANDER')
    expect(scene.lists('ReleaseRole', 'carol')).toBe(true)
  })

  test('that one does not hold changes nothing', () => {
    given(declared, holds('bob')).when(release(), 'alice').thenNothing()
    given(declared, holds('bob', 'DEPUTY')).when(release(), 'bob').thenNothing()
  })

  test('ends an expert’s holds for all services', () => {
    const role = 'SUBJECT_MATTER_EXPERT'
    given(declared, holds('bob', role, 'api'), holds('bob', role), holds('carol', role, 'api'))
      .when(release({ role }), 'bob')
      .thenRecorded(
        { type: 'RoleReleased', data: { person: 'bob', role, service: 'api' } },
        { type: 'RoleReleased', data: { person: 'bob', role } },
      )
  })

  test('of nobody we know is refused, and a key has none of its own', () => {
    given(declared)
      .when(release({ person: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
    given(declared).when(release(), key).thenRefused('NOT_A_PERSON')
  })

  test('ends that hold and no other', () =>
    expect(
      given(
        declared,
        holds('bob'),
        holds('bob', 'DEPUTY'),
        holds('carol'),
        done,
      ).state.roles.held.map(({ person, role }) => [person, role]),
    ).toEqual([
      ['bob', 'DEPUTY'],
      ['carol', 'SCRIBE'],
    ]))

  test('did not happen before the role was given', () =>
    given(declared, { ...holds('bob'), at: at('12:05') })
      .when(release(), { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))
})

test('the timeline tells who does what', () =>
  expect(
    given(
      declared,
      holds('bob', 'SUBJECT_MATTER_EXPERT', 'api'),
      holds('carol'),
      { type: 'RoleReleased', data: { person: 'carol', role: 'SCRIBE', reason: 'Tired' } },
      {
        type: 'RoleReleased',
        data: { person: 'bob', role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
      },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'bob became subject matter expert for api',
    'carol became scribe',
    'carol is no longer scribe: Tired',
    'bob is no longer subject matter expert for api',
  ]))

test('every role has its own words', () =>
  expect(new Set(Object.values(roleWords)).size).toBe(roleKeys.length))
