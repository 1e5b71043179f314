import type { Database, Statement } from '../../sqlite.js'
import type { Position } from '../event-store.js'

/** The writing thread's statements, prepared once. */
export interface LogStatements {
  readonly begin: Statement<[]>
  readonly commit: Statement<[]>
  readonly rollback: Statement<[]>
  readonly savepoint: Statement<[]>
  readonly rollbackToSavepoint: Statement<[]>
  readonly release: Statement<[]>
  readonly insert: Statement<
    [Position, stream: string, number, string, string, string, string, string]
  >
  readonly tail: Statement<[stream: string], { revision: number; hash: string }>
  readonly places: Statement<[stream: string, number, number], { id: string; position: Position }>
}

export const prepareLog = (db: Database): LogStatements => ({
  begin: db.prepare('begin immediate'),
  commit: db.prepare('commit'),
  rollback: db.prepare('rollback'),
  savepoint: db.prepare('savepoint one'),
  rollbackToSavepoint: db.prepare('rollback to one'),
  release: db.prepare('release one'),
  insert: db.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?, ?)'),
  tail: db.prepare(
    'select revision, hash from events where stream = ? order by revision desc limit 1',
  ),
  places: db
    .prepare<[string, number, number], { id: string; position: Position }>(
      `select id, position from events
       where stream = ? and revision between ? and ? order by revision`,
    )
    .safeIntegers(),
})
