import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest, spoken } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requirePerson, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { replied, requested } from './requesting.js'
import { type RoleKey, roleKeys, roleWords } from './role-keys.js'
import { ServiceKey } from './service-keys.js'
import { callNotFound } from './whom-to-call.js'

export const answers = ['ACCEPT', 'DECLINE', 'ETA'] as const
export type Answer = (typeof answers)[number]

/** That somebody is needed (domain row 39): a person, somebody in a role, or an owner of a service. */
export interface Request {
  readonly person?: string
  readonly role?: RoleKey
  readonly service?: string
  /** Who may answer; undefined: anybody. */
  readonly asked?: readonly string[]
  readonly reason?: string
  readonly by: Actor
  readonly at: string
  /** The last word of each who answered. */
  readonly replies: ReadonlyMap<string, Reply>
}
export interface Reply {
  readonly answer: Answer
  readonly at: string
  /** When they will be there, if they said. */
  readonly expectedAt?: string
  readonly reason?: string
}
/** By id, in the order in which they were made. */
export type Requests = ReadonlyMap<string, Request>

/** All of them are kept in the folded incident. */
const requestsMax = 500
/** Who comes later than in a day does not come to this incident. */
const etaMinutesMax = 1440

export class RequestResponder {
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @IsIn(roleKeys) role?: RoleKey
  @IsOptional() @ServiceKey() service?: string
  @IsOptional() @Reason() reason?: string
}
export class RespondToRequest {
  @IsUUID() requestId!: string
  @IsIn(answers) answer!: Answer
  @IsOptional() @IsInt() @Min(1) @Max(etaMinutesMax) etaMinutes?: number
  @IsOptional() @Reason() reason?: string
}
export interface RequestCommands {
  RequestResponder: RequestResponder
  RespondToRequest: RespondToRequest
}
interface Requested {
  requestId: string
  person?: string
  role?: RoleKey
  service?: string
  /** The owners of the service then. */
  owners?: readonly string[]
  reason?: string
}
export interface RequestEvents {
  ResponderRequested: Requested
  ResponderReplied: {
    requestId: string
    person: string
    answer: Answer
    expectedAt?: string
    reason?: string
  }
}

export const requests: Facet<Incident, Requests, RequestCommands, RequestEvents> = {
  initial: new Map(),
  payloads: { RequestResponder, RespondToRequest },
  may: {
    RequestResponder(incident) {
      requireRunning(incident)
      if (incident.requests.size >= requestsMax)
        throw new Rejected('LIMIT_REACHED', `An incident has at most ${requestsMax} requests.`)
    },
    RespondToRequest(incident, context) {
      requireRunning(incident)
      requirePerson(context)
      if (incident.requests.size === 0) throw callNotFound()
    },
  },
  after: {
    RequestResponder: ({ declaration }) => declaration.declaredAt,
    RespondToRequest: ({ declaration, requests }, { requestId }, { actor }) => {
      const request = requests.get(requestId)
      return latest(declaration.declaredAt, request?.at, request?.replies.get(actor.id)?.at)
    },
  },
  decide: {
    RequestResponder: requested,
    RespondToRequest: replied,
  },
  evolve: {
    ResponderRequested: (requests, { data, actor: by, occurredAt: at }) => {
      const { requestId, owners, ...request } = data
      const asked = request.person === undefined ? owners : [request.person]
      return put(requests, requestId, {
        ...request,
        ...(asked && { asked: [...asked] }),
        by,
        at,
        replies: new Map(),
      })
    },
    ResponderReplied(requests, { data: { requestId, person, ...reply }, occurredAt: at }) {
      const request = requests.get(requestId)
      if (!request) return requests
      const replies = put(request.replies, person, { ...reply, at })
      return put(requests, requestId, { ...request, replies })
    },
  },
  narrate: {
    ResponderRequested: ({ data, actor }, name) => {
      const { person, role, service, reason } = data
      const whom = [
        person !== undefined && name(person),
        role && `a ${roleWords[role]}`,
        service !== undefined && `an owner of ${service}`,
      ].find(Boolean)
      return fact(`${name(actor)} asked for ${whom || 'help'}${reason ? `: ${reason}` : ''}`)
    },
    ResponderReplied: ({ data }, name) =>
      fact(
        `${name(data.person)} ${words[data.answer]}${
          data.expectedAt ? `, by ${spoken(data.expectedAt)}` : ''
        }${data.reason ? `: ${data.reason}` : ''}`,
      ),
  },
  sensitive: {
    ResponderRequested: {
      requestId: 'PLAIN',
      person: 'PERSON',
      service: 'PLAIN',
      owners: 'PERSON',
      reason: 'TEXT',
    },
    ResponderReplied: {
      requestId: 'PLAIN',
      person: 'PERSON',
      expectedAt: 'PLAIN',
      reason: 'TEXT',
    },
  },
}

const words: Record<Answer, string> = {
  ACCEPT: 'comes',
  DECLINE: 'does not come',
  ETA: 'will come',
}
