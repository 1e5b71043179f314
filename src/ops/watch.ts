import { Injectable } from '@nestjs/common'
import { EventStore } from '../event-store/event-store.js'
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store.js'
import { quarantinedCount } from '../views/quarantine.js'
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
      goal: () => sqlite.lastPosition,
      at: () => views.position,
    })
    this.checks = [storeCheck(sqlite), logCheck(sqlite), this.#following, quarantine(views)]
    metrics.gauge('ledger_log_position', 'Position of the last event.', () => sqlite.lastPosition)
    metrics.gauge('ledger_views_position', 'Position that the views show.', () => views.position)
    metrics.gauge('ledger_quarantined_events', 'Events that the views could not take up.', () =>
      countOf(views),
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

/** The check that runs behind the start: until it found damage, nothing is wrong. */
const logCheck = (store: SqliteEventStore): HealthCheck => ({
  name: 'log',
  check() {
    const { damage, done, checked, total } = store.state.check
    if (damage) return { ok: false, detail: `Damaged at position ${damage.position}: run verify.` }
    return { ok: true, detail: done ? 'Checked whole.' : `Checked ${checked} of ${total} events.` }
  },
})

const quarantine = (views: Views): HealthCheck => ({
  name: 'quarantine',
  check() {
    const count = countOf(views)
    if (count === 0) return { ok: true }
    return { ok: false, detail: `The views could not take up ${count} events.` }
  },
})

/** Before there are any views, none is quarantined. */
function countOf(views: Views): number {
  return views.position === 0n ? 0 : quarantinedCount(views.db)
}
