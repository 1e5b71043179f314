import type { Directory } from '../commands/directory.js'
import { type SizeUp, nextUpdateDue } from '../incident/cycle.js'
import type { Incident as State } from '../incident/incident.js'
import { minutesBetween } from '../replays/said-times.js'
import { pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

interface Page {
  readonly first: number
  readonly after?: string | null
}

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
export const cycleAnswers = (
  { cycle, ...state }: State,
  now: () => string,
  directory: Directory,
) => ({
  cycle: cycle.number,
  nextUpdateDue: nextUpdateDue({ cycle, ...state }) ?? null,
  minutesSinceVerification() {
    const last = cycle.verifications.at(-1)
    return last ? Math.max(0, minutesBetween(last.at, now())) : null
  },
  sizeUps: (page: Page) =>
    pageOf(
      cycle.sizeUps,
      ({ eventId }) => eventId,
      page,
      sizeUp => sizeUpAnswer(sizeUp, directory),
    ),
  verifications: (page: Page) =>
    pageOf(
      cycle.verifications,
      ({ eventId }) => eventId,
      page,
      ({ by, ...verification }) => ({ ...verification, by: actorAnswer(by, directory) }),
    ),
})
