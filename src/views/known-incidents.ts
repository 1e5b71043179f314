import type { Viewer } from '../incident/membership.js'
import type { Database } from '../sqlite.js'
import type { IncidentFilter } from '../schema.generated.js'
import {
  type ListedIncident,
  type Row,
  columns,
  filtersOf,
  nodeOf,
  oneOf,
} from './list-incidents.js'
import { type Condition, all } from './pages.js'
import { seenBy } from './seen-by.js'
import { prepared } from './statements.js'

/** The id of the incident that people call `INC-12`, if it is there for `viewer`. */
export function incidentIdOf(db: Database, viewer: Viewer, reference: string): string | undefined {
  const named = { where: 'reference = ?', values: [reference.toUpperCase()] }
  const { where, values } = all(named, ...seenBy(viewer, 'id'))
  return prepared<unknown[], string>(db, `select id from incident_list where ${where} order by id`)
    .pluck()
    .get(...values)
}

/** Those of these incidents that are there for `viewer`, as lists show them. */
export function incidentsOf(
  db: Database,
  viewer: Viewer,
  ids: readonly string[],
): ListedIncident[] {
  const { where, values } = among(viewer, ids)
  const sql = `select ${columns} from incident_list where ${where}`
  return prepared<unknown[], Row>(db, sql)
    .all(...values)
    .map(nodeOf)
}

/** What people call those of these incidents that are there for `viewer`, by their ids. */
export function referencesOf(
  db: Database,
  viewer: Viewer,
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const { where, values } = among(viewer, ids)
  const sql = `select id, reference from incident_list where ${where}`
  return new Map(
    prepared<unknown[], [string, string]>(db, sql)
      .raw()
      .all(...values),
  )
}

const among = (viewer: Viewer, ids: readonly string[]): Condition =>
  all({ where: oneOf('id'), values: [JSON.stringify(ids)] }, ...seenBy(viewer, 'id'))

/** This incident, if it matches and is there for `viewer`. */
export function matchingIncident(
  db: Database,
  viewer: Viewer,
  filter: IncidentFilter,
  id: string,
): ListedIncident | undefined {
  const named = { where: 'id = ?', values: [id] }
  const { where, values } = all(named, ...filtersOf(filter, viewer), ...seenBy(viewer, 'id'))
  const sql = `select ${columns} from incident_list where ${where}`
  const [row] = prepared<unknown[], Row>(db, sql).all(...values)
  return row && nodeOf(row)
}
