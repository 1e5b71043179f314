import { describe, expect, test } from '@jest/globals'
import { payload } from '../../src/commands/payload.js'
import { ERASED } from '../../src/decider/facet.js'
import { levelMeant } from '../../src/incident/severity-scale.js'
import { DefineSeverityScale } from '../../src/organisation/severity-scales.js'
import { givenOrganisation as given } from '../support/given.js'

const sev1 = { level: 'SEV1', name: 'Critical' } as const
const sev3 = { level: 'SEV3', name: 'Minor', criteria: { durationMinutes: 30 } } as const
const nothing = { requiredRoles: [], warRoom: false, serviceOwners: false, withinMinutes: 5 }
const settled1 = { ...sev1, criteria: {}, policies: nothing }
const settled3 = { ...sev3, policies: nothing }
const define = (...levels: DefineSeverityScale['levels']) =>
  ({ type: 'DefineSeverityScale', data: { levels } }) as const
const defined = (version: number, ...levels: object[]) =>
  ({ type: 'SeverityScaleDefined', data: { version, levels: levels as [] } }) as const

describe('defining the severity scale', () => {
  test('makes a version, and another each time something differs', () => {
    given().when(define(sev1)).thenRecorded(defined(1, settled1))
    given(defined(1, settled1)).when(define(sev1)).thenNothing()
    given(defined(1, settled1))
      .when(define({ ...sev1, name: 'Worst' }))
      .thenRecorded(defined(2, { ...settled1, name: 'Worst' }))
    given(defined(1, settled1), defined(2, settled3))
      .when(define(sev1))
      .thenRecorded(defined(3, settled1))
  })

  test('puts the worst first, and roles in their order', () => {
    const policies = { requiredRoles: ['SCRIBE', 'INCIDENT_COMMANDER'], warRoom: true } as const
    given()
      .when(
        define(sev3, {
          ...sev1,
          policies: { ...policies, requiredRoles: [...policies.requiredRoles] },
        }),
      )
      .thenRecorded(
        defined(
          1,
          {
            ...settled1,
            policies: {
              ...nothing,
              requiredRoles: ['INCIDENT_COMMANDER', 'SCRIBE'],
              warRoom: true,
            },
          },
          settled3,
        ),
      )
  })

  test('is refused for a level twice', () =>
    given()
      .when(define(sev1, sev1))
      .thenRefused('INVALID_INPUT', { fields: ['levels'] }))

  test('is over after 200 versions, but says nothing new for ever', () => {
    const severityScales = Array.from({ length: 200 }, (_, n) => ({
      version: n + 1,
      levels: [settled1],
    }))
    const full = given.with({ ...given().state, severityScales })
    full.when(define(sev3)).thenRefused('LIMIT_REACHED')
    full.when(define(sev1)).thenNothing()
  })

  test.each([
    ['no level', []],
    ['what is undetermined', [{ ...sev1, level: 'UNDETERMINED' }]],
    ['more than all users', [{ ...sev1, criteria: { usersAffectedPct: 101 } }]],
    ['a share that is no number', [{ ...sev1, criteria: { usersAffectedPct: Number.NaN } }]],
    ['half a minute', [{ ...sev1, criteria: { durationMinutes: 0.5 } }]],
    ['a role that is none', [{ ...sev1, policies: { requiredRoles: ['KING'] } }]],
    ['no time at all', [{ ...sev1, policies: { withinMinutes: 0 } }]],
    ['criteria that are a word', [{ ...sev1, criteria: 'bad' }]],
  ])('takes not %s', (_, levels) =>
    expect(() => payload(DefineSeverityScale, { levels })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    ),
  )
})

describe('a level', () => {
  const { state } = given(defined(1, settled1), defined(2, { ...settled1, name: 'Worst' }))

  test.each([
    ['SEV1', 1, 'Critical'],
    ['SEV1', 2, 'Worst'],
    ['UNDETERMINED', 2, 'Worst'],
    ['SEV2', 2, undefined],
    ['SEV1', undefined, undefined],
    ['SEV1', 3, undefined],
  ] as const)('%s of version %p is called %p', (level, version, name) =>
    expect(levelMeant(state, level, version)?.name).toBe(name),
  )
})

test('a scale whose levels were erased says nothing, but that there was one', () => {
  const scene = given({ ...defined(1), data: { version: 1, levels: ERASED as never } })
  expect(scene.state.severityScales).toEqual([{ version: 1, levels: [] }])
  expect(scene.tells()).toEqual(['alice defined version 1 of the severity scale'])
})

test('the log tells what each level is called', () =>
  expect(given(defined(1, settled1, settled3)).tells()).toEqual([
    'alice defined version 1 of the severity scale: SEV1 is “Critical”, SEV3 is “Minor”',
  ]))
