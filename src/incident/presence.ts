import { IsIn, IsOptional, IsTimeZone } from 'class-validator'
import { Line } from '../decider/bounds.js'
import { type Context, type Facet, type Permit, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { type ChannelKind, channelKinds, channelWords } from './channel-kinds.js'
import { requirePerson, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import {
  isHere,
  lastOfAsker,
  lastSeen,
  lastSeenOrHeld,
  leaves,
  requireFreeToLeave,
} from './leaving.js'
import { requireLetIn } from './let-in.js'
import type { RoleEvents } from './roles.js'

/** As what somebody takes part, and from where (domain row 42). */
export interface Participation {
  readonly team?: string
  readonly function?: string
  readonly place?: string
  /** IANA, such as `Europe/Zurich`. */
  readonly timeZone?: string
  readonly channel?: ChannelKind
}
/** Somebody who joined; who has left keeps what they last said. */
export interface Here extends Participation {
  readonly on: boolean
  /** Since when they are here, or have been gone. */
  readonly at: string
  /** When they last joined, left, or said how they take part. */
  readonly changedAt: string
}
/** By person, in the order in which they first came. */
export type Presence = ReadonlyMap<string, Here>

const presentMax = 1000

export class JoinIncident {
  @IsOptional() @Line(100) team?: string
  @IsOptional() @Line(100) function?: string
  @IsOptional() @Line(100) place?: string
  @IsOptional() @IsTimeZone() timeZone?: string
  @IsOptional() @IsIn(channelKinds) channel?: ChannelKind
}
export class ChangeParticipation {
  @IsOptional() @Line(100) team?: string
  @IsOptional() @Line(100) function?: string
  @IsOptional() @Line(100) place?: string
  @IsOptional() @IsTimeZone() timeZone?: string
  @IsOptional() @IsIn(channelKinds) channel?: ChannelKind
}
export class LeaveIncident {}
export interface PresenceCommands {
  JoinIncident: JoinIncident
  ChangeParticipation: ChangeParticipation
  LeaveIncident: LeaveIncident
}
interface Told {
  person: string
  team?: string
  function?: string
  place?: string
  timeZone?: string
  channel?: ChannelKind
}
export interface PresenceEvents {
  ResponderJoined: Told
  ParticipationChanged: Told
  ResponderLeft: { person: string }
}
type Emits = PresenceEvents & Pick<RoleEvents, 'RoleReleased'>

/** Who is here. */
export const presence: Facet<Incident, Presence, PresenceCommands, PresenceEvents, Emits> = {
  initial: new Map(),
  payloads: { JoinIncident, ChangeParticipation, LeaveIncident },
  may: {
    JoinIncident: requireRoomToJoin,
    ChangeParticipation: requireToBeHere,
    LeaveIncident: requireFreeToLeave,
  },
  after: {
    JoinIncident: lastOfAsker(lastSeen),
    ChangeParticipation: lastOfAsker(lastSeen),
    LeaveIncident: lastOfAsker(lastSeenOrHeld),
  },
  decide: {
    JoinIncident(_, said, { actor, policy }) {
      const zone = said.timeZone ?? policy.people.get(actor.id)?.timeZone
      const data = { person: actor.id, ...said, ...(zone !== undefined && { timeZone: zone }) }
      return [{ type: 'ResponderJoined', data }]
    },
    ChangeParticipation({ presence }, said, { actor }) {
      const known = presence.get(actor.id)!
      const isSaid = Object.entries(said).every(([key, value]) => known[key as never] === value)
      return isSaid ? [] : [{ type: 'ParticipationChanged', data: { person: actor.id, ...said } }]
    },
    LeaveIncident: (incident, _, { actor }) => leaves(incident, actor.id),
  },
  evolve: {
    ResponderJoined: (presence, { data: { person, ...said }, occurredAt: at }) =>
      put(presence, person, { ...said, on: true, at, changedAt: at }),
    // As of what occurred until some moment, they may not have joined yet: then they are not here.
    ParticipationChanged: (presence, { data: { person, ...said }, occurredAt: changedAt }) =>
      put(presence, person, {
        on: false,
        at: changedAt,
        ...presence.get(person),
        ...said,
        changedAt,
      }),
    ResponderLeft: (presence, { data: { person }, occurredAt: at }) =>
      put(presence, person, { ...presence.get(person), on: false, at, changedAt: at }),
  },
  narrate: {
    ResponderJoined: ({ data }, name) => fact(`${name(data.person)} joined${inWords(data)}`),
    ParticipationChanged: ({ data }, name) =>
      fact(`${name(data.person)} now takes part${inWords(data) || ' otherwise'}`),
    ResponderLeft: ({ data }, name) => fact(`${name(data.person)} left`),
  },
  sensitive: {
    ResponderJoined: {
      person: 'PERSON',
      team: 'PLAIN',
      function: 'TEXT',
      place: 'TEXT',
      timeZone: 'PLAIN',
    },
    ParticipationChanged: {
      person: 'PERSON',
      team: 'PLAIN',
      function: 'TEXT',
      place: 'TEXT',
      timeZone: 'PLAIN',
    },
    ResponderLeft: { person: 'PERSON' },
  },
}

/** As a sentence says how somebody takes part; a time zone is for computing. */
function inWords({ team, function: as, place, channel }: Participation): string {
  const said = [
    as,
    team && `of ${team}`,
    place && `in ${place}`,
    channel && `by ${channelWords[channel]}`,
  ]
  const words = said.filter(Boolean).join(', ')
  return words && ` (${words})`
}

/** Whether who asks may join: they are here already, or there is room. */
function requireRoomToJoin(incident: Incident, context: Context): Permit {
  requireRunning(incident)
  requirePerson(context)
  if (isHere(incident, context.actor.id)) return 'ALREADY_SO'
  requireLetIn(incident, context.actor.id)
  const { presence } = incident
  if (presence.size >= presentMax && !presence.has(context.actor.id))
    throw new Rejected('LIMIT_REACHED', `At most ${presentMax} people can join.`)
}

function requireToBeHere(incident: Incident, context: Context): void {
  requireRunning(incident)
  requirePerson(context)
  if (!isHere(incident, context.actor.id))
    throw new Rejected('NOT_HERE', 'Join first.', { person: context.actor.id })
}
