import { describe, expect, test } from '@jest/globals'
import { timersOf } from '../../src/incident/timers.js'
import { aliceCommands, declared, into, retrospective } from '../support/facts.js'
import { type Asker, type Fact, at, given } from '../support/given.js'

const find = (dueAt = at('12:05'), role: 'INCIDENT_COMMANDER' | 'SCRIBE' = 'INCIDENT_COMMANDER') =>
  ({ type: 'FindRoleVacant', data: { role, dueAt } }) as const
const vacant = (dueAt = at('12:05')): Fact => ({
  type: 'RequiredRoleVacant',
  data: { role: 'INCIDENT_COMMANDER', dueAt },
  by: { type: 'TIMER', id: 'required-role' },
  at: dueAt,
})
const timer = (clock: string, claimed = at('12:05')): Asker => ({
  type: 'TIMER',
  person: 'required-role',
  clock,
  claimed,
})
const sev1: Fact = { type: 'SeveritySet', data: { level: 'SEV1' } }
const sev2: Fact = { type: 'SeveritySet', data: { level: 'SEV2' } }
const released: Fact = {
  type: 'CommandReleased',
  data: { commander: 'alice', reason: 'Off' },
  at: at('12:20'),
}
const scribeNeeded: Fact = {
  type: 'RequirementsSet',
  data: {
    roles: ['SCRIBE'],
    warRoom: false,
    serviceOwners: false,
    withinMinutes: 10,
    rotationMinutes: 90,
  },
}
const scribe = { person: 'bob', role: 'SCRIBE' } as const
const due = (...facts: Fact[]) =>
  timersOf(given(...facts).state)
    .filter(({ kind }) => kind === 'required-role')
    .map(({ subject, dueAt }) => [subject, dueAt])

describe('a role that the incident needs', () => {
  test.each<[what: string, facts: Fact[], expected: string[][]]>([
    ['is due five minutes after SEV1', [declared, sev1], [['INCIDENT_COMMANDER', at('12:05')]]],
    ['is due of what is undetermined', [declared], [['INCIDENT_COMMANDER', at('12:05')]]],
    ['is due of nothing less', [declared, sev2], []],
    ['is not once it is held', [declared, sev1, aliceCommands], []],
    [
      'is due again after it was left',
      [declared, sev1, aliceCommands, released],
      [['INCIDENT_COMMANDER', at('12:25')]],
    ],
    ['is found vacant once', [declared, sev1, vacant()], []],
    [
      'and then again, if it was held meanwhile',
      [declared, sev1, vacant(), aliceCommands, released],
      [['INCIDENT_COMMANDER', at('12:25')]],
    ],
    ['is what the organisation says', [declared, scribeNeeded], [['SCRIBE', at('12:10')]]],
    ['whoever else holds it', [declared, scribeNeeded, { type: 'RoleAssigned', data: scribe }], []],
    [
      'counts from when it ended',
      [
        declared,
        scribeNeeded,
        { type: 'RoleAssigned', data: scribe },
        { type: 'RoleReleased', data: scribe, at: at('12:30') },
      ],
      [['SCRIBE', at('12:40')]],
    ],
    ['is none of imported history', [retrospective, sev1], []],
    ['is none of what is over', [...into.RESOLVED], []],
  ])('%s', (_, facts, expected) => expect(due(...facts)).toEqual(expected))

  test('is found vacant at that time, however late that is recorded', () => {
    const scene = given(declared, sev1)
    scene.when(find(), timer(at('12:05'))).thenRecorded(vacantData())
    scene.when(find(), timer(at('18:00'))).thenOccurred(at('12:05'))
    given(declared, sev1, { type: 'TitleChanged', data: { title: 'x' }, at: at('12:30') })
      .when(find(), timer(at('12:31')))
      .thenOccurred(at('12:05'))
  })

  test('is not found vacant before, nor for another time, nor if it is held or not needed', () => {
    given(declared, sev1)
      .when(find(), timer(at('12:04')))
      .thenNothing()
    given(declared, sev1)
      .when(find(at('12:04')), timer(at('12:30'), at('12:04')))
      .thenNothing()
    given(declared, sev1, aliceCommands)
      .when(find(), timer(at('12:30')))
      .thenNothing()
    given(declared, sev1, vacant())
      .when(find(), timer(at('12:30')))
      .thenNothing()
    given(declared, sev1)
      .when(find(at('12:05'), 'SCRIBE'), timer(at('12:30')))
      .thenNothing()
    given()
      .when(find(), timer(at('12:30')))
      .thenNothing()
  })

  test('that was found vacant is told, and holds nobody up who takes it earlier', () => {
    const scene = given(declared, sev1, vacant())
    expect(scene.tells().at(-1)).toBe('Nobody had become incident commander by when one was needed')
    scene
      .when({ type: 'ClaimCommand', data: {} }, { person: 'bob', claimed: at('12:03') })
      .thenOccurred(at('12:03'))
  })
})

const vacantData = () =>
  ({
    type: 'RequiredRoleVacant',
    data: { role: 'INCIDENT_COMMANDER', dueAt: at('12:05') },
  }) as const
