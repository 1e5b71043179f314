import type { Actor, Name, Named } from '../decider/facet.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { otherNamed } from '../incident/counterparts.js'
import type { Incident as State } from '../incident/incident.js'
import type { RelationKind } from '../incident/relation.js'
import { standing } from '../incident/relation.js'
import type { IncidentRelation, RelatedIncident } from '../schema.generated.js'
import type { AskedIncident, IncidentPart } from './asked-incident.js'

interface Connected {
  readonly relation: IncidentRelation
  readonly id: string
  readonly since: string
}

/** Whatever an answer tells of other incidents, it tells of these. */
export const othersOf = (state: State): string[] => [
  ...[standing(state.merging), standing(state.family)].flatMap(said => said?.to ?? []),
  ...from(state, 'MERGED', 'DUPLICATE', 'CHILD'),
  ...connectedWith(state).map(({ id }) => id),
]

/** The other incidents of one. */
export const relationAnswers = {
  mergedInto: asked => asked.other(standing(asked.state.merging)?.to),
  duplicateOf(asked) {
    const into = standing(asked.state.merging)
    return into?.kind === 'DUPLICATE' ? asked.other(into.to) : null
  },
  mergedFrom: asked => all(asked, 'MERGED', 'DUPLICATE'),
  parent: asked => asked.other(standing(asked.state.family)?.to),
  children: asked => all(asked, 'CHILD'),
  relatedIncidents: asked =>
    connectedWith(asked.state).flatMap(({ id, ...how }): RelatedIncident[] => {
      const incident = asked.other(id)
      return incident ? [{ ...how, incident }] : []
    }),
} satisfies IncidentPart

const from = ({ referring }: State, ...kinds: RelationKind[]) =>
  referring.now.filter(({ kind }) => kinds.includes(kind)).map(one => one.from)

const all = (asked: AskedIncident, ...kinds: RelationKind[]) =>
  from(asked.state, ...kinds).flatMap(id => asked.other(id) ?? [])

/** From here and from there; said on both sides, the same is shown once. */
function connectedWith({ related, referring }: State): Connected[] {
  const last = new Map(related.map(said => [`${said.kind} ${said.to}`, said]))
  const here = [...last.values()]
    .filter(({ holds }) => holds)
    .map(({ kind, to, at }) => ({ relation: kind as 'RELATED', id: to, since: at }))
  const there = referring.now.flatMap(({ kind, from, at }): Connected[] =>
    kind === 'RELATED' || kind === 'CAUSED_BY'
      ? [{ relation: kind === 'RELATED' ? 'RELATED' : 'CAUSED', id: from, since: at }]
      : [],
  )
  const keyed = [...there, ...here].map(one => [`${one.relation} ${one.id}`, one] as const)
  return [...new Map(keyed).values()]
}

/** How everybody is called in sentences of these events. */
export type NameIn = (events: readonly StoredEvent[]) => Name

/** How sentences of these events call people, and other incidents where the viewer may see them. */
export function naming(
  events: readonly { readonly type: string; readonly data: object }[],
  name: Name,
  references: (ids: readonly string[]) => ReadonlyMap<string, string>,
): Name {
  const named = new Set(events.map(otherNamed).filter(id => id !== undefined))
  if (named.size === 0) return name
  const known = references([...named])
  return (who: string | Actor | Named) =>
    (typeof who !== 'string' && 'incident' in who ? known.get(who.incident) : undefined) ??
    name(who)
}
