import { type Context, type Permit, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireCommander, requireDeclared, statusOf } from './guards.js'
import type { Incident } from './incident.js'
import type { IncidentStatus } from './lifecycle.js'

/** From which states a move may be made by anybody, and from which only by the commander, if there is one. */
interface Move {
  readonly from: readonly IncidentStatus[]
  readonly byCommander?: readonly IncidentStatus[]
}

export const lastMove = ({ declaration, lifecycle, merging }: Incident) =>
  latest(lifecycle.movedAt || declaration.declaredAt, merging.at(-1)?.at)!
/** What ends the response also ends an offer of command: so it follows both. */
export const lastMoveOrOffer = (incident: Incident) =>
  latest(lastMove(incident), incident.handoff.offer?.at)

/** Whether an incident may change its status; to be there already is no refusal. */
export const requireMove =
  (to: IncidentStatus, { from, byCommander = [] }: Move) =>
  (incident: Incident, context: Context): Permit => {
    requireDeclared(incident)
    const status = statusOf(incident) as IncidentStatus
    if (status === to) return 'ALREADY_SO'
    if (byCommander.includes(status)) return requireCommander(incident, context)
    if (from.includes(status)) return
    throw new Rejected('INVALID_TRANSITION', `From ${status} an incident cannot become ${to}.`, {
      status,
      from: [...from, ...byCommander],
    })
  }
