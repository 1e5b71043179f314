import type { Condition } from '../operated-store.js'
import type { StoreState } from './sqlite-event-store.js'

/** What must work of the embedded store. */
export const conditionsOf = (store: { readonly state: StoreState }): Condition[] => [
  {
    name: 'store',
    check() {
      const { writeFault, full } = store.state
      if (writeFault !== undefined) return { ok: false, detail: `Not writing: ${writeFault}` }
      return full ? { ok: false, detail: 'The disk is full; reading goes on.' } : { ok: true }
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
