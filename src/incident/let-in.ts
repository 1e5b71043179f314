import { Rejected } from '../decider/facet.js'
import type { Incident } from './incident.js'

/** Whoever was removed takes no part until they are let in again. */
export function requireLetIn({ removals }: Incident, person: string): void {
  if (removals.get(person)?.isOut)
    throw new Rejected('RESPONDER_REMOVED', 'They were removed; let them in again first.', {
      person,
    })
}
