import type { RoleKey } from './role-keys.js'

/** What a role means here (domain row 32); versions count from 1. */
export interface RoleDefinition {
  readonly version: number
  readonly name: string
  readonly duties: readonly string[]
  /** What to do first, in words. */
  readonly instructions?: string
  /** At most one person holds it at a time. */
  readonly exclusive: boolean
  /** Every incident needs one. */
  readonly required: boolean
  /** Whoever is assigned it must hold a qualification that has not expired. */
  readonly qualified: boolean
}
/** By role; a role that nobody defined is as it always was. */
export type RoleCatalogue = ReadonlyMap<RoleKey, RoleDefinition>
