import { type Position, StoreDamaged } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Database } from '../sqlite.js'
import { prepared } from './statements.js'

/** The event that an incident's rows cannot follow; they stay as they were before it. */
export interface Quarantined {
  readonly position: Position
  readonly stream: string
  readonly id: string
  readonly type: string
  readonly error: string
}

/** One per incident: what comes after it is not folded, so nothing else can fail. */
export const quarantineDdl = `
  create table quarantine(stream text primary key, position integer not null, id text not null,
    type text not null, error text not null, damaged integer not null) without rowid`

/** So much of an error's message is kept. */
const errorLengthMax = 500
/** With more damaged streams than this it is the log that is damaged, and no view can help that. */
const damagedStreamsMax = 1

/** Throws the error again if the log as a whole is damaged. */
export function quarantine(db: Database, event: StoredEvent, error: unknown): void {
  const damaged = error instanceof StoreDamaged
  const others = prepared<[], number>(db, 'select count(*) from quarantine where damaged')
  if (damaged && others.pluck().get()! >= damagedStreamsMax) throw error
  const { stream, position, id, type } = event
  const message = String(error).slice(0, errorLengthMax)
  prepared(db, 'insert into quarantine values (?, ?, ?, ?, ?, ?)').run(
    stream,
    position,
    id,
    type,
    message,
    Number(damaged),
  )
}

export const isQuarantined = (db: Database, stream: string) =>
  prepared(db, 'select 1 from quarantine where stream = ?').get(stream) !== undefined

/** Whether this event cannot be followed, or comes after one that cannot. */
export const isQuarantinedAt = (db: Database, { stream, position }: StoredEvent) =>
  prepared(db, 'select 1 from quarantine where stream = ? and position <= ?').get(
    stream,
    position,
  ) !== undefined

/** The incidents that lists show as they were, first quarantined first; health is red while there is one. */
export const quarantined = (db: Database, first = 100): Quarantined[] =>
  prepared<[number], Quarantined>(
    db,
    'select position, stream, id, type, error from quarantine order by position limit ?',
  )
    .safeIntegers()
    .all(first)

/** How many there are in all. */
export const quarantinedCount = (db: Database): number =>
  prepared<[], number>(db, 'select count(*) from quarantine').pluck().get()!
