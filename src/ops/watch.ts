import { Injectable } from '@nestjs/common'
import { AccessLog } from '../commands/access-log.js'
import { Counterparts } from '../duties/counterparts.js'
import { TrustedDocuments } from '../api/trusted-documents.js'
import { Timers } from '../duties/timers.js'
import { type Condition, OperatedStore } from '../event-store/operated-store.js'
import { quarantinedCount } from '../views/quarantine.js'
import { Views } from '../views/views.js'
import { KeepingUp } from './keeping-up.js'
import { Metrics } from './metrics.js'
import { Telling } from './telling.js'

/** What health and metrics look at. */
@Injectable()
export class Watch {
  readonly checks: readonly Condition[]
  readonly #following: KeepingUp
  #telling: Telling | undefined

  constructor(
    store: OperatedStore,
    views: Views,
    timers: Timers,
    counterparts: Counterparts,
    metrics: Metrics,
    accessLog: AccessLog,
    documents: TrustedDocuments,
  ) {
    this.#following = new KeepingUp('views', {
      goal: () => store.lastPosition,
      at: () => views.position,
      fault: () => store.state.viewsFault,
    })
    this.checks = [
      ...store.conditions,
      this.#following,
      quarantine(views),
      timers.condition,
      counterparts.condition,
    ]
    metrics.gauge('ledger_log_position', 'Position of the last event.', () => store.lastPosition)
    metrics.gauge('ledger_views_position', 'Position that the views show.', () => views.position)
    metrics.gauge(
      'ledger_appends_waiting',
      'Appends asked for and not yet settled.',
      () => store.appends.waiting,
    )
    metrics.gauge(
      'ledger_appends_oldest_seconds',
      'How long the first of the appends that wait has waited.',
      () => store.appends.oldestMs / 1000,
    )
    store.appends.took = metrics.appendTook
    store.appends.together = metrics.appendsTogether
    for (const { name, help, read } of [
      ...store.readings,
      ...timers.readings,
      ...counterparts.readings,
    ])
      metrics.gauge(name, help, read)
    metrics.counter(
      'ledger_timers_fired_total',
      'Timers that this process recorded.',
      () => timers.fired,
    )
    metrics.counter(
      'ledger_access_entries_lost_total',
      'Entries of the access log that could not be noted.',
      () => accessLog.lost,
    )
    metrics.counter(
      'ledger_counterparts_noted_total',
      'Counterparts that this process noted.',
      () => counterparts.noted,
    )
    metrics.counter(
      'ledger_documents_trusted_total',
      'Requests with a document of the manifest.',
      () => documents.trusted,
    )
    metrics.counter(
      'ledger_documents_other_total',
      'Requests with another document, run or refused, while there is a manifest.',
      () => documents.others,
    )
    metrics.gauge('ledger_quarantined_events', 'Events that the views could not take up.', () =>
      countOf(views),
    )
  }

  /** From now on the log tells what begins to fail: of a server, not of a command that looks in. */
  tell(): void {
    this.#telling = new Telling(this.checks)
  }

  close(): void {
    this.#telling?.close()
    this.#following.close()
  }
}

const quarantine = (views: Views): Condition => ({
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
