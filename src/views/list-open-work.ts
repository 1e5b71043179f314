import type { Viewer } from '../incident/membership.js'
import type { WorkKind } from '../incident/open-work.js'
import type { Database } from '../sqlite.js'
import type { WorkRow } from './open-work.js'
import { type Order, type Page, all, behind, limitOf, orderBy, pageOf } from './pages.js'
import { seenBy } from './seen-by.js'
import { prepared } from './statements.js'

const nextDueFirst: Order<WorkRow> = {
  name: 'WORK',
  index: 'open_work_of_person',
  direction: 'asc',
  columns: ['place', 'incidentId', 'kind', 'subject'],
}

/**
 * A page of what waits for a person and is there for `viewer`: the next due first, then what has no time,
 * the longest open first. `kinds` left out: all.
 */
export function listOpenWork(
  db: Database,
  viewer: Viewer,
  person: string,
  kinds: readonly WorkKind[] | null | undefined,
  first: number,
  after?: string | null,
): Page<WorkRow> {
  const ofKinds = {
    where: 'kind in (select value from json_each(?))',
    values: [JSON.stringify(kinds)],
  }
  const limit = limitOf(first)
  const { where, values } = all(
    { where: 'person = ?', values: [person] },
    ...(kinds == null ? [] : [ofKinds]),
    ...seenBy(viewer, 'incidentId'),
    ...behind(nextDueFirst, after),
  )
  const sql = `select * from open_work indexed by ${nextDueFirst.index} where ${where}
    order by ${orderBy(nextDueFirst)} limit ?`
  const rows = prepared<unknown[], WorkRow>(db, sql).all(...values, limit)
  return pageOf(nextDueFirst, rows, first, row => row)
}
