import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common'
import { v5 } from 'uuid'
import type { Asked } from '../commands/asked.js'
import { newCorrelationId } from '../commands/attempt.js'
import { IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { ledger } from '../commands/incident-id.js'
import { ledTo } from '../commands/other-incidents.js'
import { OperatedStore, type Reading } from '../event-store/operated-store.js'
import { breaking, wayOf } from '../incident/counterparts.js'
import { standing } from '../incident/relation.js'
import { type CounterpartRow, countWaiting, waitingCounterparts } from '../views/counterparts.js'
import { Views } from '../views/views.js'
import { Duty, lookEveryMsMax } from './duty.js'
import type { StandingStill } from './standing-still.js'

/** Incidents that are followed to find a circle; one that is larger was not made by chance. */
const circleMax = 1000

/**
 * One fact in two streams: what an incident says of another is noted there too, once, because a name
 * made of the first event makes it once; and in the order in which it was said.
 */
@Injectable()
export class Counterparts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly condition: StandingStill
  readonly readings: readonly Reading[]
  readonly #duty: Duty<CounterpartRow>

  constructor(
    store: OperatedStore,
    views: Views,
    private readonly streams: IncidentStreams,
  ) {
    const work = {
      name: 'counterparts',
      due: waitingCounterparts,
      quietMs: () => lookEveryMsMax,
      record: (row: CounterpartRow) => this.#record(row),
    }
    this.#duty = new Duty(work, store, views)
    this.condition = this.#duty.condition
    const { aside } = this.#duty
    this.readings = [
      {
        name: 'ledger_counterparts_waiting',
        help: 'What incidents said of others that is not noted there yet.',
        read: () => (views.position === 0n ? 0 : countWaiting(views.db)),
      },
      {
        name: 'ledger_counterparts_failing',
        help: 'Of those, what could not be noted when this process last tried.',
        read: () => aside.count('REFUSED') + aside.count('FAULT'),
      },
    ]
  }

  /** How many this process noted since its start. */
  get noted(): number {
    return this.#duty.done
  }

  onApplicationBootstrap(): void {
    this.#duty.start()
  }

  /** While the store still takes what was decided. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#duty.stop()
  }

  /** A circle is broken first: once this is noted, nobody would look for it any more. */
  async #record(row: CounterpartRow) {
    if (row.holds) await this.#breakCircle(row)
    const { source: from, target, revision: fromRevision, kind } = row
    return this.streams.execute(
      incidentStream(target),
      { type: 'NoteCounterpart', data: { from, fromRevision, kind, holds: row.holds === 1 } },
      { ...asked('counterpart', row.eventId), occurredAt: row.occurredAt },
    )
  }

  /**
   * Two incidents can be merged into one another, or made parts of one another, at the same time: each
   * was decided before it knew of the other. Whichever was written last finds them all here. In a circle
   * the one with the least id gives way, whoever looks.
   */
  async #breakCircle({ source, kind }: CounterpartRow): Promise<void> {
    const way = wayOf(kind)
    if (!way) return
    const stateOf = this.streams.incident
    const met = await ledTo(stateOf, await stateOf(source), way, circleMax)
    const end = met.indexOf(source)
    if (end < 0) return
    const least = met.slice(0, end + 1).toSorted()[0]!
    const word = standing((await stateOf(least))[way])
    if (!word) return
    const command = breaking(way, word.eventId)
    await this.streams.execute(incidentStream(least), command, asked('circle', word.eventId))
  }
}

/** As the ledger's own, under a name that whoever does it gives it. */
const asked = (what: 'counterpart' | 'circle', eventId: string): Asked => ({
  actor: { id: 'counterpart', type: 'TIMER' },
  correlationId: newCorrelationId(),
  commandId: v5(JSON.stringify([what, eventId]), ledger),
  causationId: eventId,
})
