import { setImmediate, setTimeout } from 'node:timers/promises'
import { Logger } from '@nestjs/common'
import { Rejected } from '../decider/facet.js'
import type { Position } from '../event-store/event-store.js'
import type { OperatedStore } from '../event-store/operated-store.js'
import type { Database } from '../sqlite.js'
import type { Views } from '../views/views.js'
import { SetAside, restMs } from './set-aside.js'
import { StandingStill } from './standing-still.js'

/** Done at a time: they share commits. */
const batchMax = 20
/** However quiet it is, so often: the clock may be set, and the machine may have slept. */
export const lookEveryMsMax = 250
/** However much is going on, no more often. */
const lookEveryMsMin = 100
const viewsWaitMs = 1000

/** What is to be done by itself: the rows of a view say what may be due, the decision whether it is. */
export interface Work<Row extends object> {
  readonly name: string
  /** What is due now, at most so many. */
  due(db: Database, limit: number): readonly Row[]
  /** For how many milliseconds nothing more will be, as far as is known. */
  quietMs(db: Database): number
  /** Decides and records it; what it came to. */
  record(row: Row): Promise<{ readonly events: readonly unknown[]; position: Position | null }>
}

/**
 * Looks for its work again and again, when the views move and when its time comes, while this process
 * holds the duties. A view that is late, a second process or a crash in between costs work, and nothing
 * else.
 */
export class Duty<Row extends object> {
  readonly condition: StandingStill
  readonly aside = new SetAside()
  #done = 0
  #isStopping = false
  #running: Promise<void> | undefined
  #sleep = new AbortController()
  readonly #log: Logger

  constructor(
    private readonly work: Work<Row>,
    private readonly store: OperatedStore,
    private readonly views: Views,
  ) {
    this.#log = new Logger(work.name)
    this.condition = new StandingStill(
      work.name,
      () => store.holdsDuties,
      () => this.aside.count('REFUSED'),
    )
  }

  /** How many this process recorded since its start. */
  get done(): number {
    return this.#done
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.#sleep.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isStopping;)
      try {
        await this.#rest(await this.#look())
        failures = 0
      } catch (err) {
        this.#log.error({ err }, 'What is due cannot be looked at')
        await this.#pause(restMs(++failures, 'FAULT'))
      }
  }

  /** Does what is due; answers for how many milliseconds nothing more will be, as far as is known. */
  async #look(): Promise<number> {
    while (!this.#isStopping) {
      const db = this.store.holdsDuties ? this.#db() : undefined
      if (!db) break
      const due = this.#due(db)
      if (due.length === 0) {
        if (this.aside.count('FAULT') === 0) this.condition.moves()
        return this.work.quietMs(db)
      }
      this.condition.waits()
      if (!(await this.#do(due))) return lookEveryMsMax
      this.condition.moves()
      await setImmediate()
    }
    this.condition.moves()
    return lookEveryMsMax
  }

  /** Before there are views, or while they are made anew, nothing is known to be due. */
  #db(): Database | undefined {
    try {
      return this.views.db
    } catch (error) {
      if (error instanceof Rejected) return undefined
      throw error
    }
  }

  #due(db: Database): Row[] {
    const limit = batchMax + this.aside.size
    const rows = this.work.due(db, limit)
    if (rows.length < limit) this.aside.keepOnly(rows)
    return rows.filter(row => !this.aside.has(row)).slice(0, batchMax)
  }

  /** False if not one of them could be recorded. */
  async #do(due: readonly Row[]): Promise<boolean> {
    const outcomes = await this.#outcomes(due)
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ err: outcome.reason as unknown, row: due[i]! }] : [],
    )
    for (const { err, row } of failed) {
      const isRefused = err instanceof Rejected
      this.aside.put(row, isRefused ? 'REFUSED' : 'FAULT')
      if (isRefused) this.#log.warn({ row, code: err.code }, 'What is due was refused')
    }
    const faults = failed.filter(({ err }) => !(err instanceof Rejected))
    if (faults.length > 0)
      this.#log.error({ ...faults[0], failed: faults.length }, 'What is due could not be recorded')
    return failed.length < due.length
  }

  /** Each may have a long incident to read first: requests get their turn between any two. */
  async #outcomes(due: readonly Row[]): Promise<PromiseSettledResult<void>[]> {
    const settling: Promise<PromiseSettledResult<void>[]>[] = []
    for (const row of due) {
      settling.push(Promise.allSettled([this.#record(row)]))
      await setImmediate()
    }
    return (await Promise.all(settling)).flat()
  }

  /** Waits for the views, so that they rarely offer it once more. */
  async #record(row: Row): Promise<void> {
    const { events, position } = await this.work.record(row)
    if (events.length > 0 && !this.aside.wasDone(row)) this.#done++
    this.aside.put(row, 'DONE')
    await this.views.caughtUp(position ?? 0n, viewsWaitMs)
  }

  /** Until something may be due: because its time comes, or because the views move. */
  async #rest(ms: number): Promise<void> {
    await this.#pause(Math.min(ms, lookEveryMsMin))
    const moving = this.#sleep
    void this.views.caughtUp(this.views.position + 1n, ms).then(moved => moved && moving.abort())
    await this.#pause(ms)
    this.#sleep = new AbortController()
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isStopping) return
    await setTimeout(ms, undefined, { signal: this.#sleep.signal, ref: false }).catch(() => {})
  }
}
