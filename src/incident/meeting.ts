import type { Incident } from './incident.js'
import type { WarRoom } from './war-rooms.js'

/** The rooms in which responders meet now. */
export const openRooms = ({ warRooms }: Pick<Incident, 'warRooms'>): WarRoom[] =>
  [...warRooms.values()].filter(({ closedAt }) => closedAt === undefined)

/** Where to go to a room. */
export const whereOf = ({ url, place }: Pick<WarRoom, 'url' | 'place'>) => url ?? place
