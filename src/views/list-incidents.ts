import { Rejected } from '../decider/facet.js'
import type { IncidentKind } from '../incident/incident-kinds.js'
import type { Viewer } from '../incident/membership.js'
import { type SeverityLevel, effective } from '../incident/severity-levels.js'
import type { IncidentFilter, IncidentOrder } from '../schema.generated.js'
import type { Database } from '../sqlite.js'
import { type IncidentRow, badness, searchable } from './incident-list.js'
import {
  type Condition,
  type Order,
  type Page,
  all,
  behind,
  limitOf,
  orderBy,
  pageOf,
} from './pages.js'
import { seenBy } from './seen-by.js'
import { tagged } from './incident-tags.js'
import { prepared } from './statements.js'

/** What lists show of an incident; people as their ids. */
export type ListedIncident = ReturnType<typeof nodeOf>

/** A condition that an index finds the incidents of. */
interface Filter extends Condition {
  readonly ids?: string
}
export type Row = Omit<IncidentRow, 'words' | 'parent' | 'lastEvent'> & {
  readonly openTasks: number
  readonly quarantined: 0 | 1
}

const order = (
  name: IncidentOrder,
  by: 'declared' | 'changed' | 'severity',
  direction: 'asc' | 'desc',
  ...columns: (keyof Row)[]
): Order<Row> => ({ name, index: `incident_list_by_${by}`, direction, columns })

const orders: Record<IncidentOrder, Order<Row>> = {
  DECLARED_LATEST: order('DECLARED_LATEST', 'declared', 'desc', 'declaredAt', 'id'),
  DECLARED_EARLIEST: order('DECLARED_EARLIEST', 'declared', 'asc', 'declaredAt', 'id'),
  CHANGED_LATEST: order('CHANGED_LATEST', 'changed', 'desc', 'changedAt', 'id'),
  SEVERITY_WORST: order('SEVERITY_WORST', 'severity', 'desc', 'badness', 'declaredAt', 'id'),
}

/** A filter that leaves fewer than this is answered from them; of others, the order's index soon meets enough. */
const narrowMax = 1000
const searchLengthMax = 200

/** A page of the incidents that match and are there for `viewer`. `filter.commander` is a person's id. */
export function listIncidents(
  db: Database,
  viewer: Viewer,
  filter: IncidentFilter,
  orderBy: IncidentOrder,
  first: number,
  after?: string | null,
): Page<ListedIncident> {
  const order = orders[orderBy]
  const limit = limitOf(first)
  const filters = filtersOf(filter, viewer)
  const rows = rowsOf(db, order, filters, [...seenBy(viewer, 'id'), ...behind(order, after)], limit)
  return pageOf(order, rows, first, nodeOf)
}

function rowsOf(
  db: Database,
  order: Order<Row>,
  filters: readonly Filter[],
  others: readonly Condition[],
  limit: number,
): Row[] {
  const narrow = narrowOf(db, filters)
  const source = narrow ? few : `incident_list indexed by ${order.index}`
  const conditions = [...filters.filter(filter => filter !== narrow?.filter), ...others]
  const { where, values } = all(...conditions)
  const sql = `select ${columns} from ${source} where ${where} order by ${orderBy(order)} limit ?`
  return prepared<unknown[], Row>(db, sql).all(...(narrow ? [narrow.ids] : []), ...values, limit)
}

/** The limit keeps SQLite from taking another way than these ids. */
const few = `(select * from incident_list where id in (select value from json_each(?))
  limit ${narrowMax}) as incident_list`

/** The first narrow filter and the ids it leaves, as JSON. Looked up, because SQLite would guess. */
function narrowOf(db: Database, filters: readonly Filter[]) {
  for (const filter of filters) {
    if (filter.ids === undefined) continue
    const ids = prepared<unknown[], string>(db, `${filter.ids} limit ${narrowMax}`).pluck()
    const found = ids.all(...filter.values)
    if (found.length < narrowMax) return { filter, ids: JSON.stringify(found) }
  }
  return undefined
}

export const columns = `id, reference, title, status, severity, badness, type, kind, isMajor, mode, effect, services, labels, commander,
  visibility, declaredAt, changedAt, revision,
  (select count(*) from task_board where incidentId = incident_list.id and endedAt is null) as openTasks,
  exists (select 1 from quarantine where stream = 'incident-' || incident_list.id) as quarantined`

