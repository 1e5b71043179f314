import { type Asking, type Context, type Permit, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requirePerson, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import type { Holding, Roles } from './roles.js'

const presentMax = 1000

/** Whether who asks may join: they are here already, or there is room. */
export function requireRoomToJoin(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  if (isHere(incident, context.actor.id)) return 'ALREADY_SO'
  const { presence } = incident.roles
  if (presence.size >= presentMax && !presence.has(context.actor.id))
    throw new Rejected('LIMIT_REACHED', `At most ${presentMax} people can join.`)
}

/** Whoever leaves lays down what they held; but command is handed over or released, never just left. */
export function requireFreeToLeave(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  const { id } = context.actor
  if (incident.handoff.commander === id)
    throw new Rejected('COMMANDER_CANNOT_LEAVE', 'Hand command over or release it first.')
  if (!isHere(incident, id) && heldByThem(incident, id).length === 0) return 'ALREADY_SO'
}

/** When who asks last joined or left. */
export const lastSeen = ({ declaration, roles }: Incident, _: object, { actor }: Asking) =>
  latest(declaration.declaredAt, roles.presence.get(actor.id)?.at)

/** The same, or when they last got a role: to leave ends both. */
export const lastSeenOrHeld = (incident: Incident, _: object, { actor }: Asking) =>
  lastOfPart(incident, actor.id)

/** When somebody last came, left or got a role. */
export const lastOfPart = (incident: Incident, person: string) =>
  latest(
    incident.declaration.declaredAt,
    incident.roles.presence.get(person)?.at,
    ...heldByThem(incident, person).map(({ since }) => since),
  )

/** Somebody goes, and lays down what they held. */
export const leaves = (incident: Incident, person: string) => [
  ...released(heldByThem(incident, person)),
  { type: 'ResponderLeft', data: { person } } as const,
]

/** These holds of roles end. */
export const released = (held: readonly Holding[], reason?: string) =>
  held.map(
    ({ since: _, ...holding }) =>
      ({
        type: 'RoleReleased',
        data: { ...holding, ...(reason !== undefined && { reason }) },
      }) as const,
  )

/** From here on somebody is here, or gone. */
export const present =
  (on: boolean) =>
  (
    roles: Roles,
    { data, occurredAt: at }: { data: { readonly person: string }; occurredAt: string },
  ): Roles => ({ ...roles, presence: put(roles.presence, data.person, { on, at }) })

/** Whether they have joined and not left. */
export const isHere = ({ roles }: Incident, person: string) =>
  roles.presence.get(person)?.on === true

export const heldByThem = ({ roles }: Incident, person: string) =>
  roles.held.filter(held => held.person === person)
