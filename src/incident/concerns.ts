import { type Context, NotAuthorised } from '../decider/facet.js'
import { isHistory } from './guards.js'
import type { Incident } from './incident.js'

/** What customers said and nobody has acknowledged: the incident is not over for them (domain row 13). */
export const openConcerns = ({ feedback }: Incident) =>
  [...feedback.values()].filter(one => one.audience === 'CUSTOMERS' && !one.acknowledged).length

/** Of history nobody asks; an administrator may close it all the same, with a reason. */
export function requireConcernsMet(incident: Incident, { overrides }: Context): void {
  const concerns = openConcerns(incident)
  if (concerns === 0 || overrides || isHistory(incident)) return
  throw new NotAuthorised('OPEN_CONCERNS', 'Acknowledge first what customers said.', { concerns })
}
