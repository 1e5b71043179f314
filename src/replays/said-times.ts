import type { Timing } from '../decider/facet.js'

const minuteMs = 60_000
const hourMinutes = 60
const dayHours = 24

/** What an Int of GraphQL holds: some 4,000 years. */
const minutesMax = 2 ** 31 - 1

/** Whole minutes, rounded down; as of a moment that far ahead, as many as can be told. */
export const minutesBetween = (from: string, to: string) =>
  Math.min(Math.floor((Date.parse(to) - Date.parse(from)) / minuteMs), minutesMax)

/** `2026-01-01`. Cut and not computed, because an erased field may be any string. */
export const day = (instant: string) => instant.slice(0, 10)
/** `12:15`, in UTC as all times. */
export const time = (instant: string) => instant.slice(11, 16)
export const dayAndTime = (instant: string) => `${day(instant)} ${time(instant)}`

/** The time alone if the day is the same as that of the moment one speaks of. */
export const timeFrom = (moment: string, instant: string) =>
  day(moment) === day(instant) ? time(instant) : dayAndTime(instant)

export type Clock = (instant: string) => string

/** Says the day too, unless all that is told is of one. */
export const clockOf = (instants: readonly string[]): Clock =>
  new Set(instants.map(day)).size > 1 ? dayAndTime : time

/** A time in the words of how well it is known: `12:15`, `about 18:00`, `time not known`. */
export function timed(said: string, timing: Timing | null): string {
  if (timing === 'UNKNOWN') return 'time not known'
  return timing === 'APPROXIMATE' ? `about ${said}` : said
}

/** `2 hours 5 minutes`, from two days on `3 days 4 hours`: two units are enough for a person. */
export function span(minutes: number): string {
  if (minutes < 1) return 'less than a minute'
  const hours = Math.floor(minutes / hourMinutes)
  const parts: [number, string][] =
    hours < 2 * dayHours
      ? [
          [hours, 'hour'],
          [minutes % hourMinutes, 'minute'],
        ]
      : [
          [Math.floor(hours / dayHours), 'day'],
          [hours % dayHours, 'hour'],
        ]
  const said = parts.filter(([count]) => count > 0)
  return said.map(([count, unit]) => counted(count, unit)).join(' ')
}

/** `1 task`, `3 tasks`. */
export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `1 was`, `3 were`. */
export const were = (count: number) => `${count} ${count === 1 ? 'was' : 'were'}`

/** `once`, `twice`, `3 times`. */
export const times = (count: number) => ['never', 'once', 'twice'][count] ?? `${count} times`

/** `Alice, Bob and Carol`. */
export const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
