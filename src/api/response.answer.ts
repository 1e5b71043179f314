import type { Directory } from '../commands/directory.js'
import type { Feedback as Relayed } from '../incident/feedback.js'
import { majorPeriodOf } from '../incident/major.js'
import { type Detected, detection } from '../replays/detection.js'
import type { StreamEvent } from '../replays/incident-at.js'
import type {
  DeferredInstruction,
  Detection,
  Feedback,
  MajorPeriod,
  SeverityContest,
} from '../schema.generated.js'
import type { AskedIncident, IncidentPart } from './asked-incident.js'
import { pageOf } from './connection.js'
import { actorAnswer, personAnswer } from './person.answer.js'

interface FeedbackPage {
  readonly unacknowledged: boolean
  readonly first: number
  readonly after?: string | null
}

/** What the response put on record of itself: how it began, how large it was, what it put off. */
export const responseAnswers = {
  kind: ({ state }) => state.kind.is,
  isMajor: ({ state }) => majorPeriodOf(state.major) !== undefined,
  majorSince: ({ state }) => majorPeriodOf(state.major)?.from ?? null,
  majorHistory: asked => majorHistory(asked),
  severityContests: asked => contests(asked),
  deferredInstructions: asked => instructions(asked),
  feedback: (asked, page: FeedbackPage) => inbox(asked, page),
  detection: async asked => detected(await asked.fromRecord(detectionIn), asked.directory),
} satisfies IncidentPart

const majorHistory = ({ state, directory }: AskedIncident): MajorPeriod[] =>
  state.major.map(({ from, by, reason, stoodDown }) => ({
    from,
    by: actorAnswer(by, directory),
    reason,
    until: stoodDown?.at ?? null,
    stoodDownBy: stoodDown ? actorAnswer(stoodDown.by, directory) : null,
    stoodDownReason: stoodDown?.reason ?? null,
  }))

const contests = ({ state, directory }: AskedIncident): SeverityContest[] =>
  state.contests.map(({ by, ...contest }) => ({ ...contest, by: actorAnswer(by, directory) }))

const instructions = ({ state, directory }: AskedIncident): DeferredInstruction[] =>
  state.instructions.map(({ from, by, ...instruction }) => ({
    ...instruction,
    from: personAnswer(from, directory),
    by: actorAnswer(by, directory),
  }))

function inbox({ state, directory }: AskedIncident, { unacknowledged, ...page }: FeedbackPage) {
  const relayed = [...state.feedback].filter(([, one]) => !(unacknowledged && one.acknowledged))
  return pageOf(
    relayed,
    ([eventId]) => eventId,
    page,
    one => feedbackAnswer(one, directory),
  )
}

const feedbackAnswer = (
  [eventId, { by, acknowledged, ...said }]: readonly [string, Relayed],
  directory: Directory,
): Feedback => ({
  eventId,
  ...said,
  by: actorAnswer(by, directory),
  acknowledgedBy: acknowledged ? actorAnswer(acknowledged.by, directory) : null,
  acknowledgedAt: acknowledged?.at ?? null,
})

const detectionIn = (events: readonly StreamEvent[]) => detection(events)

function detected(found: Detected | null, directory: Directory): Detection | null {
  if (!found) return null
  const bySource = found.bySource.map(one => ({ ...one, by: actorAnswer(one.by, directory) }))
  return { ...found, bySource }
}
