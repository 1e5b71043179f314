import { IsIn, IsOptional } from 'class-validator'
import { Line, Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

export const containmentActions = [
  'DISABLED',
  'CREDENTIALS_ROTATED',
  'SESSIONS_REVOKED',
  'ISOLATED',
  'OTHER',
] as const
export type ContainmentAction = (typeof containmentActions)[number]

/** What was done so that an intruder gets no further (domain row 8). */
export interface Contained {
  /** As the system calls it that it belongs to: a login, a host, a key. */
  readonly account: string
  readonly action: ContainmentAction
  readonly note?: string
  readonly by: Actor
  readonly at: string
}
/** In the order in which it was put on record. */
export type Containment = readonly Contained[]

/** All of it is kept in the folded incident; of more accounts than this a list is linked. */
const actionsMax = 500

export class RecordContainment {
  @Line(200) account!: string
  @IsIn(containmentActions) action!: ContainmentAction
  @IsOptional() @Prose(2000) note?: string
}
export interface ContainmentCommands {
  RecordContainment: RecordContainment
}
export interface ContainmentEvents {
  ContainmentActionRecorded: { account: string; action: ContainmentAction; note?: string }
}

export const containment: Facet<Incident, Containment, ContainmentCommands, ContainmentEvents> = {
  initial: [],
  payloads: { RecordContainment },
  may: {
    RecordContainment(incident) {
      requireNotDismissed(incident)
      if (incident.containment.length >= actionsMax)
        throw new Rejected(
          'LIMIT_REACHED',
          `At most ${actionsMax} containment actions are on record of an incident.`,
        )
    },
  },
  // What was done first of all, before anybody declared anything, is the more worth knowing.
  after: { RecordContainment: () => undefined },
  decide: {
    RecordContainment: (_, { account, action, note }) => [
      {
        type: 'ContainmentActionRecorded',
        data: { account, action, ...(note !== undefined && { note }) },
      },
    ],
  },
  evolve: {
    ContainmentActionRecorded: (all, { data, actor: by, occurredAt: at }) => [
      ...all,
      { ...data, by, at },
    ],
  },
  narrate: {
    ContainmentActionRecorded: ({ data: { account, action, note }, actor }, name) =>
      fact(
        `${name(actor)} ${actionWords[action]} ${account}${note === undefined ? '' : `: ${note}`}`,
      ),
  },
  sensitive: { ContainmentActionRecorded: { account: 'TEXT', note: 'TEXT' } },
}

const actionWords: Record<ContainmentAction, string> = {
  DISABLED: 'disabled',
  CREDENTIALS_ROTATED: 'rotated the credentials of',
  SESSIONS_REVOKED: 'ended all sessions of',
  ISOLATED: 'isolated',
  OTHER: 'contained',
}
