import { type Context, Rejected } from '../decider/facet.js'
import type { Incident } from './incident.js'
import { type RoleKey, roleWords } from './role-keys.js'

/** A task is one person's: named, or pointed to by a role that exactly one person holds now. */
export function resolved(
  incident: Incident,
  { person, role }: { readonly person?: string; readonly role?: RoleKey },
  context: Context,
): { assignee: string; viaRole?: RoleKey } {
  if ((person === undefined) === (role === undefined))
    throw new Rejected('INVALID_INPUT', 'Name a person or a role, and only one of them.', {
      fields: ['assignee'],
    })
  return person === undefined
    ? { assignee: onlyHolder(incident, role!), viaRole: role! }
    : { assignee: context.person(person) }
}

function onlyHolder({ roles, handoff }: Incident, role: RoleKey): string {
  const holders =
    role === 'INCIDENT_COMMANDER'
      ? handoff.commander === null
        ? []
        : [handoff.commander]
      : [...new Set(roles.held.filter(held => held.role === role).map(held => held.person))]
  if (holders.length === 0)
    throw new Rejected('ROLE_VACANT', `Nobody is ${roleWords[role]}.`, { role })
  if (holders.length > 1)
    throw new Rejected('ROLE_AMBIGUOUS', `${holders.length} people are ${roleWords[role]}.`, {
      role,
      holders,
    })
  return holders[0]!
}
