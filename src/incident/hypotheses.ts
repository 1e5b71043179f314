import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

export const hypothesisOutcomes = ['CONFIRMED', 'REFUTED'] as const
export type HypothesisOutcome = (typeof hypothesisOutcomes)[number]

/** What somebody thinks is behind it; what was refuted is kept, so that nobody tries it again (domain row 89). */
export interface Hypothesis {
  readonly text: string
  readonly evidence?: string
  readonly by: Actor
  readonly at: string
  /** As it was last settled; it may turn out otherwise. */
  readonly settled?: Settled
}
interface Settled {
  readonly outcome: HypothesisOutcome
  readonly evidence: string
  readonly by: Actor
  readonly at: string
}
/** By the id of the event that proposed it, in that order. */
export type Hypotheses = ReadonlyMap<string, Hypothesis>

/** More than anybody can look into. */
const hypothesesMax = 100

export class ProposeHypothesis {
  @Prose(2000) text!: string
  @IsOptional() @Prose(2000) evidence?: string
}
export class SettleHypothesis {
  @IsUUID() eventId!: string
  @IsIn(hypothesisOutcomes) outcome!: HypothesisOutcome
  @Prose(2000) evidence!: string
}
export interface HypothesisCommands {
  ProposeHypothesis: ProposeHypothesis
  SettleHypothesis: SettleHypothesis
}
export interface HypothesisEvents {
  HypothesisProposed: { text: string; evidence?: string }
  HypothesisSettled: { eventId: string; outcome: HypothesisOutcome; evidence: string }
}

export const hypotheses: Facet<Incident, Hypotheses, HypothesisCommands, HypothesisEvents> = {
  initial: new Map(),
  payloads: { ProposeHypothesis, SettleHypothesis },
  may: { ProposeHypothesis: requireRoomForAHypothesis, SettleHypothesis: requireAHypothesis },
  after: {
    ProposeHypothesis: ({ declaration }) => declaration.declaredAt,
    SettleHypothesis({ declaration, hypotheses }, { eventId }) {
      const { at, settled } = hypotheses.get(eventId) ?? {}
      return latest(declaration.declaredAt, at, settled?.at)
    },
  },
  decide: {
    ProposeHypothesis({ hypotheses }, { text, evidence }) {
      if ([...hypotheses.values()].some(one => one.text === text)) return []
      const data = { text, ...(evidence !== undefined && { evidence }) }
      return [{ type: 'HypothesisProposed', data }]
    },
    SettleHypothesis({ hypotheses }, { eventId, outcome, evidence }) {
      const found = hypotheses.get(eventId)
      if (!found) throw notFound({ eventId })
      if (found.settled?.outcome === outcome) return []
      return [{ type: 'HypothesisSettled', data: { eventId, outcome, evidence } }]
    },
  },
  evolve: {
    HypothesisProposed: (hypotheses, { id, data, actor: by, occurredAt: at }) =>
      put(hypotheses, id, { ...data, by, at }),
    HypothesisSettled(hypotheses, { data: { eventId, ...data }, actor: by, occurredAt: at }) {
      const found = hypotheses.get(eventId)
      return found
        ? put(hypotheses, eventId, { ...found, settled: { ...data, by, at } })
        : hypotheses
    },
  },
  narrate: {
    HypothesisProposed: ({ data, actor }, name) =>
      fact(
        `${actor.type === 'SYSTEM' ? 'Hypothesis' : `${name(actor)} supposed`}: ${data.text}${
          data.evidence ? `; because: ${data.evidence}` : ''
        }`,
      ),
    HypothesisSettled: ({ data, actor }, name, { hypotheses }) => {
      const { text } = hypotheses.get(data.eventId) ?? {}
      return fact(
        `${name(actor)} ${data.outcome.toLowerCase()} ${text === undefined ? 'a supposition' : `“${text}”`}: ${data.evidence}`,
      )
    },
  },
  sensitive: {
    HypothesisProposed: { text: 'TEXT', evidence: 'TEXT' },
    HypothesisSettled: { eventId: 'PLAIN', evidence: 'TEXT' },
  },
}

const notFound = (details: object) =>
  new Rejected('HYPOTHESIS_NOT_FOUND', 'There is no such hypothesis here.', details)

function requireRoomForAHypothesis(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.hypotheses.size >= hypothesesMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${hypothesesMax} hypotheses.`)
}

function requireAHypothesis(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.hypotheses.size === 0) throw notFound({})
}
