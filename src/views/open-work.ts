import { type Work, workKinds, workMoved, workOf } from '../incident/open-work.js'
import type { Incident } from '../incident/incident.js'
import type { Database } from '../sqlite.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** One row per piece of work that waits for somebody, of every incident. */
export type WorkRow = ReturnType<typeof rowOf>

const rowOf = (incidentId: string, { dueAt, ...work }: Work) => ({
  incidentId,
  ...work,
  dueAt: dueAt ?? null,
  /** What is due comes first, what never is behind it: `~` sorts after every digit. */
  place: dueAt ?? `~${work.since}`,
})

export const openWork: ReadModel = {
  name: 'open-work',
  ddl: `
    create table open_work(
      incidentId text not null, kind text not null, subject text not null, person text not null,
      since text not null, dueAt text, title text not null, place text not null,
      primary key(incidentId, kind, subject, person)) without rowid;
    create index open_work_of_person on open_work(person, place, incidentId, kind, subject)`,
  apply(db, { id, before, incident }) {
    const moved = before ? workMoved(before, incident) : workKinds
    if (moved.length === 0) return
    const rowsOf = (state: Incident) =>
      byKey(moved.flatMap(kind => workOf(kind, state)).map(work => rowOf(id, work)))
    const rows = rowsOf(incident)
    const shown = before ? rowsOf(before) : byKey(shownOf(db, id))
    for (const [key, { kind, subject, person }] of shown)
      if (!rows.has(key)) prepared(db, remove).run(id, kind, subject, person)
    for (const [key, row] of rows) if (!isSame(shown.get(key), row)) prepared(db, upsert).run(row)
  },
}

const remove =
  'delete from open_work where incidentId = ? and kind = ? and subject = ? and person = ?'
const upsert = `replace into open_work values (
  @incidentId, @kind, @subject, @person, @since, @dueAt, @title, @place)`

const byKey = (rows: readonly WorkRow[]) =>
  new Map(rows.map(row => [`${row.kind} ${row.person} ${row.subject}`, row]))

const isSame = (one: WorkRow | undefined, { since, dueAt, title }: WorkRow) =>
  one !== undefined && one.since === since && one.dueAt === dueAt && one.title === title

const shownOf = (db: Database, incidentId: string) =>
  prepared<[string], WorkRow>(db, 'select * from open_work where incidentId = ?').all(incidentId)
