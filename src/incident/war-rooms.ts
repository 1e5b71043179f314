import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { Line, WebAddress } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireNotDismissed, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { openRooms, whereOf } from './meeting.js'

export const warRoomKinds = ['VIRTUAL', 'PHYSICAL'] as const
export type WarRoomKind = (typeof warRoomKinds)[number]

/** Where the responders meet (domain row 36). */
export interface WarRoom {
  readonly kind: WarRoomKind
  /** Of a virtual one. */
  readonly url?: string
  /** Of a physical one. */
  readonly place?: string
  readonly by: Actor
  readonly openedAt: string
  readonly closedAt?: string
}
/** By id, in the order in which they were opened. */
export type WarRooms = ReadonlyMap<string, WarRoom>

/** Who moves more often than this is not met by anybody. */
const roomsMax = 50

export class OpenWarRoom {
  @IsIn(warRoomKinds) kind!: WarRoomKind
  @IsOptional() @WebAddress() url?: string
  @IsOptional() @Line(200) place?: string
}
export class CloseWarRoom {
  @IsUUID() roomId!: string
}
export interface WarRoomCommands {
  OpenWarRoom: OpenWarRoom
  CloseWarRoom: CloseWarRoom
}
export interface WarRoomEvents {
  WarRoomOpened: { roomId: string; kind: WarRoomKind; url?: string; place?: string }
  WarRoomClosed: { roomId: string }
}

export const warRooms: Facet<Incident, WarRooms, WarRoomCommands, WarRoomEvents> = {
  initial: new Map(),
  payloads: { OpenWarRoom, CloseWarRoom },
  may: {
    OpenWarRoom: requireRoomForARoom,
    CloseWarRoom(incident) {
      requireNotDismissed(incident)
      if (incident.warRooms.size === 0) throw notFound()
    },
  },
  after: {
    OpenWarRoom: ({ declaration }) => declaration.declaredAt,
    CloseWarRoom: ({ declaration, warRooms }, { roomId }) =>
      latest(declaration.declaredAt, warRooms.get(roomId)?.openedAt),
  },
  decide: {
    OpenWarRoom(incident, { kind, ...where }, { newId }) {
      const is = kind === 'VIRTUAL' ? 'url' : 'place'
      if (where[is] === undefined || Object.keys(where).length > 1)
        throw new Rejected('INVALID_INPUT', `A ${kind.toLowerCase()} room has a ${is} only.`, {
          fields: ['url', 'place'],
        })
      if (openRooms(incident).some(room => room[is] === where[is])) return []
      return [{ type: 'WarRoomOpened', data: { roomId: newId(), kind, [is]: where[is] } }]
    },
    CloseWarRoom({ warRooms }, { roomId }) {
      const room = warRooms.get(roomId)
      if (!room) throw notFound(roomId)
      return room.closedAt === undefined ? [{ type: 'WarRoomClosed', data: { roomId } }] : []
    },
  },
  evolve: {
    WarRoomOpened: (rooms, { data: { roomId, ...room }, actor: by, occurredAt: openedAt }) =>
      put(rooms, roomId, { ...room, by, openedAt }),
    WarRoomClosed(rooms, { data: { roomId }, occurredAt: closedAt }) {
      const room = rooms.get(roomId)
      return room ? put(rooms, roomId, { ...room, closedAt }) : rooms
    },
  },
  narrate: {
    WarRoomOpened: ({ data, actor }, name) =>
      fact(`${name(actor)} opened the war room ${whereOf(data) ?? 'somewhere'}`),
    WarRoomClosed: ({ data, actor }, name, { warRooms }) => {
      const where = whereOf(warRooms.get(data.roomId) ?? {})
      return fact(`${name(actor)} closed ${where ? `the war room ${where}` : 'a war room'}`)
    },
  },
  sensitive: {
    WarRoomOpened: { roomId: 'PLAIN', url: 'TEXT', place: 'TEXT' },
    WarRoomClosed: { roomId: 'PLAIN' },
  },
}

const notFound = (roomId?: string) =>
  new Rejected('ROOM_NOT_FOUND', 'There is no such war room here.', { ...(roomId && { roomId }) })

function requireRoomForARoom(incident: Incident): void {
  requireRunning(incident)
  if (incident.warRooms.size >= roomsMax)
    throw new Rejected('LIMIT_REACHED', `An incident has at most ${roomsMax} war rooms.`)
}
