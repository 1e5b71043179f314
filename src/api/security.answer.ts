import type { Containment, DataLoss, FunctionEngagement } from '../schema.generated.js'
import type { IncidentPart } from './asked-incident.js'
import { actorAnswer, personAnswer } from './person.answer.js'

/** What keeps an intruder from getting further, what is lost, and who outside the response helps. */
export const securityAnswers = {
  containment: ({ state, directory }): Containment[] =>
    state.containment.map(({ by, note, ...action }) => ({
      ...action,
      note: note ?? null,
      by: actorAnswer(by, directory),
    })),
  dataLoss({ state, directory }): DataLoss | null {
    const { known } = state.dataLoss
    return known ? { ...known, by: actorAnswer(known.by, directory) } : null
  },
  engagedFunctions: ({ state, directory }): FunctionEngagement[] =>
    state.functions.map(({ person, reason, byType, by, ...engagement }) => ({
      ...engagement,
      person: person === undefined ? null : personAnswer(person, directory),
      reason: reason ?? null,
      byType: byType === true,
      by: actorAnswer(by, directory),
    })),
} satisfies IncidentPart
