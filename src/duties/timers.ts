import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common'
import { v5 } from 'uuid'
import { Clock } from '../clock.js'
import type { Asked } from '../commands/asked.js'
import { newCorrelationId } from '../commands/attempt.js'
import { IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { ledger } from '../commands/incident-id.js'
import { OperatedStore, type Reading } from '../event-store/operated-store.js'
import { commandOf } from '../incident/timers.js'
import { type TimerRow, dueTimers, nextDueAt } from '../views/timers.js'
import { Views } from '../views/views.js'
import { Duty, lookEveryMsMax } from './duty.js'
import { readingsOf } from './readings.js'
import type { StandingStill } from './standing-still.js'

/** Records what falls due by itself, once, because a name made of the timer makes it once. */
@Injectable()
export class Timers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly condition: StandingStill
  readonly readings: readonly Reading[]
  readonly #duty: Duty<TimerRow>

  constructor(
    store: OperatedStore,
    views: Views,
    private readonly streams: IncidentStreams,
    clock: Clock,
  ) {
    this.#duty = new Duty(
      {
        name: 'timers',
        due: (db, limit) => dueTimers(db, clock.now(), limit),
        quietMs(db) {
          const now = clock.now()
          return msUntil(nextDueAt(db, now), now)
        },
        record: timer => this.#record(timer),
      },
      store,
      views,
    )
    this.condition = this.#duty.condition
    this.readings = readingsOf(views, clock, this.#duty.aside)
  }

  /** How many this process recorded since its start. */
  get fired(): number {
    return this.#duty.done
  }

  onApplicationBootstrap(): void {
    this.#duty.start()
  }

  /** While the store still takes what was decided. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#duty.stop()
  }

  #record(timer: TimerRow) {
    const { incidentId, ...due } = timer
    return this.streams.execute(incidentStream(incidentId), commandOf(due), asked(timer))
  }
}

/** Never longer than to the next look, so no clock and no timeout is trusted for long. */
function msUntil(dueAt: string | undefined, now: string): number {
  if (dueAt === undefined) return lookEveryMsMax
  return Math.min(Date.parse(dueAt) - Date.parse(now), lookEveryMsMax)
}

/** As the timer's own, at its due time, and under a name that whoever fires it gives it. */
const asked = ({ incidentId, kind, subject, dueAt }: TimerRow): Asked => ({
  actor: { id: kind, type: 'TIMER' },
  correlationId: newCorrelationId(),
  commandId: v5(JSON.stringify([incidentStream(incidentId), kind, subject, dueAt]), ledger),
  occurredAt: dueAt,
})
