import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { PersonRef, Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireNotDismissed, requireRunning } from './guards.js'
import type { Incident } from './incident.js'

export const parkedUntils = ['RESOLVED', 'REVIEW'] as const
/** When a request is taken up: once the incident is resolved, or in its review. */
export type ParkedUntil = (typeof parkedUntils)[number]

/** What somebody asked of the response that takes time from the fix (domain row 34). */
export interface ParkedRequest {
  readonly from: string
  readonly text: string
  readonly until: ParkedUntil
  readonly by: Actor
  readonly at: string
  readonly answered?: { readonly answer: string; readonly by: Actor; readonly at: string }
}
/** By the id of the event that put it off. */
export type ParkingLot = ReadonlyMap<string, ParkedRequest>

/** More than anybody can answer afterwards. */
const parkedMax = 200

export class DeferRequest {
  @PersonRef() from!: string
  @Prose(2000) text!: string
  @IsOptional() @IsIn(parkedUntils) until?: ParkedUntil
}
export class AnswerDeferredRequest {
  @IsUUID() eventId!: string
  @Prose(2000) answer!: string
}
export interface ParkingLotCommands {
  DeferRequest: DeferRequest
  AnswerDeferredRequest: AnswerDeferredRequest
}
export interface ParkingLotEvents {
  RequestDeferred: { from: string; text: string; until: ParkedUntil }
  DeferredRequestAnswered: { eventId: string; answer: string }
}

export const parkingLot: Facet<Incident, ParkingLot, ParkingLotCommands, ParkingLotEvents> = {
  initial: new Map(),
  payloads: { DeferRequest, AnswerDeferredRequest },
  may: {
    DeferRequest(incident) {
      requireRunning(incident)
      if (incident.parkingLot.size >= parkedMax)
        throw new Rejected('LIMIT_REACHED', `At most ${parkedMax} requests can be deferred.`)
    },
    AnswerDeferredRequest: requireNotDismissed,
  },
  after: {
    DeferRequest: ({ declaration }) => declaration.declaredAt,
    AnswerDeferredRequest: ({ declaration, parkingLot }, { eventId }) =>
      latest(declaration.declaredAt, parkingLot.get(eventId)?.at),
  },
  decide: {
    DeferRequest({ parkingLot }, { text, until = 'RESOLVED', ...command }, { person }) {
      const from = person(command.from)
      const isParked = [...parkingLot.values()].some(
        one => one.from === from && one.text === text && !one.answered,
      )
      return isParked ? [] : [{ type: 'RequestDeferred', data: { from, text, until } }]
    },
    AnswerDeferredRequest({ parkingLot }, { eventId, answer }) {
      const request = parkingLot.get(eventId)
      if (!request) throw new Rejected('ENTRY_NOT_FOUND', 'There is no such request.')
      if (request.answered) return []
      return [{ type: 'DeferredRequestAnswered', data: { eventId, answer } }]
    },
  },
  evolve: {
    RequestDeferred: (lot, { id, data, actor: by, occurredAt: at }) =>
      put(lot, id, { ...data, by, at }),
    DeferredRequestAnswered(lot, { data: { eventId, answer }, actor: by, occurredAt: at }) {
      const request = lot.get(eventId)
      return request ? put(lot, eventId, { ...request, answered: { answer, by, at } }) : lot
    },
  },
  narrate: {
    RequestDeferred: ({ data, actor }, name) =>
      fact(
        `${name(actor)} deferred what ${name(data.from)} asked for until ${
          data.until === 'REVIEW' ? 'the review' : 'it is resolved'
        }: ${data.text}`,
      ),
    DeferredRequestAnswered: ({ data, actor }, name, { parkingLot }) => {
      const from = parkingLot.get(data.eventId)?.from
      const whom = from === undefined ? 'a deferred request' : `what ${name(from)} had asked for`
      return fact(`${name(actor)} answered ${whom}: ${data.answer}`)
    },
  },
  sensitive: {
    RequestDeferred: { from: 'PERSON', text: 'TEXT' },
    DeferredRequestAnswered: { eventId: 'PLAIN', answer: 'TEXT' },
  },
}

/** What nobody has answered yet. */
export const parked = ({ parkingLot }: Incident) =>
  [...parkingLot].filter(([, { answered }]) => answered === undefined)

/** Of a title in a list. */
const titleMax = 200

/** Put off until it is resolved so as to hold nobody up: from then on whoever commanded last has it. */
export function waitingParked(incident: Incident) {
  const person = incident.handoff.commander
  if (person === null) return []
  return parked(incident)
    .filter(([, { until }]) => until === 'RESOLVED')
    .map(([subject, { text, at: since }]) => {
      const line = text.replace(/\s+/gu, ' ').slice(0, titleMax)
      return { subject, person, since, title: `Answer “${line.replace(/[\uD800-\uDBFF]$/u, '')}”` }
    })
}
