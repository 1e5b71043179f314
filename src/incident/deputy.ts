import { IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import {
  type Asking,
  type Context,
  NotAuthorised,
  type Permit,
  Rejected,
} from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { vacant } from './command-rights.js'
import { isHistory, requireCommander, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { released } from './leaving.js'
import { voidedOffer } from './open-offer.js'
import { commanding } from './qualified.js'
import type { Holding } from './roles.js'

/** The deputy is the hot standby: they take over in one step, without an offer (domain row 27). */
export class PromoteDeputy {
  @IsOptional() @PersonRef() person?: string
  @Reason() reason!: string
}

/** There is a commander, and who asks is that or a deputy. */
export function requireDeputyOrCommander(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  const { commander } = incident.handoff
  if (commander === null) throw vacant()
  const { actor, overrides } = context
  if (commander === actor.id || overrides || isHistory(incident)) return
  if (holdsOf(incident, actor.id).length === 0)
    throw new NotAuthorised('NOT_DEPUTY', 'Only a deputy or the incident commander may do this.', {
      deputies: namesOf(incident),
    })
}

/** Command and the deputy's role both change. */
export const lastOfCommandOrDeputy = (
  incident: Incident,
  command: PromoteDeputy,
  asking: Asking,
): string | undefined =>
  latest(
    incident.declaration.declaredAt,
    incident.handoff.changedAt,
    ...holdsOf(incident, promotedBy(command, asking)).map(({ since }) => since),
  )

/** One event changes command; who commands is deputy no more, and what the old one offered is void. */
export function deputyPromoted(incident: Incident, command: PromoteDeputy, context: Context) {
  const from = incident.handoff.commander!
  const to = promotedBy(command, context)
  if (to === from) return []
  const held = holdsOf(incident, to)
  if (held.length === 0)
    throw new Rejected('NOT_DEPUTY', 'They are not a deputy here.', { deputies: namesOf(incident) })
  if (to !== context.actor.id) requireCommander(incident, context)
  const { commander: _, ...flag } = commanding(incident, to, context)
  return [
    { type: 'DeputyPromoted', data: { from, to, reason: command.reason, ...flag } } as const,
    ...released(held),
    ...voidedOffer(incident),
  ]
}

/** Who does not say whom, means themselves: so the same command again changes nothing, and is no error. */
const promotedBy = ({ person }: PromoteDeputy, asking: Asking): string =>
  person === undefined ? asking.actor.id : asking.person(person)

/** The commander may hold the role too, and is nobody's standby then. */
const deputiesOf = ({ roles, handoff }: Incident): readonly Holding[] =>
  roles.held.filter(({ role, person }) => role === 'DEPUTY' && person !== handoff.commander)

const namesOf = (incident: Incident) => [
  ...new Set(deputiesOf(incident).map(({ person }) => person)),
]

/** One person may be deputy for several services. */
const holdsOf = (incident: Incident, who: string) =>
  deputiesOf(incident).filter(({ person }) => person === who)
