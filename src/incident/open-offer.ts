import type { Incident } from './incident.js'

/** An open offer of command ends with what it was about: the response, or the command of who offered it. */
export const voidedOffer = ({ handoff: { offer } }: Incident) =>
  offer ? [{ type: 'HandoffVoided', data: { to: offer.to } } as const] : []
