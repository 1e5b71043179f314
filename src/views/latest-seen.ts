import type { Viewer } from '../incident/membership.js'
import type { Database } from '../sqlite.js'
import { all } from './pages.js'
import { seenBy } from './seen-by.js'
import { prepared } from './statements.js'

/** The incident that changed last of those that are there for `viewer`, and its last event's number. */
export function latestSeen(
  db: Database,
  viewer: Viewer,
): { readonly id: string; readonly revision: number } | undefined {
  const { where, values } = all(...seenBy(viewer, 'id'))
  const sql = `select id, revision from incident_list indexed by incident_list_by_changed
    where ${where} order by changedAt desc, id desc limit 1`
  return prepared<unknown[], { id: string; revision: number }>(db, sql).get(...values)
}
