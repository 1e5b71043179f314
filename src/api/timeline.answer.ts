import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { milestones } from '../replays/milestones.js'
import { type TimelineEntry as Entry, timelineInParts } from '../replays/timeline.js'
import type {
  Milestone,
  TimelineEntry,
  TimelineFilter,
  TimelineOrder,
} from '../schema.generated.js'
import { pageOf } from './connection.js'
import type { Slicing } from './deadline.js'
import type { NameIn } from './relations.answer.js'
import { actorAnswer } from './person.answer.js'

interface Asked {
  readonly order: TimelineOrder
  readonly showHistory: boolean
  readonly filter?: TimelineFilter | null
  readonly first: number
  readonly after?: string | null
}

/** A page of the timeline. */
export async function timelineAnswer(
  events: readonly StoredEvent[],
  { order, showHistory, filter, ...page }: Asked,
  directory: Directory,
  nameIn: NameIn,
  inSlices: Slicing,
) {
  const entries = await inSlices(timelineInParts(events, nameIn(events), { order, showHistory }))
  const { key, evidence } = filter ?? {}
  const wanted = entries.filter(
    entry =>
      (key == null || entry.isKey === key) &&
      (evidence == null || entry.evidence.length > 0 === evidence),
  )
  const keyOf = ({ eventId }: Entry) => `${order} ${showHistory} ${eventId}`
  return pageOf(wanted, keyOf, page, entry => entryAnswer(entry, directory))
}

export const entryAnswer = (
  { actor, evidence, alsoTells, ...entry }: Entry,
  directory: Directory,
): TimelineEntry => ({
  ...entry,
  actor: actorAnswer(actor, directory),
  evidence: [...evidence],
  alsoTells: [...alsoTells],
})

export const milestonesAnswer = (events: readonly StoredEvent[]): Milestone[] => [
  ...milestones(events),
]
