import type { Directory } from '../commands/directory.js'
import type { Decision } from '../incident/decisions.js'
import type { Incident as State } from '../incident/incident.js'
import { type Proposal, pendingDecisions, proposalsOf } from '../incident/proposal.js'
import type { Decision as DecisionAnswer, Proposal as ProposalAnswer } from '../schema.generated.js'
import type { IncidentPart } from './asked-incident.js'
import { type Page, pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

/** What was proposed in an incident, and what was decided. */
export const decisionAnswers = {
  proposals: ({ state, directory }, { open, ...page }: Page & { open: boolean }) =>
    pageOf(
      open ? pendingDecisions(state) : proposalsOf(state),
      ({ id }) => id,
      page,
      proposal => proposalAnswer(proposal, state, directory),
    ),
  decisionLog: ({ state, directory }, page: Page) =>
    pageOf(
      [...state.decisions.made.values()],
      ({ eventId }) => eventId,
      page,
      decision => decisionAnswer(decision, state, directory),
    ),
} satisfies IncidentPart

const proposalAnswer = (
  { decision, ...proposal }: Proposal,
  state: State,
  directory: Directory,
): ProposalAnswer => ({
  ...openProposalAnswer(proposal, directory),
  decision: decision ? decisionAnswer(decision, state, directory) : null,
})

/** A proposal that waits for a decision. */
export const openProposalAnswer = (
  { affects, overdueAt, objections, decision: _, ...proposal }: Proposal,
  directory: Directory,
): ProposalAnswer => ({
  ...proposal,
  risks: [...proposal.risks],
  affects: affects ?? null,
  by: actorAnswer(proposal.by, directory),
  overdueAt: overdueAt ?? null,
  objections: objections.map(one => ({ ...one, by: actorAnswer(one.by, directory) })),
  decision: null,
})

const decisionAnswer = (
  { proposalId, text, rationale, reversed, ...decision }: Decision,
  { proposals }: State,
  directory: Directory,
): DecisionAnswer => ({
  ...decision,
  proposalId: proposalId ?? null,
  // As of what occurred until some moment, a proposal may be missing that was decided on.
  text: text ?? proposals.get(proposalId ?? '')?.text ?? '',
  rationale: rationale ?? null,
  by: actorAnswer(decision.by, directory),
  reversedAt: reversed?.at ?? null,
  reversedBy: reversed ? actorAnswer(reversed.by, directory) : null,
  reversedReason: reversed?.reason ?? null,
})
