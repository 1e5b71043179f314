import { type Timer, timersMoved, timersOf } from '../incident/timers.js'
import type { Database } from '../sqlite.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** One row per timer that is still to fire, of every incident. */
export type TimerRow = Timer & { readonly incidentId: string }

export const timers: ReadModel = {
  name: 'timers',
  ddl: `
    create table timers(
      incidentId text not null, kind text not null, subject text not null, dueAt text not null,
      primary key(incidentId, kind, subject)) without rowid;
    create index timers_by_due on timers(dueAt, incidentId, kind, subject)`,
  apply(db, { id, before, incident }) {
    if (before && !timersMoved(before, incident)) return
    const armed = timersOf(incident)
    const rows = new Map(armed.map(timer => [keyOf(timer), timer]))
    const shown = new Map(
      (before ? timersOf(before) : shownOf(db, id)).map(timer => [keyOf(timer), timer]),
    )
    for (const [key, { kind, subject }] of shown)
      if (!rows.has(key)) prepared(db, remove).run(id, kind, subject)
    for (const [key, { kind, subject, dueAt }] of rows)
      if (shown.get(key)?.dueAt !== dueAt) prepared(db, upsert).run(id, kind, subject, dueAt)
  },
}

const remove = 'delete from timers where incidentId = ? and kind = ? and subject = ?'
const upsert = 'replace into timers values (?, ?, ?, ?)'

const keyOf = ({ kind, subject }: Timer) => `${kind} ${subject}`
const shownOf = (db: Database, incidentId: string): Timer[] =>
  prepared<[string], Timer>(db, 'select kind, subject, dueAt from timers where incidentId = ?').all(
    incidentId,
  )

/** Those that are due at this moment, the longest due first. */
export const dueTimers = (db: Database, now: string, limit: number): TimerRow[] =>
  prepared<[string, number], TimerRow>(
    db,
    `select * from timers indexed by timers_by_due where dueAt <= ?
      order by dueAt, incidentId, kind, subject limit ?`,
  ).all(now, limit)

/** When the next one falls due that is not due at this moment; undefined if none does. */
export const nextDueAt = (db: Database, now: string): string | undefined =>
  prepared<[string], string>(
    db,
    'select dueAt from timers indexed by timers_by_due where dueAt > ? order by dueAt limit 1',
  )
    .pluck()
    .get(now)

/** How many there are, and how many of them are due at this moment. */
export const countTimers = (db: Database, now: string): { armed: number; due: number } =>
  prepared<[string], { armed: number; due: number }>(
    db,
    'select count(*) as armed, count(*) filter (where dueAt <= ?) as due from timers',
  ).get(now)!
