import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Asking, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireCommander, requireDeclared } from './guards.js'
import type { HandoffEvents } from './handoff.js'
import type { Incident } from './incident.js'
import { granted, lastMember, restricted, visibilitySet } from './membership.js'
import { offeredAt, voidedOffer } from './open-offer.js'
import { heldByThem, isHere, lastSeenOrHeld, released } from './leaving.js'
import type { PresenceEvents } from './presence.js'
import type { RoleEvents } from './roles.js'
import { type MemberKind, type VisibilityLevel, visibilityLevels } from './visibility-levels.js'

/** Who may see the incident. It is judged when it is read, so it is never asked as of a moment. */
export interface Visibility {
  readonly level: VisibilityLevel
  /** While it is restricted: a person's id or a key's, and which it is. */
  readonly members: ReadonlyMap<string, MemberKind>
  readonly changedAt: string
}

export class SetVisibility {
  @IsIn(visibilityLevels) visibility!: VisibilityLevel
  @IsOptional() @Reason() reason?: string
}
export class GrantMembership {
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @IsUUID() key?: string
}
export class RevokeMembership {
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @IsUUID() key?: string
  @IsOptional() @Reason() reason?: string
}
export interface VisibilityCommands {
  SetVisibility: SetVisibility
  GrantMembership: GrantMembership
  RevokeMembership: RevokeMembership
}
export interface VisibilityEvents {
  /** With everybody who may see it from now on, if it is restricted. */
  VisibilitySet: {
    visibility: VisibilityLevel
    people?: readonly string[]
    keys?: readonly string[]
    reason?: string
  }
  MembershipGranted: { person?: string; key?: string }
  MembershipRevoked: { person?: string; key?: string; reason?: string }
}
type Emits = VisibilityEvents &
  Pick<RoleEvents, 'RoleReleased'> &
  Pick<PresenceEvents, 'ResponderLeft'> &
  Pick<HandoffEvents, 'HandoffVoided'>

const lastChange = ({ declaration, visibility }: Incident) =>
  latest(declaration.declaredAt, visibility.changedAt)

/** What of theirs ends with a membership, cannot have ended before it began. */
const lastChangeOrPart = (
  incident: Incident,
  { person }: RevokeMembership,
  asking: Asking,
): string | undefined => {
  if (person === undefined) return lastChange(incident)
  const id = asking.person(person)
  return latest(lastChange(incident), lastSeenOrHeld(incident, id), offeredAt(incident, id))
}

