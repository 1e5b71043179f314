import { type Facet, fact } from '../decider/facet.js'
import type { Incident } from './incident.js'
import { type RoleKey, roleWords } from './role-keys.js'

/** What an incident needs, as it is now (domain rows 3, 5, 25, 32, 36). */
export interface Requirements {
  /** Roles that somebody has to hold, in the order of the roles. */
  readonly roles: readonly RoleKey[]
  readonly warRoom: boolean
  /** The owners of the affected services are to be called. */
  readonly serviceOwners: boolean
  /** Until when that is to be there, from the moment it is needed. */
  readonly withinMinutes: number
  /** After so long somebody else shall be on. */
  readonly rotationMinutes: number
  /** Since when it is so. */
  readonly from: string
}

export interface RequirementEvents {
  RequirementsSet: {
    roles: readonly RoleKey[]
    warRoom: boolean
    serviceOwners: boolean
    withinMinutes: number
    rotationMinutes: number
  }
}

/**
 * Null while the incident needs what it would need if nobody had settled anything. What the organisation
 * settled otherwise is put on record when the incident comes under it, because later nobody could tell.
 */
export const requirements: Facet<Incident, Requirements | null, {}, RequirementEvents> = {
  initial: null,
  payloads: {},
  may: {},
  after: {},
  decide: {},
  evolve: {
    RequirementsSet: (_, { data, occurredAt: from }) => ({ ...data, roles: [...data.roles], from }),
  },
  narrate: { RequirementsSet: ({ data }) => fact(wordsOf(data)) },
  sensitive: { RequirementsSet: { roles: 'PLAIN' } },
}

function wordsOf(data: RequirementEvents['RequirementsSet']): string {
  const { roles, warRoom, serviceOwners, ...minutes } = data
  const needed = [
    ...[...roles].map(role => roleWords[role] ?? role),
    ...(warRoom ? ['war room'] : []),
    ...(serviceOwners ? ['owners of the services'] : []),
  ]
  const rotation = `whoever is on for ${minutes.rotationMinutes} minutes is relieved`
  if (needed.length === 0) return `Nobody in particular is needed; ${rotation}`
  return `Needed within ${minutes.withinMinutes} minutes: ${needed.join(', ')}; ${rotation}`
}
