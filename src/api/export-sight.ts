import type { Principal } from '../auth/principal.js'
import type { EventStore } from '../event-store/event-store.js'
import { maySee } from '../incident/membership.js'
import { visibilityNow } from '../replays/visibility-now.js'
import type { Seeing } from './exporting.js'

/**
 * Whose incidents somebody may take away: those that they see now, whatever was so when something was
 * recorded. Each is looked at once; memory grows with the number of incidents.
 */
export function sightOf({ actor, scopes }: Principal, store: EventStore): Seeing {
  if (scopes.has('INCIDENTS_ADMIN')) return 'ALL'
  const seen = new Map<string, boolean>()
  return async stream => {
    const known = seen.get(stream)
    if (known !== undefined) return known
    const now = visibilityNow(await store.read(stream, 0))
    const sees = maySee(now, { actor, isAdmin: false })
    seen.set(stream, sees)
    return sees
  }
}
