import { Reason } from '../decider/bounds.js'
import { type Facet, type Permit, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import type { IncidentKind } from './incident-kinds.js'

/** Whether it happened or only nearly did (domain row 15). */
export interface Kind {
  readonly is: IncidentKind
  readonly changedAt: string
}

export class EscalateNearMiss {
  @Reason() reason!: string
}
export interface KindCommands {
  EscalateNearMiss: EscalateNearMiss
}
export interface KindEvents {
  /** Beside the declaration, which says nothing of it. */
  NearMissReported: {}
  NearMissEscalated: { reason: string }
}

export const kind: Facet<Incident, Kind, KindCommands, KindEvents> = {
  initial: { is: 'INCIDENT', changedAt: '' },
  payloads: { EscalateNearMiss },
  may: { EscalateNearMiss: requireNearMiss },
  after: {
    EscalateNearMiss: ({ declaration, kind }) => latest(declaration.declaredAt, kind.changedAt),
  },
  decide: {
    EscalateNearMiss: (_, { reason }) => [{ type: 'NearMissEscalated', data: { reason } }],
  },
  evolve: {
    NearMissReported: (_, { occurredAt }) => ({ is: 'NEAR_MISS', changedAt: occurredAt }),
    NearMissEscalated: (_, { occurredAt }) => ({ is: 'INCIDENT', changedAt: occurredAt }),
  },
  narrate: {
    NearMissReported: ({ actor }, name) =>
      fact(`${name(actor)} said that it is a near miss: it did no harm`),
    NearMissEscalated: ({ data, actor }, name) =>
      fact(`${name(actor)} made an incident of the near miss: ${data.reason}`),
  },
  sensitive: { NearMissReported: {}, NearMissEscalated: { reason: 'TEXT' } },
}

/** What is an incident already is none the more for being called so. */
function requireNearMiss(incident: Incident): Permit {
  requireNotDismissed(incident)
  if (incident.kind.is === 'INCIDENT') return 'ALREADY_SO'
}
