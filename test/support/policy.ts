import type { FieldDefinition, FieldType } from '../../src/incident/custom-field.js'
import type { Policy } from '../../src/incident/policy.js'
import type { OrganisationEvents } from '../../src/organisation/organisation.js'
import { type FactOf, givenOrganisation } from './given.js'
import { serviceOwners } from './service-owners.js'

/** What these facts of the organisation come to. */
export const settledBy = (...facts: FactOf<OrganisationEvents>[]): Policy =>
  givenOrganisation(...facts).state

const field = (key: string, type: FieldType, rest: Partial<FieldDefinition> = {}) =>
  ({
    type: 'CustomFieldDefined',
    data: { key, name: `The ${key}`, type, required: false, ...rest },
  }) as const

const steps = [
  { key: 'stop', title: 'Stop writing', needsApproval: true },
  { key: 'switch', title: 'Switch over', needsApproval: false },
  { key: 'tell', title: 'Tell everybody', needsApproval: false },
]
export const failOver = { key: 'fail-over', version: 2, name: 'Fail over', inOrder: true, steps }
export const lostRegion = { key: 'lost-region', version: 1, name: 'A region is lost', steps }

/** Runbooks, plans and, for service incidents, what to begin with. */
const thoughtOut = [
  { type: 'RunbookDefined', data: failOver },
  { type: 'RunbookDefined', data: { ...failOver, key: 'old' } },
  { type: 'RunbookRetired', data: { key: 'old' } },
  {
    type: 'PlanDefined',
    data: { ...lostRegion, types: [], severities: [], services: [], inOrder: false },
  },
  {
    type: 'PlanDefined',
    data: { ...lostRegion, key: 'old', types: [], severities: [], services: [], inOrder: false },
  },
  { type: 'PlanRetired', data: { key: 'old' } },
] as const

const settled = settledBy(
  ...thoughtOut,
  field('cause', 'TEXT'),
  field('affected', 'NUMBER'),
  field('public', 'BOOLEAN', { required: true }),
  field('since', 'DATE'),
  field('region', 'SINGLE_SELECT', { options: ['Europe', 'Asia'] }),
  field('channels', 'MULTI_SELECT', { options: ['web', 'app', 'phone'] }),
  field('contact', 'PERSON'),
  field('report', 'LINK'),
  field('constructor', 'TEXT'),
  field('old', 'TEXT'),
  { type: 'CustomFieldRetired', data: { key: 'old' } },
  {
    type: 'IncidentTemplateDefined',
    data: {
      key: 'failover',
      version: 3,
      name: 'Failover',
      title: 'The database failed over',
      severity: 'SEV2',
      type: 'SERVICE',
      effect: 'DEGRADATION',
      services: ['db'],
      labels: ['team:data'],
      customFields: [
        { key: 'region', value: { option: 'Asia' } },
        { key: 'cause', value: { text: 'A failover' } },
        { key: 'old', value: { text: 'Retired since' } },
        { key: 'affected', value: { text: 'Of another type once' } },
      ],
      guidance: 'Look at the lag',
    },
  },
  {
    type: 'SeverityScaleDefined',
    data: {
      version: 1,
      levels: [
        {
          level: 'SEV1',
          name: 'Critical',
          criteria: { usersAffectedPct: 10 },
          policies: {
            requiredRoles: ['INCIDENT_COMMANDER', 'SCRIBE'],
            warRoom: true,
            serviceOwners: true,
            withinMinutes: 10,
          },
        },
      ],
    },
  },
  { type: 'IncidentTemplateDefined', data: { key: 'bare', version: 1, name: 'Bare' } },
  { type: 'IncidentTemplateDefined', data: { key: 'gone', version: 1, name: 'Gone' } },
  { type: 'IncidentTemplateRetired', data: { key: 'gone' } },
)

/** A field of every type, one that is required, and a retired one; and what was thought out. */
export const policy: Policy = {
  ...settled,
  serviceOwners,
  incidentTypes: new Map([
    ['SERVICE', { version: 1, route: [], playbook: 'fail-over', functions: [] }],
  ]),
}
