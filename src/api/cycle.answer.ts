import type { Directory } from '../commands/directory.js'
import { type SizeUp, nextUpdateDue } from '../incident/cycle.js'
import type { Incident as State } from '../incident/incident.js'
import { minutesBetween } from '../replays/said-times.js'
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

/** How often the response went round, and what it saw; `now` is the moment that is meant. */
export const cycleAnswers = (state: State, now: () => string, directory: Directory) => ({
  cycle: state.cycle.number,
  nextUpdateDue: () => nextUpdateDue(state) ?? null,
  minutesSinceVerification() {
    const last = state.cycle.verifications.at(-1)
    return last ? Math.max(0, minutesBetween(last.at, now())) : null
  },
  sizeUps: (page: Page) =>
    pageOf(
      state.cycle.sizeUps,
      ({ eventId }) => eventId,
      page,
      sizeUp => sizeUpAnswer(sizeUp, directory),
    ),
  verifications: (page: Page) =>
    pageOf(
      state.cycle.verifications,
      ({ eventId }) => eventId,
      page,
      ({ by, ...verification }) => ({ ...verification, by: actorAnswer(by, directory) }),
    ),
})
