/** Followers that read the log at the same time: each page takes the thread that answers everybody. */
const readingMax = 4

/** Turns for work that must not be done by all at once. */
class Turns {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(atATime: number) {
    this.#free = atATime
  }

  async turn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}

/** Of reading the log for those who are behind. */
export const reading = new Turns(readingMax)
