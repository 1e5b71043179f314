import type { Condition, Reading } from '../operated-store.js'
import type { ReplicaState } from './replica-store.js'

interface Stated {
  readonly state: ReplicaState
}

/** What must work of a replica. */
export const conditionsOf = (store: Stated): Condition[] => [
  {
    name: 'store',
    check() {
      const { connected, why, foreign } = store.state
      if (!connected) return { ok: false, detail: why ?? 'Not connected yet.' }
      return foreign === 0
        ? { ok: true }
        : { ok: true, detail: `${foreign} events under our prefix are not ours; they are skipped.` }
    },
  },
  {
    // A new replica, or one that was away, is not asked before it knows what the others know.
    name: 'replica',
    check() {
      const { wasCaughtUp, viewsAt, last, viewsFault } = store.state
      const detail = viewsFault ?? `Catching up: the views are at ${viewsAt}, the log at ${last}.`
      return wasCaughtUp ? { ok: true } : { ok: false, detail }
    },
  },
]

/** What a replica counts. */
export const readingsOf = (store: Stated): Reading[] => [
  {
    name: 'ledger_store_connected',
    help: 'Whether EventStoreDB can be reached: 1 or 0.',
    read: () => Number(store.state.connected),
  },
  {
    name: 'ledger_duties_held',
    help: 'Whether this replica does what happens by itself: 1 on one of them, 0 on the others.',
    read: () => Number(store.state.holdsDuties),
  },
  {
    name: 'ledger_foreign_events',
    help: 'Events under our prefix that are not ours, so far seen.',
    read: () => store.state.foreign,
  },
]
