import { type Actor, type Context, Rejected } from '../decider/facet.js'
import { callsTo } from './calls.js'
import type { Incident } from './incident.js'
import type { IncidentType } from './incident-kinds.js'
import { usualVisibility } from './incident-type.js'
import { givenTasksOf } from './task.js'
import type { VisibilityEvents } from './visibility.js'
import type { MemberKind, VisibilityLevel } from './visibility-levels.js'

/** A restricted incident that everybody belongs to is none; and all members fit in one event. */
export const membersMax = 1000

/** Who asks to see an incident. */
export interface Viewer {
  readonly actor: Pick<Actor, 'type' | 'id'>
  /** Holds `incidents:admin`: sees what is restricted too, which is noted in the access log. */
  readonly isAdmin: boolean
}
type Seen = Pick<Incident, 'visibility'>

/** Whether somebody may see the incident without being an administrator. */
export const isOpenTo = ({ visibility: { level, members } }: Seen, viewer: Viewer): boolean =>
  level === 'INTERNAL' || members.get(viewer.actor.id) === viewer.actor.type

/** Whether somebody may see the incident at all; to everybody else it does not exist. */
export const maySee = (incident: Seen, viewer: Viewer): boolean =>
  isOpenTo(incident, viewer) || viewer.isAdmin

/** Everybody who has a part in the incident now, by that part; the same person may have many. */
export function partsOf(incident: Incident): ReadonlyMap<string, string> {
  const { handoff, roles, presence, functions } = incident
  const parts = new Map<string, string>()
  if (handoff.commander !== null) parts.set(`command ${handoff.commander}`, handoff.commander)
  if (handoff.offer) parts.set(`offer ${handoff.offer.to}`, handoff.offer.to)
  for (const { person, role, service } of roles.held)
    parts.set(`role ${role} ${service} ${person}`, person)
  for (const [person, { on }] of presence) if (on) parts.set(`here ${person}`, person)
  for (const { id, assignee, endedAt } of givenTasksOf(incident))
    if (endedAt === undefined) parts.set(`task ${id} ${assignee}`, assignee)
  for (const one of functions)
    if (one.person !== undefined) parts.set(`function ${one.function}`, one.person)
  for (const { key, person } of callsTo(incident)) parts.set(`${key} ${person}`, person)
  return parts
}

/**
 * Whoever was given a part in a restricted incident becomes a member by it, so that nobody works on
 * what they cannot see. A part that somebody had before counts for nothing: their membership may
 * have ended meanwhile.
 */
export function newcomers(before: Incident, after: Incident) {
  const { level, members } = after.visibility
  if (level !== 'RESTRICTED') return []
  const known = partsOf(before)
  const people = [...partsOf(after)]
    .filter(([part, person]) => !known.has(part) && !members.has(person))
    .map(([, person]) => person)
  return [...new Set(people)].map(
    (person, i) => granted({ person }, members.size + i) satisfies object,
  )
}

/** A member more, after so many. */
export function granted(data: VisibilityEvents['MembershipGranted'], count: number) {
  if (count >= membersMax) throw tooMany()
  return { type: 'MembershipGranted', data } as const
}

/** Restricts an incident to whoever does it, those who have a part in it, and those named. */
export function restricted(
  incident: Incident,
  { actor }: Context,
  { people = [], reason }: { readonly people?: readonly string[]; readonly reason?: string } = {},
) {
  const self = actor.type === 'USER' ? [actor.id] : []
  const keys = actor.type === 'API_KEY' ? [actor.id] : []
  const all = [...new Set([...self, ...partsOf(incident).values(), ...people])]
  if (all.length + keys.length === 0) throw lastMember()
  if (all.length + keys.length > membersMax) throw tooMany()
  return visibilitySet({
    visibility: 'RESTRICTED',
    ...(all.length > 0 && { people: all }),
    ...(keys.length > 0 && { keys }),
    ...(reason !== undefined && { reason }),
  })
}

export const visibilitySet = (data: VisibilityEvents['VisibilitySet']) =>
  ({ type: 'VisibilitySet', data }) as const

/** What a declaration says of who may see the incident. */
export interface Declared {
  readonly type: IncidentType
  readonly visibility?: VisibilityLevel | undefined
  readonly members?: readonly string[] | undefined
}

/**
 * An incident is as its type usually is, unless it is said otherwise. Who
 * cannot be a member, as the import, and names none, declares it for everybody: else nobody saw it.
 * Without an event it is INTERNAL, as all that were declared before there was a choice.
 */
export function declaredVisibility(
  incident: Incident,
  { type, visibility, members = [] }: Declared,
  context: Context,
) {
  const hasMembers = members.length > 0 || memberKindOf(context.actor) !== undefined
  const level = visibility ?? (hasMembers ? usualVisibility(type, context.policy) : 'INTERNAL')
  if (level === 'RESTRICTED')
    return [restricted(incident, context, { people: members.map(context.person) })]
  if (members.length > 0)
    throw new Rejected('INVALID_INPUT', 'Only a restricted incident has members.', {
      fields: ['members'],
    })
  return type === 'SECURITY' && visibility ? [visibilitySet({ visibility })] : []
}

const memberKindOf = ({ type }: Actor): MemberKind | undefined =>
  type === 'USER' || type === 'API_KEY' ? type : undefined

export const lastMember = () =>
  new Rejected('LAST_MEMBER', 'A restricted incident keeps somebody who may see it.')
const tooMany = () =>
  new Rejected('LIMIT_REACHED', `At most ${membersMax} can be members of an incident.`)
