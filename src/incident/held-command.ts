import { latest } from '../decider/instants.js'
import type { Handoff, Offer } from './handoff.js'
import type { Incident } from './incident.js'

export const lastChange = ({ declaration, handoff }: Incident) =>
  latest(declaration.declaredAt, handoff.changedAt)
export const commandedBy = (
  commander: string | null,
  offer: Offer | null,
  at: string,
  { unqualified = false }: { readonly unqualified?: boolean } = {},
): Handoff => ({
  commander,
  unqualified,
  offer,
  since: at,
  changedAt: at,
})
export const taken = (
  { offer }: Handoff,
  {
    data,
    occurredAt,
  }: { data: { readonly commander: string; readonly unqualified?: true }; occurredAt: string },
) => commandedBy(data.commander, offer, occurredAt, data)
export const withoutOffer = (
  handoff: Handoff,
  { occurredAt }: { occurredAt: string },
): Handoff => ({
  ...handoff,
  offer: null,
  changedAt: occurredAt,
})
