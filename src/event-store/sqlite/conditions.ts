import type { Condition } from '../operated-store.js'
import { takesMore } from './room.js'
import type { StoreState } from './sqlite-event-store.js'

interface Watched {
  readonly folder: string
  readonly state: StoreState
}

/** What must work of the embedded store. */
export const conditionsOf = (store: Watched): Condition[] => [
  {
    name: 'store',
    check() {
      const { writeFault, full } = store.state
      if (writeFault !== undefined) return { ok: false, detail: `Not writing: ${writeFault}` }
      // Nobody may write while this is red, so it does not wait for the next who does.
      return full && !takesMore(store.folder)
        ? { ok: false, detail: 'The disk is full; reading goes on.' }
        : { ok: true }
    },
  },
  {
    // The check that runs behind the start: until it found damage, nothing is wrong.
    name: 'log',
    check() {
      const { damage, done, checked, total } = store.state.check
      if (damage)
        return { ok: false, detail: `Damaged at position ${damage.position}: run verify.` }
      return {
        ok: true,
        detail: done ? 'Checked whole.' : `Checked ${checked} of ${total} events.`,
      }
    },
  },
]
