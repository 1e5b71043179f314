import { IsBoolean, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator'
import { PersonRefs, Reason } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { tiersMax, raised } from './escalation-path.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { ServiceKey } from './service-keys.js'
import { callNotFound, requireCalled } from './whom-to-call.js'

/** That somebody else was called because those before did not do (domain row 37). */
export interface Escalation {
  /** Along whose path; without, the one of the incident's type, or none where people were named. */
  readonly service?: string
  /** Who had been called along the same path before. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Of the path, from 1; without, whoever was called directly. */
  readonly tier?: number
  readonly tiersSkipped: number
  /** When the next tier is due, if nobody answers. */
  readonly nextAt?: string
  readonly reason: string
  readonly by: Actor
  readonly at: string
  readonly acknowledged?: { readonly by: Actor; readonly at: string }
}
/** By id, in order. */
export type Escalations = ReadonlyMap<string, Escalation>

/** All of them are kept in the folded incident. */
const escalationsMax = 200
const peopleMax = 20

export class Escalate {
  @IsOptional() @ServiceKey() service?: string
  @IsOptional() @PersonRefs(peopleMax) people?: string[]
  @IsOptional() @IsInt() @Min(1) @Max(tiersMax) tier?: number
  @IsOptional() @IsBoolean() skipTiers?: boolean
  @Reason() reason!: string
}
export class AcknowledgeEscalation {
  @IsUUID() escalationId!: string
}
export interface EscalationCommands {
  Escalate: Escalate
  AcknowledgeEscalation: AcknowledgeEscalation
}
export interface EscalationEvents {
  IncidentEscalated: {
    escalationId: string
    service?: string
    from: readonly string[]
    to: readonly string[]
    tier?: number
    tiersSkipped: number
    nextAt?: string
    reason: string
  }
  EscalationAcknowledged: { escalationId: string }
}

export const escalations: Facet<Incident, Escalations, EscalationCommands, EscalationEvents> = {
  initial: new Map(),
  payloads: { Escalate, AcknowledgeEscalation },
  may: {
    Escalate(incident) {
      requireRunning(incident)
      if (incident.escalations.size >= escalationsMax)
        throw new Rejected('LIMIT_REACHED', `At most ${escalationsMax} escalations are kept.`)
    },
    AcknowledgeEscalation(incident) {
      requireRunning(incident)
      if (incident.escalations.size === 0) throw callNotFound()
    },
  },
  after: {
    Escalate: ({ declaration }) => declaration.declaredAt,
    AcknowledgeEscalation: ({ declaration, escalations }, { escalationId }) =>
      latest(declaration.declaredAt, escalations.get(escalationId)?.at),
  },
  decide: {
    Escalate: raised,
    AcknowledgeEscalation(incident, { escalationId }, context) {
      const escalation = incident.escalations.get(escalationId)
      if (!escalation) throw callNotFound(escalationId)
      requireCalled(incident, escalation.to, context)
      return escalation.acknowledged
        ? []
        : [{ type: 'EscalationAcknowledged', data: { escalationId } }]
    },
  },
  evolve: {
    IncidentEscalated: (escalations, { data, actor: by, occurredAt: at }) => {
      const { escalationId, from, to, ...rest } = data
      return put(escalations, escalationId, { ...rest, from: [...from], to: [...to], by, at })
    },
    EscalationAcknowledged(escalations, { data: { escalationId }, actor: by, occurredAt: at }) {
      const found = escalations.get(escalationId)
      return found
        ? put(escalations, escalationId, { ...found, acknowledged: { by, at } })
        : escalations
    },
  },
  narrate: {
    IncidentEscalated: ({ data, actor }, name) => {
      const { service, to, tier, tiersSkipped, reason } = data
      const along = service === undefined ? '' : ` for ${service}`
      const skipped = tiersSkipped > 0 ? `, past ${tiersSkipped} of its tiers` : ''
      const whom = [...to].map(person => name(person)).join(', ')
      return fact(
        `${name(actor)} escalated${along} to ${whom || 'nobody'}${tier ? ` (tier ${tier})` : ''}${skipped}: ${reason}`,
      )
    },
    EscalationAcknowledged: ({ actor, data }, name, { escalations }) => {
      const service = escalations.get(data.escalationId)?.service
      return fact(`${name(actor)} answered the escalation${service ? ` for ${service}` : ''}`)
    },
  },
  sensitive: {
    IncidentEscalated: {
      escalationId: 'PLAIN',
      service: 'PLAIN',
      from: 'PERSON',
      to: 'PERSON',
      nextAt: 'PLAIN',
      reason: 'TEXT',
    },
    EscalationAcknowledged: { escalationId: 'PLAIN' },
  },
}
