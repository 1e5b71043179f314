import { describe, expect, test } from '@jest/globals'
import { payload } from '../../src/commands/payload.js'
import { isFor, planCoverage } from '../../src/incident/response-plan.js'
import type { ServiceOwner, ServiceOwners } from '../../src/incident/service-owner.js'
import { DefinePlan } from '../../src/organisation/response-plans.js'
import { at, givenOrganisation as given } from '../support/given.js'
import { settledBy } from '../support/policy.js'

const step = { key: 'dns', title: 'Move traffic' }
const define = (data: Partial<DefinePlan> = {}) => ({
  type: 'DefinePlan' as const,
  data: { key: 'region', name: 'A region is lost', steps: [step], ...data },
})
const content = {
  name: 'A region is lost',
  types: [],
  severities: [],
  services: [],
  inOrder: false,
  steps: [{ ...step, needsApproval: false }],
} as const
const defined = (version: number, data: object = {}) =>
  ({ type: 'PlanDefined', data: { key: 'region', version, ...content, ...data } }) as const
const retire = { type: 'RetirePlan', data: { key: 'region' } } as const
const retired = { type: 'PlanRetired', data: { key: 'region' }, at: at('12:05') } as const

describe('defining a response plan', () => {
  test('makes a version, and another each time something differs', () => {
    given().when(define()).thenRecorded(defined(1))
    given(defined(1)).when(define()).thenNothing()
    given(defined(1))
      .when(define({ types: ['SECURITY'] }))
      .thenRecorded(defined(2, { types: ['SECURITY'] }))
    given(defined(2), retired).when(define()).thenRecorded(defined(3))
  })

  test('says what it is for in one order, so that the same plan is no new version', () => {
    const sorted = {
      types: ['SECURITY', 'SERVICE'],
      severities: ['SEV1', 'SEV3'],
      services: ['api', 'web'],
    }
    const asGiven: Partial<DefinePlan> = {
      types: ['SERVICE', 'SECURITY'],
      severities: ['SEV3', 'SEV1'],
      services: ['web', 'api', 'web'],
    }
    given().when(define(asGiven)).thenRecorded(defined(1, sorted))
    given(defined(1, sorted)).when(define(asGiven)).thenNothing()
  })

  test('is refused for two steps of one key', () =>
    given()
      .when(define({ steps: [step, step] }))
      .thenRefused('INVALID_INPUT', { fields: ['steps'] }))

  test('is over when 200 are defined', () => {
    const many = new Map(
      Array.from({ length: 200 }, (_, n) => [`p${n}`, { version: 1, ...content }]),
    )
    given
      .with({ ...given().state, responsePlans: many })
      .when(define())
      .thenRefused('LIMIT_REACHED')
  })

  test.each([
    ['a type twice', { types: ['SERVICE', 'SERVICE'] }, ['types']],
    ['a severity that is none', { severities: ['SEV9'] }, ['severities']],
    ['a service that is no key', { services: ['Not OK'] }, ['services']],
    ['no step', { steps: [] }, ['steps']],
  ])('takes no %s', (_, differs, fields) =>
    expect(() => payload(DefinePlan, { ...define().data, ...differs })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({ fields }),
      }),
    ),
  )
})

test('a response plan is retired once, and kept', () => {
  given(defined(1))
    .when(retire)
    .thenRecorded({ type: 'PlanRetired', data: { key: 'region' } })
  given(defined(1), retired).when(retire).thenNothing()
  given().when(retire).thenRefused('UNKNOWN_PLAN', { key: 'region' })
  expect(given(defined(1), retired).state.responsePlans.get('region')?.retiredAt).toBe(at('12:05'))
})

test('the log tells which versions there were, and the end', () =>
  expect(given(defined(1), retired).tells()).toEqual([
    'alice defined version 1 of the response plan “A region is lost” (region)',
    'alice retired the response plan “A region is lost”',
  ]))

describe('a response plan', () => {
  const plan = { version: 1, ...content, severities: ['SEV1'], services: ['api'] } as const

  test.each([
    ['of its severity and service', { severity: 'SEV1', service: 'api' }, true],
    ['of an undetermined severity, which acts as SEV1', { severity: 'UNDETERMINED' }, true],
    ['of another severity', { severity: 'SEV2' }, false],
    ['of another service', { service: 'web' }, false],
    ['of any type, since it names none', { type: 'SECURITY' }, true],
    ['of which nothing is said', {}, true],
  ] as const)('is found for incidents %s', (_, wanted, is) => expect(isFor(plan, wanted)).toBe(is))
})

describe('what is planned for a service', () => {
  const policy = settledBy(
    defined(1, { key: 'all-sev1', severities: ['SEV1'] }),
    defined(1, { key: 'api', types: ['SERVICE'], services: ['api'] }),
    defined(1, { key: 'old', services: ['gone'] }),
    { type: 'PlanRetired', data: { key: 'old' } },
  )
  const owner = { name: 'Web', owners: [], contacts: [], escalation: [] }
  const serviceOwners: ServiceOwners = new Map<string, ServiceOwner>([
    ['web', owner],
    ['left', { ...owner, retiredAt: at('12:05') }],
  ])
  const later = ['SEV2', 'SEV3', 'SEV4', 'SEV5'] as const

  test('is told of each that is registered or named, with what nothing is planned for', () =>
    expect(planCoverage({ ...policy, serviceOwners })).toEqual([
      {
        service: 'api',
        plans: ['all-sev1', 'api'],
        missing: [{ type: 'SECURITY', severities: later }],
      },
      {
        service: 'web',
        plans: ['all-sev1'],
        missing: [
          { type: 'SERVICE', severities: later },
          { type: 'SECURITY', severities: later },
        ],
      },
    ]))

  test('is nothing where nobody named or registered any', () =>
    expect(planCoverage(settledBy())).toEqual([]))
})
