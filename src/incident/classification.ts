import { IsIn } from 'class-validator'
import { Reason } from '../decider/bounds.js'
import { type Context, type Facet, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { engagedByType } from './engaging.js'
import type { FunctionEvents } from './functions.js'
import { requireCommander, requireNotDismissed, typeOf } from './guards.js'
import type { Incident } from './incident.js'
import { type IncidentType, incidentTypes } from './incident-kinds.js'
import { usualVisibility } from './incident-type.js'
import { restricted } from './membership.js'
import type { VisibilityEvents } from './visibility.js'

/** As what an incident is handled, once that is not what it was declared as (domain row 7). */
export interface Classification {
  /** Null before the first time: then it is of the type it was declared with. */
  readonly type: IncidentType | null
  readonly changedAt: string
}

export class Reclassify {
  @IsIn(incidentTypes) type!: IncidentType
  @Reason() reason!: string
}
export interface ClassificationCommands {
  Reclassify: Reclassify
}
export interface ClassificationEvents {
  IncidentReclassified: { from: IncidentType; to: IncidentType; reason: string }
}

export const classification: Facet<
  Incident,
  Classification,
  ClassificationCommands,
  ClassificationEvents,
  ClassificationEvents & Pick<VisibilityEvents, 'VisibilitySet'> & FunctionEvents
> = {
  initial: { type: null, changedAt: '' },
  payloads: { Reclassify },
  may: { Reclassify: requireRightToReclassify },
  after: {
    Reclassify: ({ declaration, classification, visibility }, { type }, { policy }) =>
      latest(
        declaration.declaredAt,
        classification.changedAt,
        usualVisibility(type, policy) === 'RESTRICTED' ? visibility.changedAt : undefined,
      ),
  },
  decide: {
    Reclassify(incident, { type: to, reason }, context) {
      const from = typeOf(incident)
      if (from === to) return []
      return [
        { type: 'IncidentReclassified', data: { from, to, reason } },
        ...(restricts(incident, to, context) ? [restricted(incident, context)] : []),
        ...engagedByType(incident, to, context),
      ]
    },
  },
  evolve: {
    IncidentReclassified: (_, { data, occurredAt }) => ({ type: data.to, changedAt: occurredAt }),
  },
  narrate: {
    IncidentReclassified: ({ data, actor }, name) =>
      fact(
        `${name(actor)} made a ${data.to.toLowerCase()} incident of this ${data.from.toLowerCase()} incident: ${data.reason}`,
      ),
  },
  sensitive: { IncidentReclassified: { reason: 'TEXT' } },
}

/**
 * As a declaration of that type does. The way back opens nothing: what was said among few does not
 * become everybody's in passing.
 */
const restricts = ({ visibility }: Incident, to: IncidentType, { policy }: Context) =>
  usualVisibility(to, policy) === 'RESTRICTED' && visibility.level !== 'RESTRICTED'

/** The procedure changes with the type, so it is the commander's to change, also after the end. */
function requireRightToReclassify(incident: Incident, context: Context): void {
  requireNotDismissed(incident)
  requireCommander(incident, context)
}
