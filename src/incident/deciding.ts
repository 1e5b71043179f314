import { type Context, type MessagesOf, Rejected } from '../decider/facet.js'
import type { Decide, DecisionEvents } from './decisions.js'
import { requireCommander } from './guards.js'
import type { Incident } from './incident.js'
import { type Proposal, knownProposal, openProposal } from './proposal.js'

type Made = readonly MessagesOf<Pick<DecisionEvents, 'DecisionMade'>>[]

/** What a decision comes to: on a proposal, or on what nobody proposed in writing. */
export function decided(incident: Incident, command: Decide, context: Context): Made {
  const { proposalId, text, outcome } = command
  if ((proposalId === undefined) === (text === undefined)) throw eitherOr()
  if (text !== undefined) return decidedUnproposed(incident, { ...command, text }, context)
  const { decision } = knownProposal(incident, proposalId!)
  if (decision?.outcome === outcome && !decision.reversed) return []
  return decidedOn(incident, openProposal(incident, proposalId!), command, context)
}

function decidedOn(
  incident: Incident,
  { id: proposalId, by, objections }: Proposal,
  { outcome, rationale }: Decide,
  context: Context,
): Made {
  if (outcome !== 'WITHDRAW' || by.id !== context.actor.id) requireCommander(incident, context)
  const overruled = outcome === 'APPROVE' && objections.some(({ strong }) => strong)
  if (overruled || outcome === 'REJECT') requireRationale(rationale)
  const why = rationale !== undefined && { rationale }
  const objectionsHeard = objections.length
  const data = { proposalId, outcome, ...why, objectionsHeard, overruled }
  return [{ type: 'DecisionMade', data }]
}

/** What was called out and settled at once still goes on record. */
function decidedUnproposed(
  incident: Incident,
  { text, outcome, rationale }: Decide & { text: string },
  context: Context,
): Made {
  requireCommander(incident, context)
  if (outcome === 'WITHDRAW')
    throw new Rejected('INVALID_INPUT', 'Only what was proposed can be withdrawn.', {
      fields: ['outcome'],
    })
  if (outcome === 'REJECT') requireRationale(rationale)
  const why = rationale !== undefined && { rationale }
  const data = { text, outcome, ...why, objectionsHeard: 0, overruled: false }
  return [{ type: 'DecisionMade', data }]
}

function requireRationale(rationale: string | undefined): void {
  if (rationale === undefined)
    throw new Rejected('REASON_REQUIRED', 'Say why: somebody said otherwise.', {
      field: 'rationale',
    })
}

const eitherOr = () =>
  new Rejected('INVALID_INPUT', 'Name a proposal, or say what is decided; not both.', {
    fields: ['proposalId', 'text'],
  })
