import type { Actor, Name, Named } from '../decider/facet.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { otherNamed } from '../incident/counterparts.js'
import type { Incident as State } from '../incident/incident.js'
import type { RelationKind } from '../incident/relation.js'
import { standing } from '../incident/relation.js'
import type { IncidentRelation, IncidentSummary, RelatedIncident } from '../schema.generated.js'

/** Summaries by id, of those incidents that the viewer may see. */
type Summaries = (ids: readonly string[]) => ReadonlyMap<string, IncidentSummary>

interface Connected {
  readonly relation: IncidentRelation
  readonly id: string
  readonly since: string
}

/** The other incidents of one; however many are asked for, they are looked up once. */
export function relationsAnswer(state: State, summaries: Summaries) {
  const into = standing(state.merging)
  const parent = standing(state.family)
  const from = (...kinds: RelationKind[]) =>
    state.referring.now.filter(({ kind }) => kinds.includes(kind)).map(one => one.from)
  const [merged, children] = [from('MERGED', 'DUPLICATE'), from('CHILD')]
  const connected = connectedWith(state)
  let found: ReturnType<Summaries> | undefined
  const one = (id: string | undefined) => {
    if (id === undefined) return null
    const ids = [into?.to, parent?.to, ...merged, ...children, ...connected.map(({ id }) => id)]
    found ??= summaries([...new Set(ids)].filter(id => id !== undefined))
    return found.get(id) ?? null
  }
  const all = (ids: readonly string[]) => ids.map(one).filter(summary => summary !== null)
  return {
    mergedInto: () => one(into?.to),
    duplicateOf: () => (into?.kind === 'DUPLICATE' ? one(into.to) : null),
    mergedFrom: () => all(merged),
    parent: () => one(parent?.to),
    children: () => all(children),
    relatedIncidents: () =>
      connected.flatMap(({ id, ...how }): RelatedIncident[] => {
        const incident = one(id)
        return incident ? [{ ...how, incident }] : []
      }),
  }
}

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
