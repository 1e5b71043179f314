import { IsIn, IsUUID } from 'class-validator'
import { type Facet, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'
import { type Said, requireOther, requireRoom, saying } from './relation.js'

export const relationKinds = ['RELATED', 'CAUSED_BY'] as const
export type Relating = (typeof relationKinds)[number]

/** What this incident said of others; the last word on each counts. */
export type Related = readonly Said[]

export class RelateIncident {
  @IsUUID() to!: string
  @IsIn(relationKinds) kind!: Relating
}
export class UnrelateIncident {
  @IsUUID() to!: string
  @IsIn(relationKinds) kind!: Relating
}
export interface RelatedCommands {
  RelateIncident: RelateIncident
  UnrelateIncident: UnrelateIncident
}
export interface RelatedEvents {
  IncidentRelated: { to: string; kind: Relating }
  IncidentUnrelated: { to: string; kind: Relating }
}

const wordOn = ({ related }: Incident, to: string, kind: Relating) =>
  related.findLast(said => said.to === to && said.kind === kind)
const lastWord = (incident: Incident, { to, kind }: RelateIncident) =>
  latest(incident.declaration.declaredAt, wordOn(incident, to.toLowerCase(), kind)?.at)

export const related: Facet<Incident, Related, RelatedCommands, RelatedEvents> = {
  initial: [],
  payloads: { RelateIncident, UnrelateIncident },
  may: { RelateIncident: requireDeclared, UnrelateIncident: requireDeclared },
  after: { RelateIncident: lastWord, UnrelateIncident: lastWord },
  decide: {
    RelateIncident(incident, { kind }, context) {
      const other = requireOther(context)
      if (wordOn(incident, other.id, kind)?.holds) return []
      requireRoom(incident.related, other)
      return [{ type: 'IncidentRelated', data: { to: other.id, kind } }]
    },
    UnrelateIncident(incident, { kind }, context) {
      const other = requireOther(context)
      if (!wordOn(incident, other.id, kind)?.holds) return []
      return [{ type: 'IncidentUnrelated', data: { to: other.id, kind } }]
    },
  },
  evolve: {
    IncidentRelated: (related, event) => [
      ...related,
      saying(event.data.kind, event.data.to, true, event),
    ],
    IncidentUnrelated: (related, event) => [
      ...related,
      saying(event.data.kind, event.data.to, false, event),
    ],
  },
  narrate: {
    IncidentRelated: ({ data: { to, kind }, actor }, name) =>
      fact(`${name(actor)} noted that this ${words[kind]} ${name({ incident: to })}`),
    IncidentUnrelated: ({ data: { to, kind }, actor }, name) =>
      fact(`${name(actor)} took back that this ${words[kind]} ${name({ incident: to })}`),
  },
  sensitive: { IncidentRelated: { to: 'PLAIN' }, IncidentUnrelated: { to: 'PLAIN' } },
}

const words: Record<Relating, string> = {
  RELATED: 'is related to',
  CAUSED_BY: 'was caused by',
}
