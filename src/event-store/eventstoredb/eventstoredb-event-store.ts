import { EventStore } from '../event-store.js'
import type { EventStoreDBSettings } from './settings.js'
export interface ConnectionState {
  readonly connected: boolean
  readonly why?: string
  readonly lasting?: boolean
  readonly foreign: number
}
export abstract class EventStoreDBEventStore extends EventStore {
  static open(
    _s: EventStoreDBSettings,
    _o?: { stateChanged?: (state: ConnectionState) => void },
  ): EventStoreDBEventStore {
    throw new Error('stub')
  }
  abstract readonly state: ConnectionState
  abstract close(): Promise<void>
}
