/** The server's clock, which tests push. */
export class Clock {
  #ms = NaN
  #text = ''

  /** Now: ISO 8601, UTC, milliseconds. Under load many ask within one, and writing it out is what costs. */
  now = (): string => {
    const ms = Date.now()
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#text = new Date(ms).toISOString()
    }
    return this.#text
  }
}
