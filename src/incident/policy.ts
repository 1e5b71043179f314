import type { FieldDefinition } from './custom-field.js'

/**
 * What the organisation has settled, as far as incidents are decided under it: the state of its stream
 * at the `policyRevision` that the events will carry.
 */
export interface Policy {
  /** By key, the retired ones too. */
  readonly customFields: ReadonlyMap<string, FieldDefinition>
}

/** Where nobody has settled anything yet. */
export const nothingSettled: Policy = { customFields: new Map() }
