import type { Directory } from '../commands/directory.js'
import { type SizeUp, nextUpdateDue } from '../incident/cycle.js'
import { minutesBetween } from '../replays/said-times.js'
import type { IncidentPart } from './asked-incident.js'
import { type Page, pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

export const sizeUpAnswer = (
  { impact, nextUpdateBy, by, ...sizeUp }: SizeUp,
  directory: Directory,
) => ({
  ...sizeUp,
  impact: impact ?? null,
  nextUpdateBy: nextUpdateBy ?? null,
  by: actorAnswer(by, directory),
})

/** How often the response went round, and what it saw. */
export const cycleAnswers = {
  cycle: ({ state }) => state.cycle.number,
  nextUpdateDue: ({ state }) => nextUpdateDue(state) ?? null,
  minutesSinceVerification({ state, now }) {
    const last = state.cycle.verifications.at(-1)
    return last ? Math.max(0, minutesBetween(last.at, now)) : null
  },
  sizeUps: ({ state, directory }, page: Page) =>
    pageOf(
      state.cycle.sizeUps,
      ({ eventId }) => eventId,
      page,
      sizeUp => sizeUpAnswer(sizeUp, directory),
    ),
  verifications: ({ state, directory }, page: Page) =>
    pageOf(
      state.cycle.verifications,
      ({ eventId }) => eventId,
      page,
      ({ by, ...verification }) => ({ ...verification, by: actorAnswer(by, directory) }),
    ),
} satisfies IncidentPart
