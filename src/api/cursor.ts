import { Rejected } from '../decider/facet.js'
import type { Position } from '../event-store/event-store.js'

/**
 * A place in the log, as clients keep it: the position, and the id of the event there, by which the
 * place is found again in another store.
 */
export interface LogPlace {
  readonly position: Position
  readonly eventId: string
}

export const cursorOf = ({ position, eventId }: LogPlace): string =>
  Buffer.from(`${position} ${eventId}`).toString('base64url')

const form = /^(\d{1,20}) ([0-9a-f-]{36})$/

/** Throws `Rejected('INVALID_CURSOR')` for what was not made here. */
export function placeOf(cursor: string): LogPlace {
  const [, position, eventId] = form.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (position === undefined || eventId === undefined) throw invalidCursor()
  return { position: BigInt(position), eventId }
}

export const invalidCursor = () =>
  new Rejected('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