/** What a filter asks of the rows of incidents. `filter.commander` is a person's id. */
export function filtersOf(filter: IncidentFilter, viewer: Viewer): Filter[] {
  const { status, severity, type, kind, isMajor, mode, effect, service, commander } = filter
  const { declaredFrom, declaredBefore, search, visibility, parent, hasParent, openLoop } = filter
  return [
    ...(commander == null ? [] : [indexed('commander = ?', commander)]),
    ...(parent == null ? [] : [indexed('parent = ?', parent.toLowerCase())]),
    ...(hasParent == null ? [] : [ofParent(hasParent, viewer)]),
    ...(service == null ? [] : [ofService(service)]),
    ...tagged(filter),
    ...(status == null ? [] : [indexed(oneOf('status'), JSON.stringify(status))]),
    ...(severity == null ? [] : [ofLevel(severity)]),
    ...(mode == null ? [] : [indexed(oneOf('mode'), JSON.stringify(mode))]),
    ...(effect == null ? [] : [indexed('effect = ?', effect)]),
    ...(declaredFrom == null && declaredBefore == null
      ? []
      : [indexed('declaredAt >= ? and declaredAt < ?', declaredFrom ?? '', declaredBefore ?? '~')]),
    ...(kind == null ? [] : [ofKind(kind)]),
    ...(isMajor == null ? [] : [isMajor ? indexed('isMajor = 1') : plain('isMajor = 0')]),
    ...(openLoop == null ? [] : [openLoop ? indexed('openLoop = 1') : plain('openLoop = 0')]),
    ...(type == null ? [] : [{ where: 'type = ?', values: [type] }]),
    ...(visibility == null ? [] : [{ where: 'visibility = ?', values: [visibility] }]),
    ...(search == null ? [] : searched(search)),
  ]
}

export const oneOf = (column: string) => `${column} in (select value from json_each(?))`

const indexed = (where: string, ...values: (string | number)[]): Filter => ({
  where,
  values,
  ids: `select id from incident_list where ${where}`,
})

/** A parent that is not there for who asks is none. */
function ofParent(has: boolean, viewer: Viewer): Condition {
  const seen = all({ where: 'parent is not null', values: [] }, ...seenBy(viewer, 'parent'))
  return has ? seen : { ...seen, where: `not (${seen.where})` }
}

const plain = (where: string): Filter => ({ where, values: [] })

/** Spelled out, for a value would keep SQLite from the index of the few. */
const ofKind = (kind: IncidentKind): Filter =>
  kind === 'NEAR_MISS' ? indexed(`kind = 'NEAR_MISS'`) : plain(`kind = 'INCIDENT'`)

/** With where they lie in the order of severity, so that nothing worse is looked at. */
function ofLevel(levels: readonly SeverityLevel[]): Filter {
  const badnesses = levels.map(badness)
  return indexed(
    `${oneOf('severity')} and badness between ? and ?`,
    JSON.stringify(levels),
    Math.min(0, ...badnesses),
    Math.max(-Number.MAX_SAFE_INTEGER, ...badnesses),
  )
}

const ofService = (service: string): Filter => ({
  where:
    'exists (select 1 from incident_service where service = ? and incident = incident_list.id)',
  values: [service],
  ids: 'select incident from incident_service where service = ?',
})

/** All words are in the title, or the reference begins like that; `instr`, for which no character is special. */
function searched(search: string): Filter[] {
  if (search.length > searchLengthMax)
    throw new Rejected('INVALID_INPUT', `A search has at most ${searchLengthMax} characters.`, {
      fields: ['search'],
    })
  const words = [...new Set(searchable(search).split(/\s+/).filter(Boolean))]
  if (words.length === 0) return []
  const inTitle = words.map(() => 'instr(words, ?) > 0').join(' and ')
  const reference = search.trim().toUpperCase()
  return [indexed(`(${inTitle}) or instr(reference, ?) = 1`, ...words, reference)]
}

export function nodeOf(row: Row) {
  const { badness: _badness, services, labels, isMajor, quarantined, ...shown } = row
  return {
    ...shown,
    isMajor: isMajor === 1,
    effectiveSeverity: effective(row.severity),
    services: JSON.parse(services) as string[],
    labels: JSON.parse(labels) as string[],
    /** Shown as it was before an event that this program could not follow. */
    quarantined: quarantined === 1,
  }
}
