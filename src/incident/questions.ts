import { IsIn } from 'class-validator'
import { Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'

export const questionKinds = ['CAUSE', 'BLAME', 'REPORT', 'PREVENTION'] as const
export type QuestionKind = (typeof questionKinds)[number]

/** What is not asked while it burns; the review takes it up (domain row 17). */
export interface Question {
  readonly eventId: string
  readonly kind: QuestionKind
  readonly text: string
  readonly by: Actor
  readonly at: string
}
export type Questions = readonly Question[]

/** More than a review can answer. */
const questionsMax = 100

export class DeferQuestion {
  @Prose(2000) text!: string
  @IsIn(questionKinds) kind!: QuestionKind
}
export interface QuestionCommands {
  DeferQuestion: DeferQuestion
}
export interface QuestionEvents {
  QuestionDeferred: { text: string; kind: QuestionKind }
}

/** While the response runs, only one question matters: how to get back. */
export const questions: Facet<Incident, Questions, QuestionCommands, QuestionEvents> = {
  initial: [],
  payloads: { DeferQuestion },
  may: { DeferQuestion: requireRoomForAQuestion },
  after: { DeferQuestion: ({ declaration }) => declaration.declaredAt },
  decide: {
    DeferQuestion({ questions }, { text, kind }) {
      if (questions.some(one => one.kind === kind && one.text === text)) return []
      return [{ type: 'QuestionDeferred', data: { text, kind } }]
    },
  },
  evolve: {
    QuestionDeferred: (questions, { id: eventId, actor: by, occurredAt: at, data }) => [
      ...questions,
      { eventId, ...data, by, at },
    ],
  },
  narrate: {
    QuestionDeferred: ({ data, actor }, name) =>
      fact(`${name(actor)} left to the review ${kindWords[data.kind]}: ${data.text}`),
  },
  sensitive: { QuestionDeferred: { text: 'TEXT' } },
}

const kindWords: Record<QuestionKind, string> = {
  CAUSE: 'what caused it',
  BLAME: 'who is to answer for it',
  REPORT: 'what is to be reported',
  PREVENTION: 'how it is prevented',
}

function requireRoomForAQuestion(incident: Incident): void {
  requireRunning(incident)
  if (incident.questions.length >= questionsMax)
    throw new Rejected('LIMIT_REACHED', `At most ${questionsMax} questions can be deferred.`)
}
