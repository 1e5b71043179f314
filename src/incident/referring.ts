import { type Facet, type MessagesOf, fact } from '../decider/facet.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'
import type { Relating } from './related.js'
import type { RelationKind } from './relation.js'

/** What other incidents say of this one. */
export interface Referring {
  readonly now: readonly Referred[]
  /** Of each incident that ever said something, the revision of its last word that was noted here. */
  readonly noted: ReadonlyMap<string, number>
}
export interface Referred {
  readonly kind: RelationKind
  readonly from: string
  readonly at: string
}

/** Another incident said something of this one, in its own stream, at that revision. */
interface NoteCounterpart {
  from: string
  fromRevision: number
  kind: RelationKind
  holds: boolean
}
export interface ReferringDuties {
  NoteCounterpart: NoteCounterpart
}
interface Counterpart {
  from: string
  fromRevision: number
}
export interface ReferringEvents {
  IncidentAbsorbed: Counterpart & { duplicate?: true }
  IncidentReleased: Counterpart
  ChildAdded: Counterpart
  ChildRemoved: Counterpart
  RelationNoted: Counterpart & { kind: Relating }
  RelationDropped: Counterpart & { kind: Relating }
}

/**
 * The other side of what was decided in another incident: a fact, that nothing here can refuse. In the
 * order of the other stream, each once: an older word than the last that was noted is known already.
 */
export const referring: Facet<
  Incident,
  Referring,
  {},
  ReferringEvents,
  ReferringEvents,
  ReferringDuties
> = {
  initial: { now: [], noted: new Map() },
  payloads: {},
  may: { NoteCounterpart: requireDeclared },
  after: { NoteCounterpart: () => undefined },
  decide: {
    NoteCounterpart: ({ referring }, { kind, holds, ...said }) =>
      (referring.noted.get(said.from) ?? -1) >= said.fromRevision
        ? []
        : [counterpart(kind, holds, said)],
  },
  evolve: {
    IncidentAbsorbed: (slice, event) =>
      noted(slice, event, event.data.duplicate ? 'DUPLICATE' : 'MERGED'),
    IncidentReleased: (slice, event) => noted(slice, event, undefined, 'MERGED', 'DUPLICATE'),
    ChildAdded: (slice, event) => noted(slice, event, 'CHILD'),
    ChildRemoved: (slice, event) => noted(slice, event, undefined, 'CHILD'),
    RelationNoted: (slice, event) => noted(slice, event, event.data.kind),
    RelationDropped: (slice, event) => noted(slice, event, undefined, event.data.kind),
  },
  narrate: {
    IncidentAbsorbed: ({ data: { from, duplicate } }, name) =>
      fact(
        `${name({ incident: from })} ${duplicate ? 'is a duplicate of' : 'was merged into'} this`,
      ),
    IncidentReleased: ({ data }, name) =>
      fact(`${name({ incident: data.from })} is an incident of its own again`),
    ChildAdded: ({ data }, name) => fact(`${name({ incident: data.from })} became a part of this`),
    ChildRemoved: ({ data }, name) =>
      fact(`${name({ incident: data.from })} is no longer a part of this`),
    RelationNoted: ({ data: { from, kind } }, name) =>
      fact(`${name({ incident: from })} ${words[kind]} this`),
    RelationDropped: ({ data: { from, kind } }, name) =>
      fact(`It was taken back that ${name({ incident: from })} ${words[kind]} this`),
  },
  sensitive: {
    IncidentAbsorbed: { from: 'PLAIN' },
    IncidentReleased: { from: 'PLAIN' },
    ChildAdded: { from: 'PLAIN' },
    ChildRemoved: { from: 'PLAIN' },
    RelationNoted: { from: 'PLAIN' },
    RelationDropped: { from: 'PLAIN' },
  },
}

const words: Record<Relating, string> = {
  RELATED: 'is related to',
  CAUSED_BY: 'was caused by',
}

function counterpart(
  kind: RelationKind,
  holds: boolean,
  data: Counterpart,
): MessagesOf<ReferringEvents> {
  switch (kind) {
    case 'MERGED':
      return { type: holds ? 'IncidentAbsorbed' : 'IncidentReleased', data }
    case 'DUPLICATE':
      return holds
        ? { type: 'IncidentAbsorbed', data: { ...data, duplicate: true } }
        : { type: 'IncidentReleased', data }
    case 'CHILD':
      return { type: holds ? 'ChildAdded' : 'ChildRemoved', data }
    default:
      return { type: holds ? 'RelationNoted' : 'RelationDropped', data: { ...data, kind } }
  }
}

function noted(
  { now, noted }: Referring,
  { data: { from, fromRevision }, occurredAt }: { data: Counterpart; occurredAt: string },
  kind: RelationKind | undefined,
  ...ended: RelationKind[]
): Referring {
  const gone = kind === undefined ? ended : [kind]
  const others = now.filter(one => one.from !== from || !gone.includes(one.kind))
  return {
    now: kind === undefined ? others : [...others, { kind, from, at: occurredAt }],
    noted: new Map(noted).set(from, fromRevision),
  }
}
