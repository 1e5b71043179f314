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
import type { AskedIncident } from './asked-incident.js'
import { pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

interface Args {
  readonly order: TimelineOrder
  readonly showHistory: boolean
  readonly filter?: TimelineFilter | null
  readonly first: number
  readonly after?: string | null
}

/** A page of the timeline. */
export async function timelineAnswer(
  asked: AskedIncident,
  { order, showHistory, filter, ...page }: Args,
) {
  const { nameIn, inSlices, directory } = asked
  const events = await asked.events
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
