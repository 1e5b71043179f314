/** The server's clock, which tests push. */
export class Clock {
  /** Now: ISO 8601, UTC, milliseconds. */
  now = (): string => new Date().toISOString()
}
