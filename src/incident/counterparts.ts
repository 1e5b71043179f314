import type { Incident, IncidentCommand, IncidentDuty } from './incident.js'
import type { RelationKind, Said } from './relation.js'

/** Whether an incident can have said more of others: looks at nothing, for most events say nothing. */
export const saidMore = (before: Incident | undefined, incident: Incident): boolean =>
  before === undefined || slices.some(slice => before[slice] !== incident[slice])

const slices = ['merging', 'family', 'related'] as const

/** All that an incident ever said of others, in the order it said it. */
export const saidBy = (incident: Incident): Said[] =>
  slices.flatMap(slice => incident[slice]).toSorted((a, b) => a.revision - b.revision)

/** What an incident can lead to no more than one other by, so that a circle of them leads nowhere. */
export type Way = 'merging' | 'family'

export const wayOf = (kind: RelationKind): Way | undefined =>
  kind === 'CHILD' ? 'family' : kind === 'MERGED' || kind === 'DUPLICATE' ? 'merging' : undefined

/** What is asked of the one that gives way in a circle; that is the one with the least id. */
export const breaking = (way: Way, eventId: string): IncidentDuty =>
  way === 'family'
    ? { type: 'BreakParent', data: { eventId } }
    : { type: 'BreakMerge', data: { eventId } }

/** The id of the other incident that a command is about, as its asker gave it. */
export function otherMeant({ type, data }: IncidentCommand): string | undefined {
  switch (type) {
    case 'MergeIncident':
      return data.into
    case 'MarkDuplicate':
      return data.of
    case 'SetParent':
      return data.parent
    case 'RelateIncident':
    case 'UnrelateIncident':
      return data.to
    default:
      return undefined
  }
}

/** The field in which an event names another incident. */
const namedIn: Record<string, string> = {
  IncidentMerged: 'into',
  IncidentUnmerged: 'into',
  ParentSet: 'parent',
  ParentRemoved: 'parent',
  IncidentRelated: 'to',
  IncidentUnrelated: 'to',
  IncidentAbsorbed: 'from',
  IncidentReleased: 'from',
  ChildAdded: 'from',
  ChildRemoved: 'from',
  RelationNoted: 'from',
  RelationDropped: 'from',
}

/** The id of the other incident that an event names, if it names one. */
export function otherNamed({ type, data }: { type: string; data: object }): string | undefined {
  const field = Object.hasOwn(namedIn, type) ? namedIn[type]! : undefined
  return field === undefined ? undefined : String((data as Record<string, unknown>)[field])
}
