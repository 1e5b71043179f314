import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { milestones } from '../replays/milestones.js'
import { type TimelineEntry as Entry, timeline } from '../replays/timeline.js'
import type { Milestone, TimelineEntry, TimelineOrder } from '../schema.generated.js'
import { pageOf } from './connection.js'
import type { NameIn } from './relations.answer.js'
import { actorAnswer } from './person.answer.js'

interface Asked {
  readonly order: TimelineOrder
  readonly showHistory: boolean
  readonly first: number
  readonly after?: string | null
}

/** A page of the timeline. */
export function timelineAnswer(
  events: readonly StoredEvent[],
  { order, showHistory, ...page }: Asked,
  directory: Directory,
  nameIn: NameIn,
) {
  const entries = timeline(events, nameIn(events), { order, showHistory })
  const keyOf = ({ eventId }: Entry) => `${order} ${showHistory} ${eventId}`
  return pageOf(entries, keyOf, page, entry => entryAnswer(entry, directory))
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
