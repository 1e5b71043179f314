import type { FieldDefinition, FieldType } from '../../src/incident/custom-field.js'
import { type Policy, nothingSettled } from '../../src/incident/policy.js'
import type { OrganisationEvents } from '../../src/organisation/organisation.js'
import { type FactOf, givenOrganisation } from './given.js'

/** What these facts of the organisation come to. */
export const settledBy = (...facts: FactOf<OrganisationEvents>[]): Policy => ({
  ...nothingSettled,
  ...givenOrganisation(...facts).state,
})

const field = (key: string, type: FieldType, rest: Partial<FieldDefinition> = {}) =>
  ({
    type: 'CustomFieldDefined',
    data: { key, name: `The ${key}`, type, required: false, ...rest },
  }) as const

/** A field of every type, one that is required, and a retired one. */
export const policy = settledBy(
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
