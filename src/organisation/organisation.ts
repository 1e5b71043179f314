import { type CommandsOf, type DutiesOf, type EventsOf, decider } from '../decider/decider.js'
import type { MessagesOf, RecordedOf } from '../decider/facet.js'
import type { TypeDefinitions } from '../incident/incident-type.js'
import type { ResponsePlans } from '../incident/response-plan.js'
import type { RotationPolicy } from '../incident/rotation-policy.js'
import type { Runbooks } from '../incident/runbook.js'
import type { SeverityScale } from '../incident/severity-scale.js'
import { type CustomFields, customFields } from './custom-fields.js'
import type { Groups } from '../incident/group.js'
import type { Qualifications } from '../incident/qualification.js'
import type { RoleCatalogue } from '../incident/role-definition.js'
import type { ServiceOwners } from '../incident/service-owner.js'
import { groups } from './groups.js'
import { type IncidentTemplates, incidentTemplates } from './incident-templates.js'
import { incidentTypes } from './incident-types.js'
import { type ApiKeys, keys } from './keys.js'
import { type People, people } from './people.js'
import { qualifications } from './qualifications.js'
import { type Recoveries, recoveries } from './recoveries.js'
import { responsePlans } from './response-plans.js'
import { rotation } from './rotation.js'
import { runbooks } from './runbooks.js'
import { severityScales } from './severity-scales.js'
import { serviceOwners } from './service-owners.js'
import { roleCatalogue } from './role-catalogue.js'

/** What is settled before an incident: one stream for the whole ledger. */
export interface Organisation {
  readonly people: People
  readonly groups: Groups
  readonly keys: ApiKeys
  readonly recoveries: Recoveries
  readonly customFields: CustomFields
  readonly incidentTemplates: IncidentTemplates
  readonly severityScales: readonly SeverityScale[]
  readonly rotation: RotationPolicy
  readonly incidentTypes: TypeDefinitions
  readonly runbooks: Runbooks
  readonly responsePlans: ResponsePlans
  readonly roleCatalogue: RoleCatalogue
  readonly qualifications: Qualifications
  readonly serviceOwners: ServiceOwners
}

export const facets = {
  people,
  groups,
  keys,
  recoveries,
  customFields,
  incidentTemplates,
  severityScales,
  rotation,
  incidentTypes,
  runbooks,
  responsePlans,
  roleCatalogue,
  qualifications,
  serviceOwners,
}
export type OrganisationCommands = CommandsOf<typeof facets>
export type OrganisationEvents = EventsOf<typeof facets>
export type OrganisationCommand = MessagesOf<OrganisationCommands>
/** What the ledger does by itself; no client can send these. */
export type OrganisationDuties = DutiesOf<typeof facets>
export type OrganisationDuty = MessagesOf<OrganisationDuties>
export type OrganisationEvent = RecordedOf<OrganisationEvents>

export const organisations = decider<Organisation, typeof facets>(facets)
