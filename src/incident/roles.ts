import { IsIn, IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Context, type Facet, type Permit, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireCommander, requirePerson, requireRunning } from './guards.js'
import type { HandoffEvents } from './handoff.js'
import type { Incident } from './incident.js'
import { voidedOffer } from './open-offer.js'
import { type RoleKey, roleKeys, roleWords } from './role-keys.js'
import { ServiceKey } from './service-keys.js'

/** Who does what, and who is here. Who commands, the handoff facet knows. */
export interface Roles {
  readonly held: readonly Holding[]
  /** Person → since when they are here, or have been gone. */
  readonly presence: ReadonlyMap<string, { readonly on: boolean; readonly at: string }>
}
export interface Holding {
  readonly person: string
  readonly role: RoleKey
  /** What an expert is an expert of. */
  readonly service?: string
  readonly since: string
}

const heldMax = 200
const presentMax = 1000

export class AssignRole {
  @IsIn(roleKeys) role!: RoleKey
  @PersonRef() person!: string
  @IsOptional() @ServiceKey() service?: string
}
export class ReleaseRole {
  @IsIn(roleKeys) role!: RoleKey
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @Reason() reason?: string
}
export class JoinIncident {}
export class LeaveIncident {}
export interface RoleCommands {
  AssignRole: AssignRole
  ReleaseRole: ReleaseRole
  JoinIncident: JoinIncident
  LeaveIncident: LeaveIncident
}
export interface RoleEvents {
  RoleAssigned: { person: string; role: RoleKey; service?: string }
  RoleReleased: { person: string; role: RoleKey; service?: string; reason?: string }
  ResponderJoined: { person: string }
  ResponderLeft: { person: string }
}
type Emits = RoleEvents &
  Pick<HandoffEvents, 'CommandAssigned' | 'CommandReleased' | 'HandoffVoided'>

