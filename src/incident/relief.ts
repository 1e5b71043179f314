import { IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Context, Rejected } from '../decider/facet.js'
import type { Incident } from './incident.js'
import { heldByThem, isHere, leaves, requireNoCommander } from './leaving.js'
import { requireLetIn } from './let-in.js'
import { requireQualified } from './qualified.js'

/** Takes somebody off who was on for long enough; perhaps somebody else goes on in their roles. */
export class RelieveResponder {
  @PersonRef() person!: string
  @IsOptional() @PersonRef() relief?: string
  @IsOptional() @Reason() reason?: string
}

/** Whoever is relieved lays down what they held; the relief gets what of it they do not hold yet. */
export function relieved(incident: Incident, command: RelieveResponder, context: Context) {
  const person = context.person(command.person)
  const relief = command.relief === undefined ? undefined : context.person(command.relief)
  requireNoCommander(incident, person)
  const held = heldByThem(incident, person)
  if (!isHere(incident, person) && held.length === 0) return []
  const { reason } = command
  const data = { person, ...(relief && { relief }), ...(reason !== undefined && { reason }) }
  return [
    ...leaves(incident, person),
    ...(relief === undefined ? [] : takenOver(incident, { held, person, relief }, context)),
    { type: 'ResponderRelieved', data } as const,
  ]
}

function takenOver(
  incident: Incident,
  { held, person, relief }: { held: ReturnType<typeof heldByThem>; person: string; relief: string },
  context: Context,
) {
  if (relief === person)
    throw new Rejected('SAME_PERSON', 'Nobody relieves themselves.', { person })
  requireLetIn(incident, relief)
  const theirs = heldByThem(incident, relief)
  return held
    .filter(
      one => !theirs.some(({ role, service }) => role === one.role && service === one.service),
    )
    .map(({ since: _, ...holding }) => {
      requireQualified(incident, relief, holding.role, context)
      return { type: 'RoleAssigned', data: { ...holding, person: relief } } as const
    })
}
