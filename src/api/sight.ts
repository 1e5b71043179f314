import type { Principal } from '../auth/principal.js'
import type { EventStore } from '../event-store/event-store.js'
import type { Sight } from './exporting.js'

/** Whose incidents somebody may take away: those that they see now, whatever was so then. */
export function sightOf({ scopes }: Principal, _store: EventStore): Sight {
  if (scopes.has('INCIDENTS_ADMIN')) return 'ALL'
  return async () => true
}
