import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { Prose, Reason } from '../decider/bounds.js'
import { type Actor, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireCommander, requireRunning } from './guards.js'
import { decided } from './deciding.js'
import type { Incident } from './incident.js'
import { lastOfProposal, pendingDecisions, proposed } from './proposal.js'

export const decisionOutcomes = ['APPROVE', 'REJECT', 'WITHDRAW'] as const
export type DecisionOutcome = (typeof decisionOutcomes)[number]

/** What was decided, of a proposal or of what nobody proposed in writing (domain rows 45, 46). */
export interface Decision {
  readonly eventId: string
  readonly proposalId?: string
  /** What it is about, if no proposal says so. */
  readonly text?: string
  readonly outcome: DecisionOutcome
  readonly rationale?: string
  readonly objectionsHeard: number
  /** It was approved against a strong objection. */
  readonly overruled: boolean
  readonly by: Actor
  readonly at: string
  readonly reversed?: { readonly by: Actor; readonly at: string; readonly reason: string }
}
export interface Decisions {
  /** By the id of the event, in their order. */
  readonly made: ReadonlyMap<string, Decision>
  /** The proposal's id to the decision's. */
  readonly on: ReadonlyMap<string, string>
}

/** All of them are kept in the folded incident. */
const decisionsMax = 1000

export class Decide {
  @IsOptional() @IsUUID() proposalId?: string
  @IsOptional() @Prose(4000) text?: string
  @IsIn(decisionOutcomes) outcome!: DecisionOutcome
  @IsOptional() @Reason() rationale?: string
}
export class ReverseDecision {
  @IsUUID() eventId!: string
  @Reason() reason!: string
}
export interface DecisionCommands {
  Decide: Decide
  ReverseDecision: ReverseDecision
}
export interface DecisionEvents {
  DecisionMade: {
    proposalId?: string
    text?: string
    outcome: DecisionOutcome
    rationale?: string
    objectionsHeard: number
    overruled: boolean
  }
  DecisionReversed: { eventId: string; reason: string }
}

/** Decisions are the commander's while there is one; who proposed something may withdraw it. */
export const decisions: Facet<Incident, Decisions, DecisionCommands, DecisionEvents> = {
  initial: { made: new Map(), on: new Map() },
  payloads: { Decide, ReverseDecision },
  may: { Decide: requireADecider, ReverseDecision: requireADecision },
  after: {
    Decide: (incident, { proposalId = '' }) => lastOfProposal(incident, { proposalId }),
    ReverseDecision: ({ declaration, decisions }, { eventId }) =>
      latest(declaration.declaredAt, decisions.made.get(eventId)?.at),
  },
  decide: {
    Decide: decided,
    ReverseDecision({ decisions }, { eventId, reason }) {
      const found = decisions.made.get(eventId)
      if (!found)
        throw new Rejected('DECISION_NOT_FOUND', 'There is no such decision here.', { eventId })
      return found.reversed ? [] : [{ type: 'DecisionReversed', data: { eventId, reason } }]
    },
  },
  evolve: {
    DecisionMade: ({ made, on }, { id: eventId, data, actor: by, occurredAt: at }) => ({
      made: put(made, eventId, { eventId, ...data, by, at }),
      on: data.proposalId === undefined ? on : put(on, data.proposalId, eventId),
    }),
    DecisionReversed(decisions, { data: { eventId, reason }, actor: by, occurredAt: at }) {
      const found = decisions.made.get(eventId)
      if (!found) return decisions
      return {
        ...decisions,
        made: put(decisions.made, eventId, { ...found, reversed: { by, at, reason } }),
      }
    },
  },
  narrate: {
    DecisionMade({ data, actor }, name, incident) {
      const { outcome, text, rationale } = data
      // What nobody had proposed was not approved either.
      if (outcome === 'APPROVE' && text !== undefined)
        return fact(`${name(actor)} decided: ${text}${rationale ? `; because: ${rationale}` : ''}`)
      return fact(
        `${name(actor)} ${outcomeWords[outcome]} ${subjectWords(incident, data)}${heardWords(data)}${
          rationale ? `: ${rationale}` : ''
        }`,
      )
    },
    DecisionReversed: ({ data, actor }, name, incident) => {
      const found = incident.decisions.made.get(data.eventId)
      const what = found ? `the decision on ${subjectWords(incident, found)}` : 'a decision'
      return fact(`${name(actor)} reversed ${what}: ${data.reason}`)
    },
  },
  sensitive: {
    DecisionMade: { proposalId: 'PLAIN', text: 'TEXT', rationale: 'TEXT' },
    DecisionReversed: { eventId: 'PLAIN', reason: 'TEXT' },
  },
}

const outcomeWords: Record<DecisionOutcome, string> = {
  APPROVE: 'approved',
  REJECT: 'rejected',
  WITHDRAW: 'withdrew',
}

type Told = Pick<DecisionEvents['DecisionMade'], 'proposalId' | 'text'>
const subjectWords = (incident: Incident, { proposalId = '', text }: Told) =>
  text === undefined ? proposed(incident, { proposalId }) : `“${text}”`

function heardWords({ objectionsHeard, overruled }: DecisionEvents['DecisionMade']): string {
  if (overruled) return ', overruling a strong objection'
  if (objectionsHeard === 0) return ''
  return `, having heard ${objectionsHeard === 1 ? 'an objection' : `${objectionsHeard} objections`}`
}

/** The commander decides on all; others, at most on what they themselves proposed. */
function requireADecider(incident: Incident, context: Context): void {
  requireRunning(incident)
  if (incident.decisions.made.size >= decisionsMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${decisionsMax} decisions.`)
  if (!pendingDecisions(incident).some(({ by }) => by.id === context.actor.id))
    requireCommander(incident, context)
}

function requireADecision(incident: Incident, context: Context): void {
  requireRunning(incident)
  if (incident.decisions.made.size === 0)
    throw new Rejected('DECISION_NOT_FOUND', 'Nothing was decided here.')
  requireCommander(incident, context)
}
