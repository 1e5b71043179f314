import { IsIn } from 'class-validator'
import { Reason } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import { type SeverityLevel, severityLevels } from './severity-levels.js'
import { saidUnder } from './severity-scale.js'

/** That somebody thinks the severity wrong; it is argued in the review and not now (domain row 6). */
export interface Contest {
  readonly eventId: string
  readonly by: Actor
  readonly at: string
  /** As it was set then. */
  readonly level: SeverityLevel
  readonly proposed: SeverityLevel
  /** Of the scale that the proposal is said under. */
  readonly scaleVersion?: number
  readonly reason: string
}
export type Contests = readonly Contest[]

/** More than a review can argue. */
const contestsMax = 100

export class ContestSeverity {
  @IsIn(severityLevels) proposed!: SeverityLevel
  @Reason() reason!: string
}
export interface ContestCommands {
  ContestSeverity: ContestSeverity
}
export interface ContestEvents {
  SeverityContested: {
    level: SeverityLevel
    proposed: SeverityLevel
    reason: string
    scaleVersion?: number
  }
}

/** The level stays as it was set: who is entitled to change it does that, and this holds nobody up. */
export const contests: Facet<Incident, Contests, ContestCommands, ContestEvents> = {
  initial: [],
  payloads: { ContestSeverity },
  may: { ContestSeverity: requireRoomForAContest },
  after: {
    ContestSeverity: ({ declaration, severity }) => latest(declaration.declaredAt, severity.setAt),
  },
  decide: {
    ContestSeverity({ severity: { level }, contests }, { proposed, reason }, { actor, policy }) {
      const isSo = ({ by, ...contest }: Contest) =>
        by.id === actor.id && contest.level === level && contest.proposed === proposed
      if (proposed === level || contests.some(isSo)) return []
      const data = { level, proposed, reason, ...saidUnder(policy) }
      return [{ type: 'SeverityContested', data }]
    },
  },
  evolve: {
    SeverityContested: (contests, { id: eventId, actor: by, occurredAt: at, data }) => [
      ...contests,
      { eventId, by, at, ...data },
    ],
  },
  narrate: {
    SeverityContested: ({ data, actor }, name) =>
      fact(
        `${name(actor)} contested the severity ${data.level} and proposed ${data.proposed}, for the review: ${data.reason}`,
      ),
  },
  sensitive: { SeverityContested: { reason: 'TEXT' } },
}

function requireRoomForAContest(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.contests.length >= contestsMax)
    throw new Rejected('LIMIT_REACHED', `At most ${contestsMax} contests of the severity are kept.`)
}
