import { describe, expect, test } from '@jest/globals'
import { requirementsOf } from '../../src/incident/needs.js'
import type { Requirements } from '../../src/incident/requirements.js'
import type { RoleDefinition } from '../../src/incident/role-definition.js'
import type { LevelPolicies, SeverityScale } from '../../src/incident/severity-scale.js'
import { nothingSettled } from '../../src/incident/policy.js'
import { declared, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Because'
const severity = (level: 'SEV1' | 'SEV2' | 'SEV3' | 'UNDETERMINED', time = '12:00'): Fact => ({
  type: 'SeveritySet',
  data: { level },
  at: at(time),
})
const major: Fact = { type: 'MajorIncidentDeclared', data: { reason }, at: at('12:05') }
const stoodDown: Fact = { type: 'MajorIncidentStoodDown', data: { reason }, at: at('12:07') }

const usual = { withinMinutes: 5, rotationMinutes: 90 }
const none = { roles: [], warRoom: false, serviceOwners: false, ...usual }
const urgent = { ...none, roles: ['INCIDENT_COMMANDER'], warRoom: true, serviceOwners: true }

const needs = (...facts: Fact[]) => requirementsOf(given(declared, ...facts).state)

describe('where nobody has settled anything', () => {
  test.each<[what: string, facts: Fact[], expected: object]>([
    ['SEV1 needs command, a war room and the owners at once', [severity('SEV1')], urgent],
    ['what is undetermined needs what SEV1 does', [severity('UNDETERMINED')], urgent],
    ['SEV2 needs nothing in particular', [severity('SEV2')], none],
    ['a major incident needs what SEV1 does', [severity('SEV3'), major], urgent],
    ['one that was stood down does no more', [severity('SEV3'), major, stoodDown], none],
  ])('%s', (_, facts, expected) => expect(needs(...facts)).toMatchObject(expected))

  test.each<[what: string, facts: Fact[], from: string]>([
    ['the severity', [severity('SEV2'), severity('SEV1', '12:03')], '12:03'],
    ['it was undetermined', [severity('UNDETERMINED'), severity('SEV1', '12:03')], '12:00'],
    ['it is major', [severity('SEV2'), major], '12:05'],
    ['the first of both', [severity('SEV1', '12:03'), major], '12:03'],
  ])('the time runs since %s', (_, facts, from) => expect(needs(...facts).from).toBe(at(from)))

  test('no decision says so', () =>
    given(declared, severity('SEV2'))
      .when({ type: 'SetSeverity', data: { level: 'SEV1' } })
      .thenRecorded({ type: 'SeveritySet', data: { level: 'SEV1' } }))
})

const level = (
  level: 'SEV1' | 'SEV3',
  policies: Partial<LevelPolicies>,
): SeverityScale['levels'][0] => ({
  level,
  name: level,
  criteria: {},
  policies: {
    requiredRoles: [],
    warRoom: false,
    serviceOwners: false,
    withinMinutes: 30,
    ...policies,
  },
})
const role = (rest: Partial<RoleDefinition>): RoleDefinition => ({
  version: 1,
  name: 'x',
  duties: [],
  exclusive: false,
  required: false,
  qualified: false,
  ...rest,
})
const policy = {
  ...nothingSettled,
  severityScales: [
    { version: 1, levels: [level('SEV3', { warRoom: true })] },
    {
      version: 2,
      levels: [
        level('SEV1', { requiredRoles: ['SCRIBE', 'INCIDENT_COMMANDER'], withinMinutes: 10 }),
        level('SEV3', { requiredRoles: ['DEPUTY'] }),
      ],
    },
  ],
  roleCatalogue: new Map([
    ['OBSERVER', role({ required: true })],
    ['CUSTOMER_LIAISON', role({})],
  ] as const),
  rotation: { maxMinutes: 60 },
}
const set = (rest: Partial<Requirements>) => ({
  type: 'RequirementsSet' as const,
  data: { ...none, rotationMinutes: 60, ...rest },
})
const sev1 = { roles: ['INCIDENT_COMMANDER', 'SCRIBE', 'OBSERVER'], withinMinutes: 10 } as const
const sev3 = { roles: ['DEPUTY', 'OBSERVER'], withinMinutes: 30 } as const

describe('what the organisation settled', () => {
  const decided = (scene: ReturnType<typeof given>, command: Parameters<typeof scene.when>[0]) =>
    scene
      .when(command, { policy })
      .outcome()
      .events.filter(({ type }) => type === 'RequirementsSet')

  test.each([
    ['the declaration', given(), { type: 'DeclareIncident', data: { title: 'x' } }, sev1],
    [
      'a severity',
      given(declared, severity('SEV2')),
      { type: 'SetSeverity', data: { level: 'SEV1' } },
      sev1,
    ],
    [
      'a severity with a reason',
      given(declared, severity('SEV1')),
      { type: 'SetSeverity', data: { level: 'SEV3', reason } },
      sev3,
    ],
    [
      'a severity that the scale does not tell of',
      given(declared, severity('SEV1')),
      { type: 'SetSeverity', data: { level: 'SEV4', reason } },
      { roles: ['OBSERVER'] },
    ],
    [
      'becoming major',
      given(declared, severity('SEV3')),
      { type: 'DeclareMajor', data: { reason } },
      { ...sev1, roles: ['INCIDENT_COMMANDER', 'DEPUTY', 'SCRIBE', 'OBSERVER'] },
    ],
    [
      'standing down',
      given(declared, severity('SEV3'), major),
      { type: 'StandDownMajor', data: { reason } },
      sev3,
    ],
    [
      'another type',
      given(declared, severity('SEV3')),
      { type: 'Reclassify', data: { type: 'SECURITY', reason } },
      sev3,
    ],
  ] as const)('is put on record by %s', (_, scene, command, rest) =>
    expect(decided(scene, command)).toEqual([set(rest as object)]),
  )

  const settled: Fact = { ...(set(sev3 as object) as Fact), at: at('12:04') }

  test('holds until it is put on record again, and its time runs since then', () => {
    expect(needs(severity('SEV3'), settled)).toEqual({ ...settled.data, from: at('12:04') })
    expect(needs(severity('SEV3'), settled, severity('SEV1'))).toMatchObject(sev3)
  })

  test('is not put on record twice', () =>
    expect(
      decided(given(declared, severity('SEV3'), settled), {
        type: 'Reclassify',
        data: { type: 'SECURITY', reason },
      }),
    ).toEqual([]))

  test('goes back to what is usual once nothing is settled any more', () =>
    given(declared, severity('SEV3'), settled)
      .when({ type: 'DeclareMajor', data: { reason } })
      .thenRecorded({ type: 'MajorIncidentDeclared', data: { reason } }, {
        type: 'RequirementsSet',
        data: urgent,
      } as never))

  test('is nothing to imported history', () =>
    expect(decided(given(retrospective), { type: 'SetSeverity', data: { level: 'SEV1' } })).toEqual(
      [],
    ))

  test('is told in words', () =>
    expect(
      [set({ ...(sev1 as object), warRoom: true, serviceOwners: true }), set({})].map(fact =>
        given(declared, fact as Fact)
          .tells()
          .at(-1),
      ),
    ).toEqual([
      'Needed within 10 minutes: incident commander, scribe, observer, war room, owners of the services; whoever is on for 60 minutes is relieved',
      'Nobody in particular is needed; whoever is on for 60 minutes is relieved',
    ]))
})
