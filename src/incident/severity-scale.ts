import { Rejected } from '../decider/facet.js'
import type { Policy } from './policy.js'
import type { RoleKey } from './role-keys.js'
import { type SeverityLevel, effective } from './severity-levels.js'

/** What each severity means here, agreed before anything happens (domain row 5); versions count from 1. */
export interface SeverityScale {
  readonly version: number
  readonly levels: readonly ScaleLevel[]
}
export interface ScaleLevel {
  readonly level: Exclude<SeverityLevel, 'UNDETERMINED'>
  readonly name: string
  readonly description?: string
  readonly criteria: {
    /** Of all users, from so many per cent on. */
    readonly usersAffectedPct?: number
    /** From so many minutes on. */
    readonly durationMinutes?: number
  }
  readonly policies: LevelPolicies
}
/** What an incident of a level needs. */
export interface LevelPolicies {
  readonly requiredRoles: readonly RoleKey[]
  readonly warRoom: boolean
  readonly serviceOwners: boolean
  /** Until when that is to be there, from the moment it is needed. */
  readonly withinMinutes: number
}

/** Under which scale a severity was said, if there is one: the last one. */
export function saidUnder({ severityScales }: Policy): { readonly scaleVersion?: number } {
  const scaleVersion = severityScales.at(-1)?.version
  return scaleVersion === undefined ? {} : { scaleVersion }
}

/** Throws `Rejected` if somebody reads another scale than the one in force: they may mean something else. */
export function requireCurrentScale(read: number | undefined, policy: Policy): void {
  const { scaleVersion: version = null } = saidUnder(policy)
  if (read !== undefined && read !== version)
    throw new Rejected('POLICY_CHANGED', 'The severity scale is not the one that you read.', {
      what: 'SEVERITY_SCALE',
      version,
    })
}

/** What a level meant in a version of the scale; the undetermined means what it is treated as. */
export const levelMeant = (
  { severityScales }: Pick<Policy, 'severityScales'>,
  level: SeverityLevel,
  version: number | undefined,
): ScaleLevel | undefined =>
  severityScales
    .find(scale => scale.version === version)
    ?.levels.find(one => one.level === effective(level))
