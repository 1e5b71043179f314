import type { RoleKey } from './role-keys.js'

/** That somebody was trained for a role (domain row 26). */
export interface Qualification {
  readonly person: string
  readonly role: RoleKey
  readonly grantedAt: string
  /** From then on it counts no more; left out: it does not expire. */
  readonly expiresAt?: string
}
/** Those not revoked, by person and then role; the expired ones too. */
export type Qualifications = ReadonlyMap<string, ReadonlyMap<RoleKey, Qualification>>
