import { type Context, Rejected } from '../decider/facet.js'
import { minutesAfter } from '../decider/instants.js'
import type { Incident } from './incident.js'
import type { RequestResponder, RespondToRequest } from './requests.js'
import { callNotFound, ownersOf, requireCalled } from './whom-to-call.js'

/** That one is needed; the owners of a service are those of that moment. */
export function requested(
  _: Incident,
  { person, role, service, reason }: RequestResponder,
  { newId, policy, ...context }: Context,
) {
  if ([person, role, service].filter(whom => whom !== undefined).length !== 1)
    throw new Rejected('INVALID_INPUT', 'Name a person, a role or a service, and only one.', {
      fields: ['person', 'role', 'service'],
    })
  const data = {
    requestId: newId(),
    ...(person !== undefined && { person: context.person(person) }),
    ...(role && { role }),
    ...(service !== undefined && { service, owners: ownersOf(policy, service) }),
    ...(reason !== undefined && { reason }),
  }
  return [{ type: 'ResponderRequested', data } as const]
}

/** Whether somebody comes; who will, says in how many minutes. */
export function replied(
  incident: Incident,
  { requestId, answer, etaMinutes, reason }: RespondToRequest,
  context: Context,
) {
  const { actor, now } = context
  const request = incident.requests.get(requestId)
  if (!request) throw callNotFound(requestId)
  if (request.asked) requireCalled(incident, request.asked, context)
  if ((answer === 'ETA') !== (etaMinutes !== undefined))
    throw new Rejected('INVALID_INPUT', 'In how many minutes is said with ETA, and only so.', {
      fields: ['etaMinutes'],
    })
  const known = request.replies.get(actor.id)
  if (known?.answer === answer && answer !== 'ETA' && known.reason === reason) return []
  const data = {
    requestId,
    person: actor.id,
    answer,
    ...(etaMinutes !== undefined && { expectedAt: minutesAfter(now, etaMinutes) }),
    ...(reason !== undefined && { reason }),
  }
  return [{ type: 'ResponderReplied', data } as const]
}
