import { Injectable } from '@nestjs/common'
import { EventStore } from '../event-store/event-store.js'
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store.js'
import { Views } from '../views/views.js'
import type { HealthCheck } from './health.js'
import { KeepingUp } from './keeping-up.js'
import { Metrics } from './metrics.js'

/** What health and metrics look at. */
@Injectable()
export class Watch {
  readonly checks: readonly HealthCheck[]
  readonly #following: KeepingUp

  constructor(store: EventStore, views: Views, metrics: Metrics) {
    const sqlite = store as SqliteEventStore
    this.#following = new KeepingUp('views', {
      goal: () => sqlite.appended,
      at: () => views.position,
    })
    this.checks = [storeCheck(sqlite), checkOfTheLog(sqlite), this.#following, quarantine(views)]
    metrics.gauge('ledger_log_position', 'Position of the last event.', () => sqlite.appended)
    metrics.gauge('ledger_views_position', 'Position that the views show.', () => views.position)
    metrics.gauge('ledger_quarantined_events', 'Events that the views could not take up.', () =>
      views.quarantined(),
    )
  }

  close(): void {
    this.#following.close()
  }
}

const storeCheck = (store: SqliteEventStore): HealthCheck => ({
  name: 'store',
  check() {
    const { writeFault, full } = store.state
    if (writeFault !== undefined) return { ok: false, detail: `Not writing: ${writeFault}` }
    return full ? { ok: false, detail: 'The disk is full; reading goes on.' } : { ok: true }
  },
})
