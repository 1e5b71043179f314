import type { Incident } from '../incident/incident.js'
import type { Viewer } from '../incident/membership.js'
import type { Database } from '../sqlite.js'
import type { Condition } from './pages.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** Restricted incidents and their members, so that every list can leave out what is not for who asks. */
export const members: ReadModel = {
  name: 'members',
  ddl: `
    create table restricted_incident(incident text primary key) without rowid;
    create table incident_member(
      incident text not null, member text not null, primary key(incident, member)) without rowid`,
  apply(db, { id, before, incident }) {
    if (before?.visibility === incident.visibility) return
    prepared(db, 'delete from restricted_incident where incident = ?').run(id)
    prepared(db, 'delete from incident_member where incident = ?').run(id)
    if (incident.visibility.level === 'INTERNAL') return
    prepared(db, 'insert into restricted_incident values (?)').run(id)
    for (const member of membersOf(incident))
      prepared(db, 'insert into incident_member values (?, ?)').run(id, member)
  },
}

const membersOf = ({ visibility }: Incident) =>
  [...visibility.members].map(([id, kind]) => `${kind} ${id}`)
const memberOf = ({ actor: { type, id } }: Viewer) => `${type} ${id}`

/**
 * What every list asks of the incident that a row belongs to, `column` holding its id. Nothing is asked
 * for an administrator: who lists decides whether they asked to see what is restricted.
 */
export const seenBy = (viewer: Viewer, column: string): Condition[] =>
  viewer.isAdmin ? [] : [{ where: isOpen(column), values: [memberOf(viewer)] }]

const isOpen = (column: string) => `
  not exists (select 1 from restricted_incident where incident = ${column}) or
  exists (select 1 from incident_member where incident = ${column} and member = ?)`

/** What the views know of some incidents: which are not open to somebody, and of which they are not sure. */
export interface KnownSight {
  readonly hidden: ReadonlySet<string>
  /** In quarantine they are shown as they were, so who may see them now, only their stream says. */
  readonly unsure: ReadonlySet<string>
}

/** Of these incidents; an administrator is told as everybody is what is open to them. */
export function sightOf(db: Database, viewer: Viewer, ids: readonly string[]): KnownSight {
  const rows = prepared<[string, string], { id: string; open: 0 | 1; unsure: 0 | 1 }>(
    db,
    `select value as id, (${isOpen('value')}) as open,
      exists (select 1 from quarantine where stream = 'incident-' || value) as unsure
      from json_each(?)`,
  ).all(memberOf(viewer), JSON.stringify(ids))
  const those = (is: (row: (typeof rows)[number]) => boolean) =>
    new Set(rows.filter(is).map(({ id }) => id))
  return { hidden: those(({ open }) => open === 0), unsure: those(({ unsure }) => unsure === 1) }
}
