import { earliest, latest, minutesAfter } from '../decider/instants.js'
import type { Incident } from './incident.js'
import { requirementsOf } from './needs.js'
import type { RoleKey } from './role-keys.js'

/** Listening wears nobody out. */
const resting: RoleKey = 'OBSERVER'

/** Who works on the incident, here or in a role, and since when without a break. */
export function engaged({ handoff, roles, presence }: Incident): ReadonlyMap<string, string> {
  const since = new Map<string, string>()
  const counts = (person: string, at: string) => since.set(person, earliest(since.get(person), at)!)
  for (const [person, { on, at }] of presence) if (on) counts(person, at)
  for (const { person, role, since: at } of roles.held) if (role !== resting) counts(person, at)
  if (handoff.commander !== null) counts(handoff.commander, handoff.since)
  return since
}

/** When somebody else shall be on instead of whoever has been on since then. */
export const rotationDueAt = (incident: Incident, since: string) =>
  minutesAfter(since, requirementsOf(incident).rotationMinutes)

/** The roles that the incident needs and nobody holds, with when somebody had to. */
export function vacantRoles(incident: Incident): { role: RoleKey; since: string; dueAt: string }[] {
  const { roles, from, withinMinutes } = requirementsOf(incident)
  return roles
    .filter(role => !isHeld(incident, role))
    .map(role => {
      const since = latest(from, vacantSince(incident, role))!
      return { role, since, dueAt: minutesAfter(since, withinMinutes) }
    })
}

const isHeld = ({ handoff, roles }: Incident, role: RoleKey) =>
  role === 'INCIDENT_COMMANDER'
    ? handoff.commander !== null
    : roles.held.some(held => held.role === role)

/** Undefined before anybody held it. */
const vacantSince = ({ handoff, roles }: Incident, role: RoleKey) =>
  role === 'INCIDENT_COMMANDER' ? handoff.since || undefined : roles.releasedAt.get(role)
