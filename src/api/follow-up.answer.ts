import type { Directory } from '../commands/directory.js'
import { type FollowUp as Flagged, loopClosedAt } from '../incident/follow-ups.js'
import type { FollowUp } from '../schema.generated.js'
import type { IncidentPart } from './asked-incident.js'
import { pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

interface FollowUpPage {
  readonly open: boolean
  readonly first: number
  readonly after?: string | null
}

/** What is left to do of an incident, and since when nothing is. */
export const followUpAnswers = {
  followUps: ({ state, directory }, { open, ...page }: FollowUpPage) =>
    pageOf(
      [...state.followUps].filter(([, { ended }]) => !(open && ended)),
      ([id]) => id,
      page,
      one => followUpAnswer(one, directory),
    ),
  loopClosedAt: ({ state }) => loopClosedAt(state) ?? null,
} satisfies IncidentPart

const followUpAnswer = (
  [id, { text, by, at, ended }]: readonly [string, Flagged],
  directory: Directory,
): FollowUp => ({
  id,
  text,
  by: actorAnswer(by, directory),
  at,
  status: ended?.as ?? 'OPEN',
  why: ended?.why ?? null,
  url: ended?.url ?? null,
  endedBy: ended ? actorAnswer(ended.by, directory) : null,
  endedAt: ended?.at ?? null,
})