export const roles: Facet<Incident, Roles, RoleCommands, RoleEvents, Emits> = {
  initial: { held: [], presence: new Map() },
  payloads: { AssignRole, ReleaseRole, JoinIncident, LeaveIncident },
  may: {
    AssignRole: requireRunning,
    ReleaseRole: requireRunning,
    JoinIncident(incident, context): Permit {
      requireRunning(incident)
      requirePerson(context)
      if (isOn(incident, context.actor.id)) return 'ALREADY_SO'
    },
    LeaveIncident: requireFreeToLeave,
  },
  after: {
    AssignRole: lastChange,
    ReleaseRole: lastChange,
    JoinIncident: ({ declaration }) => declaration.declaredAt,
    LeaveIncident: ({ declaration }) => declaration.declaredAt,
  },
  decide: {
    AssignRole: (incident, { person, ...command }, context) =>
      command.role === 'INCIDENT_COMMANDER'
        ? commandAssigned(incident, context.person(person))
        : roleAssigned(incident, { person: context.person(person), ...command }),
    ReleaseRole: (incident, command, context) =>
      command.role === 'INCIDENT_COMMANDER'
        ? commandReleased(incident, command, context)
        : roleReleased(incident, command, context),
    JoinIncident({ roles }, _, { actor }) {
      if (roles.presence.size >= presentMax && !roles.presence.has(actor.id))
        throw new Rejected('LIMIT_REACHED', `At most ${presentMax} people can join.`)
      return [{ type: 'ResponderJoined', data: { person: actor.id } }]
    },
    LeaveIncident: (incident, _, { actor }) => [
      ...released(incident.roles.held.filter(({ person }) => person === actor.id)),
      { type: 'ResponderLeft', data: { person: actor.id } },
    ],
  },
  evolve: {
    RoleAssigned: (roles, { data, occurredAt }) => ({
      ...roles,
      held: [...roles.held.filter(other(data)), { ...data, since: occurredAt }],
    }),
    RoleReleased: (roles, { data }) => ({ ...roles, held: roles.held.filter(other(data)) }),
    ResponderJoined: (roles, { data, occurredAt: at }) => ({
      ...roles,
      presence: new Map(roles.presence).set(data.person, { on: true, at }),
    }),
    ResponderLeft: (roles, { data, occurredAt: at }) => ({
      ...roles,
      presence: new Map(roles.presence).set(data.person, { on: false, at }),
    }),
  },
  narrate: {
    RoleAssigned: ({ data }, name) =>
      fact(`${name(data.person)} became ${roleWords[data.role]}${ofService(data)}`),
    RoleReleased: ({ data }, name) =>
      fact(
        `${name(data.person)} is no longer ${roleWords[data.role]}${ofService(data)}${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
    ResponderJoined: ({ data }, name) => fact(`${name(data.person)} joined`),
    ResponderLeft: ({ data }, name) => fact(`${name(data.person)} left`),
  },
  sensitive: {
    RoleAssigned: { person: 'PERSON', service: 'PLAIN' },
    RoleReleased: { person: 'PERSON', service: 'PLAIN', reason: 'TEXT' },
    ResponderJoined: { person: 'PERSON' },
    ResponderLeft: { person: 'PERSON' },
  },
}

type Held = Pick<Holding, 'person' | 'role' | 'service'>

const other = (one: Held) => (holding: Held) =>
  holding.person !== one.person || holding.role !== one.role || holding.service !== one.service
const ofService = ({ service }: { service?: string }) => (service ? ` for ${service}` : '')
const isOn = ({ roles }: Incident, person: string) => roles.presence.get(person)?.on === true

/** Command changes with the handoff; the other roles are each their own subject. */
function lastChange({ declaration, handoff }: Incident, { role }: { role: RoleKey }) {
  return role === 'INCIDENT_COMMANDER'
    ? latest(declaration.declaredAt, handoff.changedAt)
    : declaration.declaredAt
}

function commandAssigned({ handoff }: Incident, commander: string) {
  if (handoff.commander === commander) return []
  if (handoff.commander !== null)
    throw new Rejected('COMMAND_HELD', 'Somebody is in command; offer a handoff.', {
      commander: handoff.commander,
    })
  return [{ type: 'CommandAssigned', data: { commander } } as const]
}

function commandReleased(incident: Incident, command: ReleaseRole, context: Context) {
  const { commander } = incident.handoff
  if (commander === null) return []
  if (command.person !== undefined && context.person(command.person) !== commander) return []
  requireCommander(incident, context)
  if (command.reason === undefined)
    throw new Rejected('REASON_REQUIRED', 'Say why command is left vacant.', { field: 'reason' })
  return [
    { type: 'CommandReleased', data: { commander, reason: command.reason } } as const,
    ...voidedOffer(incident),
  ]
}

function roleAssigned({ roles }: Incident, holding: Held) {
  if (!roles.held.every(other(holding))) return []
  if (roles.held.length >= heldMax)
    throw new Rejected('LIMIT_REACHED', `At most ${heldMax} roles can be held at a time.`)
  return [{ type: 'RoleAssigned', data: holding } as const]
}

function roleReleased(incident: Incident, command: ReleaseRole, context: Context) {
  const person = context.person(command.person ?? context.actor.id)
  if (person !== context.actor.id) requireCommander(incident, context)
  const held = incident.roles.held.filter(
    holding => holding.role === command.role && holding.person === person,
  )
  return released(held, command.reason)
}

const released = (held: readonly Holding[], reason?: string) =>
  held.map(
    ({ since: _, ...holding }) =>
      ({
        type: 'RoleReleased',
        data: { ...holding, ...(reason !== undefined && { reason }) },
      }) as const,
  )

/** Whoever leaves lays down what they held; but command is handed over or released, never just left. */
function requireFreeToLeave(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  const { id } = context.actor
  if (incident.handoff.commander === id)
    throw new Rejected('COMMANDER_CANNOT_LEAVE', 'Hand command over or release it first.')
  const holds = incident.roles.held.some(({ person }) => person === id)
  if (!isOn(incident, id) && !holds) return 'ALREADY_SO'
}
