import type { FieldDefinition } from './custom-field.js'
import type { Groups } from './group.js'
import type { IncidentTemplate } from './incident-template.js'
import type { TypeDefinitions } from './incident-type.js'
import type { Qualifications } from './qualification.js'
import type { ResponsePlans } from './response-plan.js'
import type { RoleCatalogue } from './role-definition.js'
import { type RotationPolicy, usualRotation } from './rotation-policy.js'
import type { Runbooks } from './runbook.js'
import type { ServiceOwners } from './service-owner.js'
import type { SeverityScale } from './severity-scale.js'

/**
 * What the organisation has settled, as far as incidents are decided under it: the state of its stream
 * at the `policyRevision` that the events will carry.
 */
export interface Policy {
  /** By id; who they are is the directory's to say. */
  readonly people: ReadonlyMap<string, { readonly timeZone?: string }>
  /** By key, the retired ones too. */
  readonly customFields: ReadonlyMap<string, FieldDefinition>
  /** By key, the retired ones too. */
  readonly incidentTemplates: ReadonlyMap<string, IncidentTemplate>
  /** All versions, the last one being in force; empty if nobody has defined one. */
  readonly severityScales: readonly SeverityScale[]
  readonly roleCatalogue: RoleCatalogue
  readonly qualifications: Qualifications
  readonly serviceOwners: ServiceOwners
  readonly rotation: RotationPolicy
  readonly incidentTypes: TypeDefinitions
  readonly runbooks: Runbooks
  readonly responsePlans: ResponsePlans
  readonly groups: Groups
}

/** Where nobody has settled anything yet. */
export const nothingSettled: Policy = {
  people: new Map(),
  customFields: new Map(),
  incidentTemplates: new Map(),
  severityScales: [],
  roleCatalogue: new Map(),
  qualifications: new Map(),
  serviceOwners: new Map(),
  rotation: usualRotation,
  incidentTypes: new Map(),
  runbooks: new Map(),
  responsePlans: new Map(),
  groups: new Map(),
}
