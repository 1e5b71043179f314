import { engaged } from '../incident/engaged.js'
import type { Incident } from '../incident/incident.js'
import { minutesBetween } from './said-times.js'

/** For how long somebody had been on without a break; the fields are those of the SDL. */
export interface Engagement {
  readonly person: string
  readonly since: string
  readonly minutes: number
}

/** Everybody who works on it at that moment, the longest on first. */
export const engagements = (incident: Incident, moment: string): Engagement[] =>
  [...engaged(incident)]
    .toSorted(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([person, since]) => ({
      person,
      since,
      minutes: Math.max(0, minutesBetween(since, moment)),
    }))
