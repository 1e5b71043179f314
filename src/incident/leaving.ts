import { type Asking, type Context, type Permit, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requirePerson, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import type { Holding } from './roles.js'

/** Whether they have joined and not left. */
export const isHere = ({ presence }: Incident, person: string) => presence.get(person)?.on === true

export const heldByThem = ({ roles }: Incident, person: string) =>
  roles.held.filter(held => held.person === person)

/** Whoever leaves lays down what they held; but command is handed over or released, never just left. */
export function requireFreeToLeave(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  const { id } = context.actor
  requireNoCommander(incident, id)
  if (!isHere(incident, id) && heldByThem(incident, id).length === 0) return 'ALREADY_SO'
}

/** Who is in command stays until they are not. */
export function requireNoCommander({ handoff }: Incident, person: string): void {
  if (handoff.commander === person)
    throw new Rejected('COMMANDER_CANNOT_LEAVE', 'Hand command over or release it first.')
}

/** When somebody last joined, left, or said how they take part. */
export const lastSeen = ({ declaration, presence }: Incident, person: string) =>
  latest(declaration.declaredAt, presence.get(person)?.changedAt)

/** The same, or when they last got a role: to leave ends both. */
export const lastSeenOrHeld = (incident: Incident, person: string) =>
  latest(lastSeen(incident, person), ...heldByThem(incident, person).map(({ since }) => since))

/** The same of who asks. */
export const lastOfAsker =
  (last: (incident: Incident, person: string) => string | undefined) =>
  (incident: Incident, _: object, { actor }: Asking) =>
    last(incident, actor.id)

/** That somebody goes, for whatever reason: what they held ends, and they are here no longer. */
export const leaves = (incident: Incident, person: string) => [
  ...released(heldByThem(incident, person)),
  { type: 'ResponderLeft', data: { person } } as const,
]

/** The ends of these holds. */
export const released = (held: readonly Holding[], reason?: string) =>
  held.map(
    ({ since: _, ...holding }) =>
      ({
        type: 'RoleReleased',
        data: { ...holding, ...(reason !== undefined && { reason }) },
      }) as const,
  )
