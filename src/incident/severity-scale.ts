import type { SeverityLevel } from './severity-levels.js'
import type { RoleKey } from './role-keys.js'

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
