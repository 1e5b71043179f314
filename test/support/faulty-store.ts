import {
  type Appended,
  EventStore,
  OutcomeUnknown,
  StoreUnavailable,
} from '../../src/event-store/event-store.js'
import type { SealedEvent } from '../../src/event-store/stored-event.js'

/** NOT_DONE: it fails before anything is written. UNKNOWN: it is written, and the answer is lost. */
export type StoreFault = 'NOT_DONE' | 'UNKNOWN'

/** A store whose next appends fail as told; but for that it is the one behind it. */
export class FaultyStore extends EventStore {
  readonly faults: StoreFault[] = []
  /** How long the disk takes for an append. */
  slowMs = 0

  constructor(private readonly behind: EventStore) {
    super()
  }

  async append(
    stream: string,
    expected: number,
    events: readonly SealedEvent[],
  ): Promise<Appended> {
    const fault = this.faults.shift()
    if (fault === 'NOT_DONE') {
      await new Promise(resolve => setTimeout(resolve, 5))
      throw new StoreUnavailable('As told')
    }
    if (this.slowMs > 0) await new Promise(resolve => setTimeout(resolve, this.slowMs))
    const appended = await this.behind.append(stream, expected, events)
    if (fault === 'UNKNOWN') throw new OutcomeUnknown('As told')
    return appended
  }
  read = (...asked: Parameters<EventStore['read']>) => this.behind.read(...asked)
  readAll = (...asked: Parameters<EventStore['readAll']>) => this.behind.readAll(...asked)
  follow = (...asked: Parameters<EventStore['follow']>) => this.behind.follow(...asked)
  head = () => this.behind.head()
}
