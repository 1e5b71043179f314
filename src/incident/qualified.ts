import { type Context, NotAuthorised } from '../decider/facet.js'
import { isHistory } from './guards.js'
import type { Incident } from './incident.js'
import { type RoleKey, roleWords } from './role-keys.js'

type Asked = Pick<Context, 'policy' | 'now' | 'overrides'>

/** Why somebody may not hold a role; undefined if they were trained for it, and it still counts. */
function lack(person: string, role: RoleKey, { policy, now }: Asked) {
  const held = policy.qualifications.get(person)?.get(role)
  if (!held) return 'NOT_QUALIFIED'
  return held.expiresAt !== undefined && held.expiresAt <= now ? 'QUALIFICATION_EXPIRED' : undefined
}

/**
 * Somebody in command; flagged if they are not trained for it, where it is kept who is. That holds nobody
 * up (domain row 21), but it is on record. Of history nothing is known.
 */
export function commanding(
  incident: Incident,
  commander: string,
  asked: Asked,
): { commander: string; unqualified?: true } {
  const { qualifications } = asked.policy
  const isKept = [...qualifications.values()].some(of => of.has('INCIDENT_COMMANDER'))
  const isFlagged = isKept && !isHistory(incident) && lack(commander, 'INCIDENT_COMMANDER', asked)
  return { commander, ...(isFlagged && { unqualified: true }) }
}

/** Whoever is given a role for which one has to be trained is, unless an administrator says otherwise. */
export function requireQualified(incident: Incident, person: string, role: RoleKey, asked: Asked) {
  if (asked.overrides || isHistory(incident) || !asked.policy.roleCatalogue.get(role)?.qualified)
    return
  const code = lack(person, role, asked)
  if (code === undefined) return
  throw new NotAuthorised(
    code,
    code === 'NOT_QUALIFIED'
      ? `They are not trained as ${roleWords[role]}.`
      : `Their training as ${roleWords[role]} has expired.`,
    { person, role },
  )
}
