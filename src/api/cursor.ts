import { Rejected } from '../decider/facet.js'
import type { EventStore, Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'

/**
 * A place in the log, as clients keep it: an event in its stream. That is the same in every store
 * that holds the ledger, while a position is not, so none is in it.
 */
export type LogPlace = Pick<StoredEvent, 'stream' | 'revision' | 'id'>

export const cursorOf = (place: LogPlace): string =>
  Buffer.from(placeIn(place)).toString('base64url')

/** What a cursor says, before it is made opaque. */
export const placeIn = ({ stream, revision, id }: LogPlace): string => `${stream} ${revision} ${id}`

const form = /^([a-z][a-z0-9-]{0,99}) (\d{1,9}) ([0-9a-f-]{36})$/
/** What the form comes to at its longest. */
const lengthMax = 200

/** Throws `Rejected('INVALID_CURSOR')` for what was not made here. */
export function placeOf(cursor: string): LogPlace {
  const text = cursor.length > lengthMax ? '' : Buffer.from(cursor, 'base64url').toString()
  const [, stream, revision, id] = form.exec(text) ?? []
  const place = { stream: stream ?? '', revision: Number(revision), id: id ?? '' }
  // Decoding passes over what is no base64url, and a number may have been written otherwise.
  if (cursorOf(place) !== cursor) throw invalidCursor()
  return place
}

/**
 * Where this store has the place; undefined if nothing is there yet. A store is never asked for a
 * position that a client brought. Rejects with `Rejected('INVALID_CURSOR')` if another event is there.
 */
export async function positionOf(
  store: Pick<EventStore, 'read'>,
  { stream, revision, id }: LogPlace,
): Promise<Position | undefined> {
  const [event] = await store.read(stream, revision, 1)
  if (event && event.id !== id) throw invalidCursor()
  return event?.position
}

export const invalidCursor = () =>
  new Rejected('INVALID_CURSOR', 'This cursor is not one of this list; begin again without it.')
