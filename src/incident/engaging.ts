import type { Context } from '../decider/facet.js'
import type { EngagedFunction } from './engaged-functions.js'
import { isHistory } from './guards.js'
import type { Incident } from './incident.js'
import type { IncidentType } from './incident-kinds.js'

export const isEngaged = ({ functions }: Incident, which: EngagedFunction) =>
  functions.some(one => one.function === which)

/**
 * Those that the definition of a type pulls in at once, as far as they are not there already. Nobody
 * was pulled into history by what was settled later.
 */
export const engagedByType = (incident: Incident, type: IncidentType, { policy }: Context) =>
  (isHistory(incident) ? [] : (policy.incidentTypes.get(type)?.functions ?? []))
    .filter(which => !isEngaged(incident, which))
    .map(which => ({ type: 'FunctionEngaged', data: { function: which, byType: true } }) as const)
