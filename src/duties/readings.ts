import type { Clock } from '../clock.js'
import type { Reading } from '../event-store/operated-store.js'
import { countTimers } from '../views/timers.js'
import type { Views } from '../views/views.js'
import type { SetAside } from './set-aside.js'

/** What metrics show of timers, besides how many fired. */
export function readingsOf(views: Views, clock: Clock, aside: SetAside): readonly Reading[] {
  // Before there are views, nothing is known to be armed.
  const counted = () =>
    views.position === 0n ? { armed: 0, due: 0 } : countTimers(views.db, clock.now())
  return [
    {
      name: 'ledger_timers_armed',
      help: 'Timers that are still to fire.',
      read: () => counted().armed,
    },
    {
      name: 'ledger_timers_overdue',
      help: 'Timers that are due and not yet recorded.',
      read: () => counted().due,
    },
    {
      name: 'ledger_timers_failing',
      help: 'Timers that could not be recorded when this process last tried.',
      read: () => aside.count('REFUSED') + aside.count('FAULT'),
    },
  ]
}
