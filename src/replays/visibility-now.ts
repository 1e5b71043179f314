import { type Incident, type IncidentEvent, incidents } from '../incident/incident.js'
import type { StreamEvent } from './incident-at.js'

const own: ReadonlySet<string> = new Set([
  'VisibilitySet',
  'MembershipGranted',
  'MembershipRevoked',
])

/** Who may see an incident after these events; the few of them that say so are all that is folded. */
export const visibilityNow = (events: readonly StreamEvent[]): Pick<Incident, 'visibility'> =>
  events
    .filter(event => own.has(event.type) && incidents.knows(event))
    .reduce((state, event) => incidents.evolve(state, event as unknown as IncidentEvent), initial)

const initial = incidents.initial
