import { type Context, Rejected } from '../decider/facet.js'
import { minutesAfter } from '../decider/instants.js'
import type { Escalate, Escalation } from './escalations.js'
import { typeOf } from './guards.js'
import type { Incident } from './incident.js'
import type { Policy } from './policy.js'
import type { EscalationTier } from './service-owner.js'
import { ownersOf, registered } from './whom-to-call.js'

/** No path is longer. */
export const tiersMax = 20

/** Whom to go to, in this order: for a service its own path, else that of the incident's type. */
export const pathOf = (
  incident: Incident,
  policy: Policy,
  service: string | undefined,
): readonly EscalationTier[] =>
  service === undefined
    ? (policy.incidentTypes.get(typeOf(incident))?.route ?? [])
    : registered(policy, service).escalation

/** What was escalated along a path so far: a service's, or that of the incident's type. */
export const alongPath = ({ escalations }: Incident, service: string | undefined): Escalation[] =>
  [...escalations.values()].filter(
    one => one.service === service && (service !== undefined || one.tier !== undefined),
  )

/** The last tier that was called along a path; 0: none. */
export const tierReached = (along: readonly Escalation[]) =>
  along.findLast(({ tier }) => tier !== undefined)?.tier ?? 0

type Target = Pick<Escalation, 'to' | 'from' | 'tiersSkipped'> & Partial<Escalation>

/** Where an escalation goes: to people, directly to the owners of a service, or to a tier of a path. */
export function raised(incident: Incident, command: Escalate, context: Context) {
  const { service, people, reason } = command
  if (people !== undefined && (service ?? command.tier ?? command.skipTiers) !== undefined)
    throw new Rejected('INVALID_INPUT', 'Name people, or say how far along a path.', {
      fields: ['people', 'service', 'tier', 'skipTiers'],
    })
  const target = people ? toPeople(people, context) : alongIt(incident, command, context)
  const data = {
    escalationId: context.newId(),
    ...(service !== undefined && { service }),
    ...target,
    reason,
  }
  return [{ type: 'IncidentEscalated', data } as const]
}

function toPeople(people: readonly string[], { person }: Context): Target {
  if (people.length === 0)
    throw new Rejected('INVALID_INPUT', 'Name somebody.', { fields: ['people'] })
  return { from: [], to: [...new Set(people.map(person))], tiersSkipped: 0 }
}

function alongIt(
  incident: Incident,
  { service, tier, skipTiers = false }: Escalate,
  { policy, now }: Context,
): Target {
  const along = alongPath(incident, service)
  const path = pathOf(incident, policy, service)
  const reached = tierReached(along)
  const from = along.at(-1)?.to ?? []
  if (tier === undefined && skipTiers && service !== undefined)
    return { from, to: ownersOf(policy, service), tiersSkipped: path.length - reached }
  const next = tier ?? reached + 1
  const called = path[next - 1]
  if (!called)
    throw new Rejected('NO_TIER_LEFT', `The path has ${path.length} tiers.`, {
      tiers: path.length,
      reached,
    })
  const tiersSkipped = Math.max(0, next - reached - 1)
  if (tiersSkipped > 0 && !skipTiers)
    throw new Rejected('TIER_SKIPPED', `Tier ${reached + 1} is next; say so to go past it.`, {
      next: reached + 1,
    })
  const after = path[next]?.afterMinutes
  const nextAt = after === undefined ? {} : { nextAt: minutesAfter(now, after) }
  return { from, to: called.people, tier: next, tiersSkipped, ...nextAt }
}
