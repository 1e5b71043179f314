import { saidBy, saidMore } from '../incident/counterparts.js'
import type { Incident } from '../incident/incident.js'
import type { RelationKind } from '../incident/relation.js'
import type { Database } from '../sqlite.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** What an incident said of another, and is not noted there yet. */
export interface CounterpartRow {
  readonly source: string
  readonly target: string
  /** Of the event in the source's stream. */
  readonly revision: number
  readonly eventId: string
  readonly kind: RelationKind
  readonly holds: 0 | 1
  readonly occurredAt: string
}

/**
 * One row per word that waits for its counterpart, and how far each incident noted what each other said.
 * So what is still to do is found at once, however long the log is. The order in which two incidents are
 * written makes no difference.
 */
export const counterparts: ReadModel = {
  name: 'counterparts',
  ddl: `
    create table counterpart_waiting(
      source text not null, target text not null, revision integer not null, eventId text not null,
      kind text not null, holds integer not null, occurredAt text not null,
      primary key(source, target, revision)) without rowid;
    create table counterpart_noted(
      target text not null, source text not null, revision integer not null,
      primary key(target, source)) without rowid`,
  apply(db, { id, before, incident }) {
    if (saidMore(before, incident)) writeWaiting(db, id, before, incident)
    if (before?.referring !== incident.referring) writeNoted(db, id, before, incident)
  },
}

function writeWaiting(db: Database, source: string, before: Incident | undefined, after: Incident) {
  const shown = new Set(before ? saidBy(before).map(({ revision }) => revision) : [])
  for (const { to: target, holds, at: occurredAt, ...said } of saidBy(after))
    if (!shown.has(said.revision))
      prepared(db, wait).run({ source, target, ...said, holds: Number(holds), occurredAt })
}

function writeNoted(db: Database, target: string, before: Incident | undefined, after: Incident) {
  for (const [source, revision] of after.referring.noted)
    if (before?.referring.noted.get(source) !== revision) {
      prepared(db, note).run(target, source, revision)
      prepared(db, done).run(source, target, revision)
    }
}

const wait = `insert or ignore into counterpart_waiting
  select @source, @target, @revision, @eventId, @kind, @holds, @occurredAt where not exists
    (select 1 from counterpart_noted
      where target = @target and source = @source and revision >= @revision)`
const note = 'replace into counterpart_noted values (?, ?, ?)'
const done = 'delete from counterpart_waiting where source = ? and target = ? and revision <= ?'

/** The oldest that waits of each two incidents: the next one's turn comes after it. */
export const waitingCounterparts = (db: Database, limit: number): CounterpartRow[] =>
  prepared<[number], CounterpartRow>(
    db,
    `select source, target, min(revision) as revision, eventId, kind, holds, occurredAt
      from counterpart_waiting group by source, target limit ?`,
  ).all(limit)

/** How many wait. */
export const countWaiting = (db: Database): number =>
  prepared<[], number>(db, 'select count(*) from counterpart_waiting').pluck().get()!
