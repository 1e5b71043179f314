import { Rejected } from './facet.js'

/** An instant that many minutes after another (ISO 8601, UTC, as all instants here). */
export const minutesAfter = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString()

/** The latest of some instants, of those that are there. */
export const latest = (...instants: (string | null | undefined)[]): string | undefined =>
  instants
    .filter(instant => instant != null)
    .toSorted()
    .at(-1)

/** The earliest of some instants, of those that are there. */
export const earliest = (...instants: (string | null | undefined)[]): string | undefined =>
  instants.filter(instant => instant != null).toSorted()[0]

/** As a sentence says it: `2026-01-01 12:15 UTC`. Cut by hand, because an erased field may be any string. */
export const spoken = (instant: string) => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

/** A client's clock may be this far ahead of ours. */
const futureMsMax = 60_000

/** Refuses what a client says to have happened, if by the server's clock it cannot have yet. */
export function requireHappened(instant: string, clock: string): void {
  if (Date.parse(instant) > Date.parse(clock) + futureMsMax)
    throw new Rejected('OCCURRED_IN_FUTURE', 'This has not happened yet.', { now: clock })
}
