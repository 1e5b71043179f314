import { type Context, NotAuthorised, Rejected } from '../decider/facet.js'
import { isHistory } from './guards.js'
import type { Incident } from './incident.js'
import type { Policy } from './policy.js'
import type { ServiceOwner } from './service-owner.js'

/** Who looks after a service, as registered; a refusal if nobody is. */
export function registered({ serviceOwners }: Policy, service: string): ServiceOwner {
  const found = serviceOwners.get(service)
  if (!found || found.retiredAt !== undefined) throw nobody(service)
  return found
}

/** Who owns a service; a refusal if nobody does. */
export function ownersOf(policy: Policy, service: string): readonly string[] {
  const { owners } = registered(policy, service)
  if (owners.length === 0) throw nobody(service)
  return owners
}

const nobody = (service: string) =>
  new Rejected('NO_SERVICE_OWNER', `Nobody is registered as owner of ${service}.`, { service })

/** Who was called answers; nobody else but an administrator with a reason, and of history whoever says so. */
export function requireCalled(
  incident: Incident,
  people: readonly string[],
  { actor, overrides }: Context,
): void {
  if (people.includes(actor.id) || overrides || isHistory(incident)) return
  throw new NotAuthorised('NOT_ASKED', 'Somebody else was called.', { people })
}

/** There is no such page, request or escalation. */
export const callNotFound = (id?: string) =>
  new Rejected('CALL_NOT_FOUND', 'There is no such call here.', { ...(id && { id }) })
