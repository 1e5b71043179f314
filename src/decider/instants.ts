/** An instant that many minutes after another (ISO 8601, UTC, as all instants here). */
export const minutesAfter = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString()

/** The latest of some instants, of those that are there. */
export const latest = (...instants: (string | null | undefined)[]): string | undefined =>
  instants
    .filter(instant => instant != null)
    .toSorted()
    .at(-1)

/** As a sentence says it: `2026-01-01 12:15 UTC`. Cut by hand, because an erased field may be any string. */
export const spoken = (instant: string) => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
