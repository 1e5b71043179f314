import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { requireTimers } from './guards.js'
import type { Incident } from './incident.js'
import { type Proposal, pendingDecisions, proposalOf, proposed } from './proposal.js'

/** When the time to decide passed without a decision, by the proposal's id. */
export type OverdueDecisions = ReadonlyMap<string, string>

/** The poll on a proposal is over. */
interface NoteOverdueDecision {
  proposalId: string
  dueAt: string
}
export interface OverdueDecisionDuties {
  NoteOverdueDecision: NoteOverdueDecision
}
export interface OverdueDecisionEvents {
  DecisionOverdue: { proposalId: string; dueAt: string }
}

/**
 * A wrong decision beats none (domain row 46): where the poll ends without one, that is told. It is the
 * ledger's word: what was decided meanwhile may still be put on record with the time at which it was.
 */
export const overdueDecisions: Facet<
  Incident,
  OverdueDecisions,
  {},
  OverdueDecisionEvents,
  OverdueDecisionEvents,
  OverdueDecisionDuties
> = {
  initial: new Map(),
  payloads: {},
  may: { NoteOverdueDecision: requireTimers },
  after: { NoteOverdueDecision: () => undefined },
  decide: {
    NoteOverdueDecision(incident, { proposalId, dueAt }, { clock }) {
      const proposal = proposalOf(incident, proposalId)
      if (!proposal || proposal.decideBy !== dueAt || !isArmed(proposal) || clock < dueAt) return []
      return [{ type: 'DecisionOverdue', data: { proposalId, dueAt } }]
    },
  },
  evolve: {
    DecisionOverdue: (overdue, { data }) => put(overdue, data.proposalId, data.dueAt),
  },
  narrate: {
    DecisionOverdue: ({ data }, _, incident) =>
      fact(`The time to decide on ${proposed(incident, data)} ended without a decision`),
  },
  sensitive: { DecisionOverdue: { proposalId: 'PLAIN', dueAt: 'PLAIN' } },
}

/** Proposals whose time to decide is still to end. */
export const armedDecisions = (incident: Incident): Proposal[] =>
  pendingDecisions(incident).filter(isArmed)

const isArmed = ({ decision, overdueAt }: Proposal) =>
  decision === undefined && overdueAt === undefined
