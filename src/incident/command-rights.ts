import { type Context, NotAuthorised, type Permit, Rejected } from '../decider/facet.js'
import { isHistory, requireCommander, requirePerson, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { requireLetIn } from './let-in.js'

/** Command is there to be taken by whoever asks. */
export function requireVacant(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  const { commander } = incident.handoff
  if (commander === context.actor.id) return 'ALREADY_SO'
  if (commander !== null)
    throw new Rejected('COMMAND_HELD', 'Somebody is in command; ask for a handoff.', { commander })
  requireLetIn(incident, context.actor.id)
}

/** Command can be taken from the one who has it. */
export function requireHeldByAnother(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  const { commander } = incident.handoff
  if (commander === context.actor.id) return 'ALREADY_SO'
  if (commander === null) throw vacant()
  requireLetIn(incident, context.actor.id)
}

/** There is a commander, and it is theirs to hand over. */
export function requireCommandHeld(incident: Incident, context: Context): void {
  requireRunning(incident)
  if (incident.handoff.commander === null) throw vacant()
  requireCommander(incident, context)
}

/** Command was offered to whoever asks. */
export function requireOffered(incident: Incident, { actor, overrides }: Context): void {
  requireRunning(incident)
  const { offer } = incident.handoff
  if (offer === null) throw new Rejected('NO_HANDOFF_OFFERED', 'Command is offered to nobody.')
  if (offer.to === actor.id || overrides || isHistory(incident)) return
  throw new NotAuthorised('NOT_OFFERED_TO_YOU', 'Command was offered to somebody else.', {
    to: offer.to,
  })
}

/** The same; whoever is in command already, without an offer, has accepted it. */
export function requireOfferedOrHeld(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  const { commander, offer } = incident.handoff
  if (offer === null && commander === context.actor.id) return 'ALREADY_SO'
  requireOffered(incident, context)
}

/** An offer is there to be withdrawn, and it is theirs. */
export function requireOwnOffer(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  if (incident.handoff.offer === null) return 'ALREADY_SO'
  requireCommander(incident, context)
}

/** There is no command to hand on. */
export const vacant = () => new Rejected('COMMAND_VACANT', 'Nobody is in command: claim it.')
