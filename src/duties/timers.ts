import { setImmediate, setTimeout } from 'node:timers/promises'
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common'
import { v5 } from 'uuid'
import { Clock } from '../clock.js'
import type { Asked } from '../commands/asked.js'
import { newCorrelationId } from '../commands/attempt.js'
import { IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { ledger } from '../commands/incident-id.js'
import { Rejected } from '../decider/facet.js'
import { OperatedStore, type Reading } from '../event-store/operated-store.js'
import { commandOf } from '../incident/timers.js'
import type { Database } from '../sqlite.js'
import { type TimerRow, dueTimers, nextDueAt } from '../views/timers.js'
import { Views } from '../views/views.js'
import { readingsOf } from './readings.js'
import { SetAside, restMs } from './set-aside.js'
import { StandingStill } from './standing-still.js'

/** Fired at a time: they share commits, and requests get their turn between two batches. */
const batchMax = 20
/** However quiet it is, so often: the clock may be set, and the machine may have slept. */
const lookEveryMsMax = 250
/** However much is going on, no more often. */
const lookEveryMsMin = 20
const viewsWaitMs = 1000

/**
 * Records what falls due by itself. The view of timers says what may be due, the decision whether it is;
 * a name made of the timer makes it once. So a view that is late, a second process or a crash in between
 * costs work, and nothing else.
 */
@Injectable()
export class Timers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly condition: StandingStill
  readonly readings: readonly Reading[]
  #fired = 0
  #isStopping = false
  #running: Promise<void> | undefined
  #sleep = new AbortController()
  readonly #aside = new SetAside()
  readonly #log = new Logger('timers')

  constructor(
    private readonly store: OperatedStore,
    private readonly views: Views,
    private readonly streams: IncidentStreams,
    private readonly clock: Clock,
  ) {
    this.condition = new StandingStill(
      () => store.holdsDuties,
      () => this.#aside.count('REFUSED'),
    )
    this.readings = readingsOf(views, clock, this.#aside)
  }

  /** How many this process recorded since its start. */
  get fired(): number {
    return this.#fired
  }

  onApplicationBootstrap(): void {
    this.#running ??= this.#run()
  }

  /** While the store still takes what was decided. */
  async beforeApplicationShutdown(): Promise<void> {
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
        this.#log.error({ err }, 'Timers cannot be looked at')
        await this.#pause(restMs(++failures, 'FAULT'))
      }
  }

  /** Fires what is due; answers for how many milliseconds nothing more will be, as far as is known. */
  async #look(): Promise<number> {
    while (!this.#isStopping) {
      const db = this.store.holdsDuties ? this.#db() : undefined
      if (!db) break
      const now = this.clock.now()
      const due = this.#due(db, now)
      if (due.length === 0) {
        if (this.#aside.count('FAULT') === 0) this.condition.moves()
        return msUntil(nextDueAt(db, now), now)
      }
      this.condition.waits()
      if (!(await this.#fire(due))) return lookEveryMsMax
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

  #due(db: Database, now: string): TimerRow[] {
    const limit = batchMax + this.#aside.size
    const rows = dueTimers(db, now, limit)
    if (rows.length < limit) this.#aside.keepOnly(rows)
    return rows.filter(row => !this.#aside.has(row)).slice(0, batchMax)
  }

  /** False if not one of them could be recorded. */
  async #fire(due: readonly TimerRow[]): Promise<boolean> {
    const outcomes = await Promise.allSettled(due.map(timer => this.#record(timer)))
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ err: outcome.reason as unknown, timer: due[i]! }] : [],
    )
    for (const { err, timer } of failed) {
      const isRefused = err instanceof Rejected
      this.#aside.put(timer, isRefused ? 'REFUSED' : 'FAULT')
      if (isRefused) this.#log.warn({ timer, code: err.code }, 'A timer was refused')
    }
    const faults = failed.filter(({ err }) => !(err instanceof Rejected))
    if (faults.length > 0)
      this.#log.error({ ...faults[0], failed: faults.length }, 'Timers could not be recorded')
    return failed.length < due.length
  }

  /** Waits for the views, so that they rarely offer it once more. */
  async #record(timer: TimerRow): Promise<void> {
    const { incidentId, ...due } = timer
    const stream = incidentStream(incidentId)
    const taken = await this.streams.execute(stream, commandOf(due), asked(timer))
    if (taken.events.length > 0 && !this.#aside.wasDone(timer)) this.#fired++
    this.#aside.put(timer, 'DONE')
    await this.views.caughtUp(taken.position ?? 0n, viewsWaitMs)
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

/** Never longer than to the next look, so no clock and no timeout is trusted for long. */
function msUntil(dueAt: string | undefined, now: string): number {
  if (dueAt === undefined) return lookEveryMsMax
  return Math.min(Date.parse(dueAt) - Date.parse(now), lookEveryMsMax)
}

/** As the timer's own, at its due time, and under a name that whoever fires it gives it. */
const asked = ({ incidentId, kind, subject, dueAt }: TimerRow): Asked => ({
  actor: { type: 'TIMER', id: kind },
  correlationId: newCorrelationId(),
  commandId: v5(JSON.stringify([incidentStream(incidentId), kind, subject, dueAt]), ledger),
  occurredAt: dueAt,
})
