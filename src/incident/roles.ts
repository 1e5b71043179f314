import { IsIn, IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Asking, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireCommander, requirePerson, requireRunning } from './guards.js'
import type { HandoffEvents } from './handoff.js'
import type { Incident } from './incident.js'
import { released } from './leaving.js'
import { requireLetIn } from './let-in.js'
import { voidedOffer } from './open-offer.js'
import { commanding, requireQualified } from './qualified.js'
import { type RoleKey, roleKeys, roleWords } from './role-keys.js'
import { ServiceKey } from './service-keys.js'

/** Who does what. Who commands, the handoff facet knows; who is here, the presence facet. */
export interface Roles {
  readonly held: readonly Holding[]
  /** When a role last ended for somebody. */
  readonly releasedAt: ReadonlyMap<RoleKey, string>
}
export interface Holding {
  readonly person: string
  readonly role: RoleKey
  /** What an expert is an expert of. */
  readonly service?: string
  readonly since: string
}

const heldMax = 200

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
export interface RoleCommands {
  AssignRole: AssignRole
  ReleaseRole: ReleaseRole
}
export interface RoleEvents {
  RoleAssigned: { person: string; role: RoleKey; service?: string }
  RoleReleased: { person: string; role: RoleKey; service?: string; reason?: string }
}
type Emits = RoleEvents &
  Pick<HandoffEvents, 'CommandAssigned' | 'CommandReleased' | 'HandoffVoided'>

export const roles: Facet<Incident, Roles, RoleCommands, RoleEvents, Emits> = {
  initial: { held: [], releasedAt: new Map() },
  payloads: { AssignRole, ReleaseRole },
  may: { AssignRole: requireRunning, ReleaseRole: requireRunning },
  after: {
    AssignRole: (incident, { role }) => lastOf(incident, role),
    ReleaseRole: (incident, command, asking) =>
      lastOf(incident, command.role, () => heldBy(incident, command, asking)),
  },
  decide: {
    AssignRole: (incident, { person, ...command }, context) =>
      command.role === 'INCIDENT_COMMANDER'
        ? commandAssigned(incident, context.person(person), context)
        : roleAssigned(incident, { person: context.person(person), ...command }, context),
    ReleaseRole: (incident, command, context) =>
      command.role === 'INCIDENT_COMMANDER'
        ? commandReleased(incident, command, context)
        : roleReleased(incident, command, context),
  },
  evolve: {
    RoleAssigned: (roles, { data, occurredAt }) => ({
      ...roles,
      held: [...roles.held.filter(other(data)), { ...data, since: occurredAt }],
    }),
    RoleReleased: (roles, { data, occurredAt }) => ({
      held: roles.held.filter(other(data)),
      releasedAt: put(roles.releasedAt, data.role, occurredAt),
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
  },
  sensitive: {
    RoleAssigned: { person: 'PERSON', service: 'PLAIN' },
    RoleReleased: { person: 'PERSON', service: 'PLAIN', reason: 'TEXT' },
  },
}

type Held = Pick<Holding, 'person' | 'role' | 'service'>

const other = (one: Held) => (holding: Held) =>
  holding.person !== one.person || holding.role !== one.role || holding.service !== one.service
const ofService = ({ service }: { service?: string }) => (service ? ` for ${service}` : '')

/** Command changes with the handoff; every hold of another role is its own subject. */
const lastOf = (
  { declaration, handoff }: Incident,
  role: RoleKey,
  ended: () => readonly Holding[] = () => [],
) =>
  role === 'INCIDENT_COMMANDER'
    ? latest(declaration.declaredAt, handoff.changedAt)
    : latest(declaration.declaredAt, ...ended().map(({ since }) => since))

function commandAssigned(incident: Incident, commander: string, context: Context) {
  const { handoff } = incident
  if (handoff.commander === commander) return []
  if (handoff.commander !== null)
    throw new Rejected('COMMAND_HELD', 'Somebody is in command; offer a handoff.', {
      commander: handoff.commander,
    })
  requireFit(incident, commander, 'INCIDENT_COMMANDER', context)
  return [{ type: 'CommandAssigned', data: commanding(incident, commander, context) } as const]
}

function commandReleased(incident: Incident, command: ReleaseRole, context: Context) {
  const { commander } = incident.handoff
  const person = command.person === undefined ? commander : context.person(command.person)
  if (commander === null || person !== commander) return []
  requireCommander(incident, context)
  if (command.reason === undefined)
    throw new Rejected('REASON_REQUIRED', 'Say why command is left vacant.', { field: 'reason' })
  return [
    { type: 'CommandReleased', data: { commander, reason: command.reason } } as const,
    ...voidedOffer(incident),
  ]
}

function roleAssigned(incident: Incident, holding: Held, context: Context) {
  const { roles } = incident
  if (!roles.held.every(other(holding))) return []
  if (roles.held.length >= heldMax)
    throw new Rejected('LIMIT_REACHED', `At most ${heldMax} roles can be held at a time.`)
  requireFit(incident, holding.person, holding.role, context)
  const [holder] = roles.held.filter(({ role }) => role === holding.role)
  if (holder && context.policy.roleCatalogue.get(holding.role)?.exclusive)
    throw new Rejected('ROLE_HELD', 'Only one can hold this role; release it first.', {
      person: holder.person,
    })
  return [{ type: 'RoleAssigned', data: holding } as const]
}

/** Whoever is given a role takes part, and can do what it needs. */
function requireFit(incident: Incident, person: string, role: RoleKey, context: Context): void {
  requireLetIn(incident, person)
  requireQualified(incident, person, role, context)
}

function roleReleased(incident: Incident, command: ReleaseRole, context: Context) {
  const person = releasedPerson(command, context)
  if (person !== context.actor.id) requireCommander(incident, context)
  return released(heldBy(incident, command, context), command.reason)
}

/** The holds of a role that a release would end. */
function heldBy({ roles }: Incident, command: ReleaseRole, asking: Asking): readonly Holding[] {
  const person = releasedPerson(command, asking)
  return roles.held.filter(held => held.role === command.role && held.person === person)
}

/** Who does not say whose, means their own. */
function releasedPerson({ person }: ReleaseRole, asking: Asking): string {
  if (person !== undefined) return asking.person(person)
  requirePerson(asking)
  return asking.actor.id
}
