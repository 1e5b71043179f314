import { Logger } from '@nestjs/common'
import type { Condition } from '../event-store/operated-store.js'

/** Soon enough for somebody to act, and too slow to fill a log with what comes and goes. */
const lookEveryMs = 5000

/** Tells the log once what begins to fail and once that it is over, so that nobody has to ask for it. */
export class Telling {
  readonly #failing = new Set<string>()
  readonly #looking: NodeJS.Timeout

  constructor(
    private readonly conditions: readonly Condition[],
    private readonly log: Pick<Logger, 'warn' | 'error'> = new Logger('health'),
  ) {
    this.#looking = setInterval(() => this.look(), lookEveryMs).unref()
  }

  look(): void {
    for (const condition of this.conditions) {
      const { name } = condition
      const { ok, detail } = answerOf(condition)
      if (ok && this.#failing.delete(name)) this.log.warn({ check: name }, 'A check holds again')
      if (ok || this.#failing.has(name)) continue
      this.#failing.add(name)
      this.log.error({ check: name, detail }, 'A check fails')
    }
  }

  close(): void {
    clearInterval(this.#looking)
  }
}

/** A check that throws has found something wrong. */
export function answerOf(one: Condition) {
  try {
    return { name: one.name, ...one.check() }
  } catch {
    return { name: one.name, ok: false, detail: 'The check itself failed.' }
  }
}
