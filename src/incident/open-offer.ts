import { type Context, Rejected } from '../decider/facet.js'
import type { OfferHandoff } from './handoff.js'
import type { Incident } from './incident.js'
import { requireLetIn } from './let-in.js'

/** An open offer of command ends with what it was about: the response, or the command of who offered it. */
export const voidedOffer = ({ handoff: { offer } }: Incident) =>
  offer ? [{ type: 'HandoffVoided', data: { to: offer.to } } as const] : []

/** When command was offered to them, if the offer is open. */
export const offeredAt = ({ handoff: { offer } }: Incident, person: string) =>
  offer?.to === person ? offer.at : undefined

/** At most one offer is open, and never to the commander. */
export function handoffOffered(
  incident: Incident,
  { note, ...command }: OfferHandoff,
  { person, revision }: Context,
) {
  const { commander, offer } = incident.handoff
  const to = person(command.to)
  if (to === commander)
    throw new Rejected('ALREADY_COMMANDER', 'They already are in command.', { commander })
  if (offer?.to === to) return []
  if (offer)
    throw new Rejected('HANDOFF_OPEN', 'Command is offered to somebody; withdraw that first.', {
      to: offer.to,
    })
  requireLetIn(incident, to)
  const data = { to, briefRevision: revision, ...(note !== undefined && { note }) }
  return [{ type: 'HandoffOffered', data } as const]
}
