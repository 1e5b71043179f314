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
export const engagedByType = (incident: Incident, type: IncidentType, context: Context) =>
  missing(incident, type, context).map(
    which => ({ type: 'FunctionEngaged', data: { function: which, byType: true } }) as const,
  )

/** Where data is lost those are needed who are needed in a security incident. */
export const engagedByDataLoss = (incident: Incident, context: Context) =>
  missing(incident, 'SECURITY', context).map(
    which =>
      ({ type: 'FunctionEngaged', data: { function: which, reason: 'Data was lost' } }) as const,
  )

const missing = (incident: Incident, type: IncidentType, { policy }: Context) =>
  (isHistory(incident) ? [] : (policy.incidentTypes.get(type)?.functions ?? [])).filter(
    which => !isEngaged(incident, which),
  )
