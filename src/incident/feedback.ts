import { IsIn, IsUUID } from 'class-validator'
import { Prose } from '../decider/bounds.js'
import { type Actor, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { latest } from '../decider/instants.js'
import { type Audience, audiences } from './audiences.js'
import { isRunning, requireCommander, requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

/** What an audience says, brought to the commander by whoever speaks with it (domain row 29). */
export interface Feedback {
  readonly audience: Audience
  readonly text: string
  readonly by: Actor
  readonly at: string
  readonly acknowledged?: { readonly by: Actor; readonly at: string }
}
/** By the id of the event that brought it, in that order. */
export type FeedbackInbox = ReadonlyMap<string, Feedback>

/** All of it is kept in the folded incident. */
const feedbackMax = 500

export class RelayFeedback {
  @IsIn(audiences) audience!: Audience
  @Prose(2000) text!: string
}
export class AcknowledgeFeedback {
  @IsUUID() eventId!: string
}
export interface FeedbackCommands {
  RelayFeedback: RelayFeedback
  AcknowledgeFeedback: AcknowledgeFeedback
}
export interface FeedbackEvents {
  FeedbackRelayed: { audience: Audience; text: string }
  FeedbackAcknowledged: { eventId: string }
}

export const feedback: Facet<Incident, FeedbackInbox, FeedbackCommands, FeedbackEvents> = {
  initial: new Map(),
  payloads: { RelayFeedback, AcknowledgeFeedback },
  may: {
    RelayFeedback: requireRoomForFeedback,
    AcknowledgeFeedback(incident, context) {
      requireNotDismissed(incident)
      requireInbox(incident, context)
    },
  },
  after: {
    RelayFeedback: ({ declaration }) => declaration.declaredAt,
    AcknowledgeFeedback: ({ declaration, feedback }, { eventId }) =>
      latest(declaration.declaredAt, feedback.get(eventId)?.at),
  },
  decide: {
    RelayFeedback: (_, { audience, text }) => [
      { type: 'FeedbackRelayed', data: { audience, text } },
    ],
    AcknowledgeFeedback({ feedback }, { eventId }) {
      const found = feedback.get(eventId)
      if (!found)
        throw new Rejected('ENTRY_NOT_FOUND', 'There is no such feedback here.', { eventId })
      return found.acknowledged ? [] : [{ type: 'FeedbackAcknowledged', data: { eventId } }]
    },
  },
  evolve: {
    FeedbackRelayed: (feedback, { id, actor: by, occurredAt: at, data }) =>
      put(feedback, id, { ...data, by, at }),
    FeedbackAcknowledged(feedback, { data: { eventId }, actor: by, occurredAt: at }) {
      const found = feedback.get(eventId)
      return found ? put(feedback, eventId, { ...found, acknowledged: { by, at } }) : feedback
    },
  },
  narrate: {
    FeedbackRelayed: ({ data, actor }, name) =>
      fact(`${name(actor)} relayed from ${audienceWords[data.audience]}: ${data.text}`),
    FeedbackAcknowledged: ({ data, actor }, name, { feedback }) => {
      const found = feedback.get(data.eventId)
      return fact(
        `${name(actor)} took note of ${found ? `what ${audienceWords[found.audience]} said: ${found.text}` : 'some feedback'}`,
      )
    },
  },
  sensitive: {
    FeedbackRelayed: { text: 'TEXT' },
    FeedbackAcknowledged: { eventId: 'PLAIN' },
  },
}

/** As a sentence calls an audience. */
const audienceWords: Record<Audience, string> = {
  RESPONDERS: 'responders',
  SUPPORT: 'support',
  EXECUTIVES: 'executives',
  EMPLOYEES: 'employees',
  CUSTOMERS: 'customers',
}

function requireRoomForFeedback(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.feedback.size >= feedbackMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${feedbackMax} feedbacks.`)
}

/** It is the commander's inbox; once the response is over, whoever is there looks after it. */
function requireInbox(incident: Incident, context: Context): void {
  if (isRunning(incident)) requireCommander(incident, context)
}
