import type { Audience } from './audiences.js'
import type { EngagedFunction } from './engaged-functions.js'
import type { IncidentType } from './incident-kinds.js'
import type { Policy } from './policy.js'
import type { EscalationTier } from './service-owner.js'
import type { VisibilityLevel } from './visibility-levels.js'

/** How incidents of a type are handled (domain rows 7 to 9); versions count from 1. */
export interface TypeDefinition {
  readonly version: number
  readonly description?: string
  /** Whom to escalate to, in this order. */
  readonly route: readonly EscalationTier[]
  /** Where the escalation goes, in words: a channel, a bridge. */
  readonly channel?: string
  /** The key of the runbook to begin with. */
  readonly playbook?: string
  /** Where whoever declares it does not say. */
  readonly visibility?: VisibilityLevel
  /** Who has to be told of them. */
  readonly audiences?: readonly Audience[]
  /** Pulled in at once. */
  readonly functions: readonly EngagedFunction[]
}
export type TypeDefinitions = ReadonlyMap<IncidentType, TypeDefinition>

/** Who may see incidents of a type where nobody says: a security incident is for few, if it is not settled otherwise. */
export const usualVisibility = (type: IncidentType, { incidentTypes }: Policy): VisibilityLevel =>
  incidentTypes.get(type)?.visibility ?? (type === 'SECURITY' ? 'RESTRICTED' : 'INTERNAL')
