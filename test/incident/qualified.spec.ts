import { describe, expect, test } from '@jest/globals'
import { type Policy, nothingSettled } from '../../src/incident/policy.js'
import type { Qualification } from '../../src/incident/qualification.js'
import type { RoleKey } from '../../src/incident/role-keys.js'
import { aliceCommands, declared, offeredToBob, retrospective } from '../support/facts.js'
import { type Fact, asked, at, given } from '../support/given.js'

const trained = (
  person: string,
  role: RoleKey,
  expiresAt?: string,
): [string, Map<RoleKey, Qualification>] => [
  person,
  new Map([[role, { person, role, grantedAt: at('00:00'), ...(expiresAt && { expiresAt }) }]]),
]
const definition = {
  version: 1,
  name: 'x',
  duties: [],
  exclusive: false,
  required: false,
  qualified: false,
}
/** Alice is trained to command, and carol was; a scribe has to be, and there is one deputy. */
const policy: Policy = {
  ...nothingSettled,
  qualifications: new Map([
    trained('alice', 'INCIDENT_COMMANDER'),
    trained('carol', 'INCIDENT_COMMANDER', asked),
    trained('bob', 'SCRIBE', at('12:11')),
  ]),
  roleCatalogue: new Map([
    ['SCRIBE', { ...definition, qualified: true }],
    ['DEPUTY', { ...definition, exclusive: true }],
  ] as const),
}
const strict: Policy = {
  ...policy,
  roleCatalogue: new Map([['INCIDENT_COMMANDER', { ...definition, qualified: true }]] as const),
}
const reason = 'Because'
const deputyBob: Fact = { type: 'RoleAssigned', data: { person: 'bob', role: 'DEPUTY' } }

describe('whoever takes command', () => {
  test.each([
    ['was trained for it', 'alice', {}],
    ['was not', 'bob', { unqualified: true }],
    ['was once', 'carol', { unqualified: true }],
  ])('%s: that is on record', (_, person, flag) =>
    given(declared)
      .when({ type: 'ClaimCommand', data: {} }, { person, policy })
      .thenRecorded({ type: 'CommandClaimed', data: { commander: person, ...flag } } as never),
  )

  test('is flagged however they came to it', () => {
    const scene = given(declared, aliceCommands, deputyBob, offeredToBob)
    const flags = ([type, data, person]: readonly [string, object, string]) =>
      scene.when({ type, data } as never, { person, policy }).outcome().events[0]!.data
    for (const asks of [
      ['TakeCommand', { reason }, 'bob'],
      ['AcceptHandoff', {}, 'bob'],
      ['PromoteDeputy', { reason }, 'bob'],
    ] as const)
      expect(flags(asks)).toMatchObject({ unqualified: true })
    given(declared)
      .when({ type: 'AssignRole', data: { role: 'INCIDENT_COMMANDER', person: 'bob' } }, { policy })
      .thenRecorded({ type: 'CommandAssigned', data: { commander: 'bob', unqualified: true } })
  })

  test('is flagged only where it is kept who is trained, and not in history', () => {
    given(declared)
      .when({ type: 'ClaimCommand', data: {} }, 'bob')
      .thenRecorded({ type: 'CommandClaimed', data: { commander: 'bob' } })
    given(retrospective)
      .when({ type: 'ClaimCommand', data: {} }, { person: 'bob', policy })
      .thenRecorded({ type: 'CommandClaimed', data: { commander: 'bob' } })
  })

  test('keeps the flag until command changes', () => {
    const flagged: Fact = { type: 'CommandClaimed', data: { commander: 'bob', unqualified: true } }
    const taken: Fact = { type: 'CommandTaken', data: { from: 'bob', commander: 'alice', reason } }
    expect(given(declared, flagged).state.handoff.unqualified).toBe(true)
    expect(given(declared, flagged, taken).state.handoff.unqualified).toBe(false)
  })
})

describe('whoever is given a role', () => {
  const assign = (role: RoleKey, person: string) =>
    ({ type: 'AssignRole', data: { role, person } }) as const

  test('that one has to be trained for was, and still is', () => {
    const scene = given(declared)
    scene
      .when(assign('SCRIBE', 'bob'), { policy })
      .thenRecorded({ type: 'RoleAssigned', data: { person: 'bob', role: 'SCRIBE' } })
    scene
      .when(assign('SCRIBE', 'alice'), { policy })
      .thenRefused('NOT_QUALIFIED', { person: 'alice', role: 'SCRIBE' })
    scene
      .when(assign('SCRIBE', 'bob'), { policy, clock: at('12:11') })
      .thenRefused('QUALIFICATION_EXPIRED')
    scene.when(assign('INCIDENT_COMMANDER', 'bob'), { policy: strict }).thenRefused('NOT_QUALIFIED')
    scene.when({ type: 'ClaimCommand', data: {} }, { person: 'bob', policy: strict }).outcome()
  })

  test('need not be, if an administrator says why, or if it is history', () => {
    const one = [{ type: 'RoleAssigned', data: { person: 'alice', role: 'SCRIBE' } }] as const
    given(declared)
      .when(assign('SCRIBE', 'alice'), { policy, overrides: true })
      .thenRecorded(...one)
    given(retrospective)
      .when(assign('SCRIBE', 'alice'), { policy })
      .thenRecorded(...one)
  })

  test('that only one can hold is the only one', () => {
    const scene = given(declared, deputyBob)
    scene.when(assign('DEPUTY', 'alice'), { policy }).thenRefused('ROLE_HELD', { person: 'bob' })
    scene.when(assign('DEPUTY', 'bob'), { policy }).thenNothing()
    expect(scene.when(assign('DEPUTY', 'alice')).outcome().events).toHaveLength(1)
  })
})
