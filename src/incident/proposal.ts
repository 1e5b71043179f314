import { Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import type { Decision } from './decisions.js'
import { isRunning, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import type { Proposed } from './proposals.js'

/** A proposal whole: what was said of it, and what became of it. */
export interface Proposal extends Proposed {
  readonly id: string
  /** Absent while it waits for one. */
  readonly decision?: Decision
  /** That the time to decide passed without a decision. */
  readonly overdueAt?: string
}

/** The proposal of that id, or undefined. */
export function proposalOf(incident: Incident, id: string): Proposal | undefined {
  const proposal = incident.proposals.get(id)
  if (!proposal) return undefined
  const decision = incident.decisions.made.get(incident.decisions.on.get(id) ?? '')
  const overdueAt = incident.overdueDecisions.get(id)
  return {
    id,
    ...proposal,
    ...(decision && { decision }),
    ...(overdueAt !== undefined && { overdueAt }),
  }
}

export const proposalsOf = (incident: Incident): Proposal[] =>
  [...incident.proposals.keys()].map(id => proposalOf(incident, id)!)

const isOpen = ({ decision }: Proposal) => decision === undefined

/** Proposals that wait for a decision, the first made first; once the response is over, none does. */
export const pendingDecisions = (incident: Incident): Proposal[] =>
  isRunning(incident) ? proposalsOf(incident).filter(isOpen) : []

/** The proposal, or a refusal if there is none of that id or it is decided on. */
export function openProposal(incident: Incident, proposalId: string): Proposal {
  const proposal = knownProposal(incident, proposalId)
  if (proposal.decision)
    throw new Rejected('PROPOSAL_DECIDED', 'This is decided; propose it anew.', {
      eventId: proposal.decision.eventId,
    })
  return proposal
}

export function knownProposal(incident: Incident, proposalId: string): Proposal {
  const proposal = proposalOf(incident, proposalId)
  if (!proposal)
    throw new Rejected('PROPOSAL_NOT_FOUND', 'There is no such proposal here.', { proposalId })
  return proposal
}

/** Without one that waits there is nothing to object to: so `viewerCan` does not offer it. */
export function requireAnyOpen(incident: Incident): void {
  requireRunning(incident)
  if (incident.proposals.size === 0)
    throw new Rejected('PROPOSAL_NOT_FOUND', 'There is no proposal here.')
}

/** When this proposal last changed. */
export function lastOfProposal(incident: Incident, { proposalId }: { proposalId: string }) {
  const proposal = proposalOf(incident, proposalId)
  return latest(
    incident.declaration.declaredAt,
    proposal?.at,
    proposal?.objections.at(-1)?.at,
    proposal?.decision?.at,
  )
}

/** As a sentence calls a proposal. */
export const proposed = ({ proposals }: Incident, { proposalId }: { proposalId: string }) =>
  proposals.has(proposalId) ? `“${proposals.get(proposalId)!.text}”` : 'a proposal'
