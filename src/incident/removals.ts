import { IsIn, IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Actor, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireCommander, requireRunning } from './guards.js'
import type { HandoffEvents } from './handoff.js'
import type { Incident } from './incident.js'
import { heldByThem, isHere, lastSeenOrHeld, leaves, requireNoCommander } from './leaving.js'
import { offeredAt, voidedOffer } from './open-offer.js'
import type { PresenceEvents } from './presence.js'
import type { RoleEvents } from './roles.js'

/** Somebody who disturbed the response (domain row 35), as of the last time. */
export interface Removal {
  /** Until they are let in again. */
  readonly isOut: boolean
  readonly by: Actor
  readonly at: string
  readonly reason: string
  /** The reason is for those in command and for the organisation’s managers. */
  readonly isPrivate: boolean
  readonly changedAt: string
}
/** By the person’s id. */
export type Removals = ReadonlyMap<string, Removal>

/** More than can be sent out of any room. */
const removalsMax = 200

export class RemoveResponder {
  @PersonRef() person!: string
  @Reason() reason!: string
  @IsOptional() @IsIn([true, false]) private?: boolean
}
export class ReadmitResponder {
  @PersonRef() person!: string
  @IsOptional() @Reason() reason?: string
}
export interface RemovalCommands {
  RemoveResponder: RemoveResponder
  ReadmitResponder: ReadmitResponder
}
export interface RemovalEvents {
  /** With one of both reasons; `privateReason` is shown to few. */
  ResponderRemoved: { person: string; reason?: string; privateReason?: string }
  ResponderReadmitted: { person: string; reason?: string }
}
type Emits = RemovalEvents &
  Pick<RoleEvents, 'RoleReleased'> &
  Pick<PresenceEvents, 'ResponderLeft'> &
  Pick<HandoffEvents, 'HandoffVoided'>

export const removals: Facet<Incident, Removals, RemovalCommands, RemovalEvents, Emits> = {
  initial: new Map(),
  payloads: { RemoveResponder, ReadmitResponder },
  may: { RemoveResponder: requireRightToRemove, ReadmitResponder: requireRightToRemove },
  after: {
    RemoveResponder: (incident, { person }, asking) => {
      const id = asking.person(person)
      const { changedAt } = incident.removals.get(id) ?? {}
      return latest(lastSeenOrHeld(incident, id), offeredAt(incident, id), changedAt)
    },
    ReadmitResponder: (incident, { person }, asking) =>
      latest(
        incident.declaration.declaredAt,
        incident.removals.get(asking.person(person))?.changedAt,
      ),
  },
  decide: {
    RemoveResponder: removed,
    ReadmitResponder({ removals }, { person: given, reason }, context) {
      const person = context.person(given)
      if (!removals.get(person)?.isOut) return []
      const data = { person, ...(reason !== undefined && { reason }) }
      return [{ type: 'ResponderReadmitted', data }]
    },
  },
  evolve: {
    ResponderRemoved: (removals, { data, actor: by, occurredAt: at }) =>
      put(removals, data.person, {
        isOut: true,
        by,
        at,
        reason: data.privateReason ?? data.reason ?? '',
        isPrivate: data.privateReason !== undefined,
        changedAt: at,
      }),
    ResponderReadmitted(removals, { data, occurredAt: changedAt }) {
      const removal = removals.get(data.person)
      return removal
        ? put(removals, data.person, { ...removal, isOut: false, changedAt })
        : removals
    },
  },
  narrate: {
    ResponderRemoved: ({ data, actor }, name) =>
      fact(
        `${name(actor)} removed ${name(data.person)} from the response${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
    ResponderReadmitted: ({ data, actor }, name) =>
      fact(
        `${name(actor)} let ${name(data.person)} in again${data.reason ? `: ${data.reason}` : ''}`,
      ),
  },
  sensitive: {
    ResponderRemoved: { person: 'PERSON', reason: 'TEXT', privateReason: 'COMMAND_ONLY' },
    ResponderReadmitted: { person: 'PERSON', reason: 'TEXT' },
  },
}

function requireRightToRemove(incident: Incident, context: Context): void {
  requireRunning(incident)
  requireCommander(incident, context)
}

/** They lay down what they held, and an offer of command to them is void. */
function removed(incident: Incident, command: RemoveResponder, context: Context) {
  const person = context.person(command.person)
  const { handoff, removals } = incident
  requireNoCommander(incident, person)
  if (removals.get(person)?.isOut) return []
  const isHolding = isHere(incident, person) || heldByThem(incident, person).length > 0
  if (removals.size >= removalsMax && !removals.has(person))
    throw new Rejected('LIMIT_REACHED', `At most ${removalsMax} people can be removed.`)
  const { reason } = command
  return [
    ...(isHolding ? leaves(incident, person) : []),
    ...(handoff.offer?.to === person ? voidedOffer(incident) : []),
    {
      type: 'ResponderRemoved',
      data: { person, ...(command.private === false ? { reason } : { privateReason: reason }) },
    } as const,
  ]
}
