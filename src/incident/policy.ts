import type { FieldDefinition } from './custom-field.js'
import type { IncidentTemplate } from './incident-template.js'

/**
 * What the organisation has settled, as far as incidents are decided under it: the state of its stream
 * at the `policyRevision` that the events will carry.
 */
export interface Policy {
  /** By key, the retired ones too. */
  readonly customFields: ReadonlyMap<string, FieldDefinition>
  /** By key, the retired ones too. */
  readonly incidentTemplates: ReadonlyMap<string, IncidentTemplate>
}

/** Where nobody has settled anything yet. */
export const nothingSettled: Policy = { customFields: new Map(), incidentTemplates: new Map() }
