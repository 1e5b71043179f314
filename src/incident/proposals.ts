import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  Min,
} from 'class-validator'
import { Line, Reason } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { minutesAfter, spoken } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { lastOfProposal, openProposal, proposed, requireAnyOpen } from './proposal.js'

/** What somebody proposes to do, at what risk, and what others say against it (domain rows 44, 45). */
export interface Proposed {
  readonly text: string
  readonly risks: readonly string[]
  /** What it would touch, if the proposer said. */
  readonly affects?: string
  readonly by: Actor
  readonly at: string
  /** Until then objections are heard; then a decision is overdue. */
  readonly decideBy: string
  readonly objections: readonly Objection[]
}
export interface Objection {
  readonly eventId: string
  readonly by: Actor
  readonly at: string
  readonly strong: boolean
  readonly reason: string
}
/** By the proposal's id, in the order in which they were made. */
export type Proposals = ReadonlyMap<string, Proposed>

/** All of them are kept in the folded incident, and a response decides on few of them. */
const proposalsMax = 500
/** Whoever would object after so many has been heard. */
const objectionsMax = 50
const risksMax = 10
/** The longest a decision may wait: a wrong one beats none. One day. */
const pollMinutesMax = 1440

export class ProposeAction {
  @Line(500) text!: string
  @IsArray() @ArrayMaxSize(risksMax) @Line(500, { each: true }) risks!: string[]
  @IsOptional() @Line(500) affects?: string
  @IsInt() @Min(1) @Max(pollMinutesMax) pollMinutes!: number
}
export class RaiseObjection {
  @IsUUID() proposalId!: string
  @IsBoolean() strong!: boolean
  @Reason() reason!: string
}
export interface ProposalCommands {
  ProposeAction: ProposeAction
  RaiseObjection: RaiseObjection
}
export interface ProposalEvents {
  ActionProposed: {
    proposalId: string
    text: string
    risks: readonly string[]
    affects?: string
    decideBy: string
  }
  ObjectionRaised: { proposalId: string; strong: boolean; reason: string }
}

/** Anybody proposes and objects; who decides, the decisions facet says. */
export const proposals: Facet<Incident, Proposals, ProposalCommands, ProposalEvents> = {
  initial: new Map(),
  payloads: { ProposeAction, RaiseObjection },
  may: { ProposeAction: requireRoomForAProposal, RaiseObjection: requireAnyOpen },
  after: {
    ProposeAction: ({ declaration }) => declaration.declaredAt,
    RaiseObjection: lastOfProposal,
  },
  decide: {
    ProposeAction: (_, { text, risks, affects, pollMinutes }, { newId, now }) => [
      {
        type: 'ActionProposed',
        data: {
          proposalId: newId(),
          text,
          risks: [...risks],
          ...(affects !== undefined && { affects }),
          decideBy: minutesAfter(now, pollMinutes),
        },
      },
    ],
    RaiseObjection(incident, { proposalId, strong, reason }, { actor, now }) {
      const { decideBy, objections } = openProposal(incident, proposalId)
      const isSo = (one: Objection) =>
        one.by.id === actor.id && one.strong === strong && one.reason === reason
      if (objections.some(isSo)) return []
      if (now > decideBy)
        throw new Rejected('POLL_CLOSED', 'Objections were heard until then.', { decideBy })
      if (objections.length >= objectionsMax)
        throw new Rejected('LIMIT_REACHED', `At most ${objectionsMax} objections are heard.`)
      return [{ type: 'ObjectionRaised', data: { proposalId, strong, reason } }]
    },
  },
  evolve: {
    ActionProposed: (
      proposals,
      { data: { proposalId, risks, ...data }, actor: by, occurredAt: at },
    ) => put(proposals, proposalId, { ...data, risks: readable(risks), by, at, objections: [] }),
    ObjectionRaised(proposals, { id: eventId, data, actor: by, occurredAt: at }) {
      const found = proposals.get(data.proposalId)
      if (!found) return proposals
      const { strong, reason } = data
      const objections = [...found.objections, { eventId, by, at, strong, reason }]
      return put(proposals, data.proposalId, { ...found, objections })
    },
  },
  narrate: {
    ActionProposed: ({ data, actor }, name) =>
      fact(
        `${name(actor)} proposed “${data.text}”${riskWords(data.risks)}${
          data.affects ? `; it affects ${data.affects}` : ''
        }; objections are heard until ${spoken(data.decideBy)}`,
      ),
    ObjectionRaised: ({ data, actor }, name, incident) =>
      fact(
        `${name(actor)} objected${data.strong ? ' strongly' : ''} to ${proposed(incident, data)}: ${data.reason}`,
      ),
  },
  sensitive: {
    ActionProposed: {
      proposalId: 'PLAIN',
      text: 'TEXT',
      risks: 'TEXT',
      affects: 'TEXT',
      decideBy: 'PLAIN',
    },
    ObjectionRaised: { proposalId: 'PLAIN', reason: 'TEXT' },
  },
}

/** An erased list reads as a string: then no risk is known. */
const readable = (risks: readonly string[]) => (Array.isArray(risks) ? risks : [])

const riskWords = (risks: readonly string[]) =>
  readable(risks).length === 0 ? ', naming no risk' : ` at the risk of: ${risks.join('; ')}`

function requireRoomForAProposal(incident: Incident): void {
  requireRunning(incident)
  if (incident.proposals.size >= proposalsMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${proposalsMax} proposals.`)
}
