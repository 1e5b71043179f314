import { IsOptional, IsUUID } from 'class-validator'
import { Reason } from '../decider/bounds.js'
import { type Context, type Facet, type Permit, Rejected, fact } from '../decider/facet.js'
import { requireDeclared } from './guards.js'
import type { HandoffEvents } from './handoff.js'
import type { Incident } from './incident.js'
import { lastMove, lastMoveOrOffer, requireMove } from './moves.js'
import { voidedOffer } from './open-offer.js'
import { type Said, requireLike, requireOther, requireRoom, saying, standing } from './relation.js'

/** Where the incident was merged into; while the last word holds, that is where it goes on. */
export type Merging = readonly Said[]

export class MergeIncident {
  @IsUUID() into!: string
  @IsOptional() @Reason() reason?: string
}
export class MarkDuplicate {
  @IsUUID() of!: string
  @IsOptional() @Reason() reason?: string
}
export class UnmergeIncident {
  @Reason() reason!: string
}
/** Incidents were merged in a circle, each before it knew of the others: this one is to stay. */
interface BreakMerge {
  /** The merge that is undone. */
  eventId: string
}
export interface MergingCommands {
  MergeIncident: MergeIncident
  MarkDuplicate: MarkDuplicate
  UnmergeIncident: UnmergeIncident
}
export interface MergingDuties {
  BreakMerge: BreakMerge
}
export interface MergingEvents {
  IncidentMerged: { into: string; duplicate?: true; reason?: string }
  IncidentUnmerged: { into: string; circle?: true; reason?: string }
}
type Emits = MergingEvents & Pick<HandoffEvents, 'HandoffVoided'>

/** The response goes on in another incident, or was one with it from the start. */
export const merging: Facet<
  Incident,
  Merging,
  MergingCommands,
  MergingEvents,
  Emits,
  MergingDuties
> = {
  initial: [],
  payloads: { MergeIncident, MarkDuplicate, UnmergeIncident },
  may: {
    MergeIncident: requireMergeable,
    MarkDuplicate: requireMergeable,
    UnmergeIncident(incident): Permit {
      requireDeclared(incident)
      if (!standing(incident.merging)) return 'ALREADY_SO'
    },
    BreakMerge: requireDeclared,
  },
  after: {
    MergeIncident: lastMoveOrOffer,
    MarkDuplicate: lastMoveOrOffer,
    UnmergeIncident: lastMove,
    BreakMerge: lastMove,
  },
  decide: {
    MergeIncident: (incident, { reason }, context) => merged(incident, context, { reason }),
    MarkDuplicate: (incident, { reason }, context) =>
      merged(incident, context, { reason, duplicate: true }),
    UnmergeIncident: ({ merging }, { reason }) => [
      { type: 'IncidentUnmerged', data: { into: standing(merging)!.to, reason } },
    ],
    BreakMerge({ merging }, { eventId }) {
      const into = standing(merging)
      if (into?.eventId !== eventId) return []
      return [{ type: 'IncidentUnmerged', data: { into: into.to, circle: true } }]
    },
  },
  evolve: {
    IncidentMerged: (merging, event) => [
      ...merging,
      saying(event.data.duplicate ? 'DUPLICATE' : 'MERGED', event.data.into, true, event),
    ],
    IncidentUnmerged: (merging, event) => [
      ...merging,
      saying(merging.at(-1)?.kind ?? 'MERGED', event.data.into, false, event),
    ],
  },
  narrate: {
    IncidentMerged: ({ data: { into, duplicate, reason }, actor }, name) =>
      fact(
        `${name(actor)} ${duplicate ? 'marked this as a duplicate of' : 'merged this into'} ${name({ incident: into })}${reason ? `: ${reason}` : ''}`,
      ),
    IncidentUnmerged: ({ data: { into, circle, reason }, actor }, name) =>
      fact(
        circle
          ? `This stays an incident of its own: it and ${name({ incident: into })} were merged in a circle`
          : `${name(actor)} separated this from ${name({ incident: into })} again: ${reason}`,
      ),
  },
  sensitive: {
    IncidentMerged: { into: 'PLAIN', reason: 'TEXT' },
    IncidentUnmerged: { into: 'PLAIN', reason: 'TEXT' },
  },
}

const mayMove = requireMove('MERGED', {
  from: ['RESOLVED', 'POST_INCIDENT', 'CLOSED'],
  byCommander: ['TRIAGE', 'ACTIVE', 'MITIGATED'],
})

/** Merged there already is no refusal; merged elsewhere is, and so is merging it into nothing. */
function requireMergeable(incident: Incident, context: Context): Permit {
  const into = standing(incident.merging)
  if (into && requireOther(context).id !== into.to)
    throw new Rejected('INVALID_TRANSITION', 'This is merged already; unmerge it first.', {
      status: 'MERGED',
      from: [],
    })
  return mayMove(incident, context)
}

function merged(
  incident: Incident,
  context: Context,
  { reason, ...how }: { reason: string | undefined; duplicate?: true },
) {
  const other = requireOther(context)
  requireLike(incident.declaration.mode, other)
  requireRoom(incident.merging, other)
  const data = { into: other.id, ...how, ...(reason !== undefined && { reason }) }
  return [{ type: 'IncidentMerged', data } as const, ...voidedOffer(incident)]
}
