import { earliest } from '../decider/instants.js'
import type { Incident } from './incident.js'
import type { Policy } from './policy.js'
import type { RequirementEvents, Requirements } from './requirements.js'
import { type RoleKey, roleKeys } from './role-keys.js'
import { usualRotation } from './rotation-policy.js'
import { type SeverityLevel, effective } from './severity-levels.js'
import type { LevelPolicies } from './severity-scale.js'

type Asked = RequirementEvents['RequirementsSet']

/** Until when the worst is to be staffed, where nobody has said otherwise. */
const usualMinutes = 5
const nothing: LevelPolicies = {
  requiredRoles: [],
  warRoom: false,
  serviceOwners: false,
  withinMinutes: usualMinutes,
}
/** SEV1, and what is major: command at once, a war room, and those who know the services (row 36). */
const urgent: LevelPolicies = {
  requiredRoles: ['INCIDENT_COMMANDER'],
  warRoom: true,
  serviceOwners: true,
  withinMinutes: usualMinutes,
}

/** What the incident needs now. */
export const requirementsOf = (incident: Incident): Requirements =>
  incident.requirements ?? usual(incident)

const usual = (incident: Incident): Requirements => ({
  ...asked(incident, level => (level === 'SEV1' ? urgent : nothing), []),
  rotationMinutes: usualRotation.maxMinutes,
  from: usuallySince(incident),
})

/** Undetermined acts as SEV1, so to settle on that changes nothing of what is needed. */
function usuallySince({ declaration, severity, ...incident }: Incident): string {
  const since = severity.actsSince || declaration.declaredAt
  const worst = effective(severity.level) === 'SEV1' ? since : undefined
  return earliest(worst, majorSince(incident)) ?? declaration.declaredAt
}

const majorSince = ({ major }: Pick<Incident, 'major'>) =>
  major.at(-1)?.stoodDown ? undefined : major.at(-1)?.from

/** What the policy asks of the incident now, if that is anything else than what it needs already. */
export function requirementsSet(incident: Incident, policy: Policy) {
  const { roleCatalogue, rotation } = policy
  const everywhere = roleKeys.filter(role => roleCatalogue.get(role)?.required)
  const data: Asked = {
    ...asked(incident, level => settled(level, policy), everywhere),
    rotationMinutes: rotation.maxMinutes,
  }
  const { from: _, ...now } = requirementsOf(incident)
  return isSame(data, now) ? [] : [{ type: 'RequirementsSet', data } as const]
}

const settled = (level: SeverityLevel, { severityScales }: Policy): LevelPolicies =>
  severityScales.at(-1)?.levels.find(one => one.level === level)?.policies ??
  (level === 'SEV1' ? urgent : nothing)

/** A major incident needs besides what the worst severity does. */
function asked(
  incident: Incident,
  of: (level: SeverityLevel) => LevelPolicies,
  everywhere: readonly RoleKey[],
) {
  const own = of(effective(incident.severity.level))
  const all = majorSince(incident) !== undefined ? [own, of('SEV1')] : [own]
  const roles = new Set([...everywhere, ...all.flatMap(({ requiredRoles }) => requiredRoles)])
  return {
    roles: roleKeys.filter(role => roles.has(role)),
    warRoom: all.some(({ warRoom }) => warRoom),
    serviceOwners: all.some(({ serviceOwners }) => serviceOwners),
    withinMinutes: Math.min(...all.map(({ withinMinutes }) => withinMinutes)),
  }
}

const isSame = (one: Asked, other: Asked) =>
  one.roles.join() === other.roles.join() &&
  one.warRoom === other.warRoom &&
  one.serviceOwners === other.serviceOwners &&
  one.withinMinutes === other.withinMinutes &&
  one.rotationMinutes === other.rotationMinutes
