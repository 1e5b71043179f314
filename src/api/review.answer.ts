import type { IncidentPart } from './asked-incident.js'
import { actorAnswer } from './person.answer.js'

/** What the response supposed, and what it left to the review. */
export const reviewAnswers = {
  deferredQuestions: ({ state, directory }) =>
    state.questions.map(({ by, ...question }) => ({ ...question, by: actorAnswer(by, directory) })),
  contributingFactors: ({ state, directory }) =>
    state.contributingFactors.map(({ by, ...factor }) => ({
      ...factor,
      by: actorAnswer(by, directory),
    })),
  hypotheses: ({ state, directory }, { open }: { open: boolean }) =>
    [...state.hypotheses]
      .filter(([, { settled }]) => !open || !settled)
      .map(([eventId, { text, evidence, by, at, settled }]) => ({
        eventId,
        text,
        evidence: evidence ?? null,
        by: actorAnswer(by, directory),
        at,
        outcome: settled?.outcome ?? null,
        settledEvidence: settled?.evidence ?? null,
        settledBy: settled ? actorAnswer(settled.by, directory) : null,
        settledAt: settled?.at ?? null,
      })),
} satisfies IncidentPart