export const visibility: Facet<Incident, Visibility, VisibilityCommands, VisibilityEvents, Emits> =
  {
    initial: { level: 'INTERNAL', members: new Map(), changedAt: '' },
    payloads: { SetVisibility, GrantMembership, RevokeMembership },
    may: {
      SetVisibility: requireDeclared,
      GrantMembership: requireRestricted,
      RevokeMembership: requireRestricted,
    },
    after: {
      SetVisibility: lastChange,
      GrantMembership: lastChange,
      RevokeMembership: lastChangeOrPart,
    },
    decide: {
      SetVisibility(incident, { visibility, reason }, context) {
        if (visibility === incident.visibility.level) return []
        if (visibility === 'RESTRICTED')
          return [restricted(incident, context, reason === undefined ? {} : { reason })]
        requireOpening(incident, reason, context)
        return [visibilitySet({ visibility, reason: reason! })]
      },
      GrantMembership({ visibility: { members } }, command, context) {
        const member = memberOf(command, context)
        return members.has(idOf(member)) ? [] : [granted(member, members.size)]
      },
      RevokeMembership(incident, { reason, ...command }, context) {
        const member = memberOf(command, context)
        if (!incident.visibility.members.has(idOf(member))) return []
        if (idOf(member) !== context.actor.id) requireCommander(incident, context)
        requireNotLast(incident, idOf(member))
        const data = { ...member, ...(reason !== undefined && { reason }) }
        return [...partsLaidDown(incident, member), { type: 'MembershipRevoked', data }]
      },
    },
    evolve: {
      VisibilitySet: (_, { data: { visibility, people = [], keys = [] }, occurredAt }) => ({
        level: visibility,
        members: new Map([
          ...[...people].map(id => [id, 'USER'] as const),
          ...[...keys].map(id => [id, 'API_KEY'] as const),
        ]),
        changedAt: occurredAt,
      }),
      MembershipGranted: (visibility, { data, occurredAt }) => ({
        ...visibility,
        members: new Map(visibility.members).set(idOf(data), data.key ? 'API_KEY' : 'USER'),
        changedAt: occurredAt,
      }),
      MembershipRevoked: (visibility, { data, occurredAt }) => ({
        ...visibility,
        members: new Map([...visibility.members].filter(([id]) => id !== idOf(data))),
        changedAt: occurredAt,
      }),
    },
    narrate: {
      VisibilitySet: ({ data, actor }, name) =>
        fact(
          `${name(actor)} ${
            data.visibility === 'RESTRICTED'
              ? 'restricted the incident to its members'
              : 'opened the incident to everybody who reads incidents'
          }${because(data)}`,
        ),
      MembershipGranted: ({ data, actor }, name) =>
        fact(`${name(actor)} made ${named(data, name)} a member`),
      MembershipRevoked: ({ data, actor }, name) =>
        fact(`${name(actor)} ended the membership of ${named(data, name)}${because(data)}`),
    },
    sensitive: {
      VisibilitySet: { people: 'PERSON', keys: 'PLAIN', reason: 'TEXT' },
      MembershipGranted: { person: 'PERSON', key: 'PLAIN' },
      MembershipRevoked: { person: 'PERSON', key: 'PLAIN', reason: 'TEXT' },
    },
  }

type Member = Pick<GrantMembership, 'person' | 'key'>

const idOf = ({ person, key }: Member) => person ?? key!
const because = ({ reason }: { reason?: string }) => (reason ? `: ${reason}` : '')
const named = (
  { person, key }: Member,
  name: Parameters<(typeof visibility)['narrate']['MembershipGranted']>[1],
) => (key === undefined ? name(person!) : name({ type: 'API_KEY', id: key }))

function requireRestricted(incident: Incident): void {
  requireDeclared(incident)
  if (incident.visibility.level !== 'RESTRICTED')
    throw new Rejected('NOT_RESTRICTED', 'Everybody may see this incident; restrict it first.')
}

/** What was for few becomes everybody's, also all that was said before: that is not done in passing. */
function requireOpening(incident: Incident, reason: string | undefined, context: Context): void {
  requireCommander(incident, context)
  if (reason === undefined)
    throw new Rejected('REASON_REQUIRED', 'Say why everybody may see it now.', { field: 'reason' })
}

function memberOf({ person, key }: Member, context: Context): Member {
  if ((person === undefined) === (key === undefined))
    throw new Rejected('INVALID_INPUT', 'Name a person or a key, and only one of them.', {
      fields: ['person', 'key'],
    })
  return person === undefined ? { key: context.key(key!) } : { person: context.person(person) }
}

/** The last person stays, whatever keys are left; without any person, the last key. */
function requireNotLast({ visibility: { members }, handoff }: Incident, id: string): void {
  if (handoff.commander === id)
    throw new Rejected('COMMANDER_CANNOT_LEAVE', 'Command is handed over or released first.')
  const people = [...members].filter(([, kind]) => kind === 'USER')
  const left = people.length > 0 ? people : [...members]
  if (left.length === 1 && left[0]![0] === id) throw lastMember()
}

/** Whoever may not see an incident holds nothing in it; their tasks stay to be given to others. */
function partsLaidDown(incident: Incident, { person }: Member) {
  if (person === undefined) return []
  return [
    ...released(heldByThem(incident, person)),
    ...(isHere(incident, person) ? [{ type: 'ResponderLeft', data: { person } } as const] : []),
    ...(incident.handoff.offer?.to === person ? voidedOffer(incident) : []),
  ]
}
