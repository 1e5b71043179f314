import { Rejected } from '../decider/facet.js'
import { minutesAfter } from '../decider/instants.js'
import type { Viewer } from '../incident/membership.js'
import type { TaskExtensionAsked, TaskFilter } from '../schema.generated.js'
import type { Database } from '../sqlite.js'
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
import { prepared } from './statements.js'
import { type TaskRow, never } from './task-board.js'

/** A task as the board shows it; people as their ids. */
export interface ListedTask extends Omit<TaskRow, 'due' | 'extensionAsked'> {
  /** Null: never. */
  readonly dueAt: string | null
  readonly overdue: boolean
  readonly extensionAsked: TaskExtensionAsked | null
}

/** A week: who plans further ahead needs a list by date. */
const dueWithinMinutesMax = 10_080

const nextDueFirst = (index: string): Order<TaskRow> => ({
  name: 'DUE',
  index,
  direction: 'asc',
  columns: ['due', 'id', 'incidentId'],
})

/**
 * A page of the tasks that match and are there for `viewer`, the next due first. `now` decides what is
 * overdue; `filter.assignee` is a person's id.
 */
export function listTasks(
  db: Database,
  viewer: Viewer,
  filter: TaskFilter,
  now: string,
  first: number,
  after?: string | null,
): Page<ListedTask> {
  const order = nextDueFirst(indexFor(filter))
  const limit = limitOf(first)
  const conditions = [
    ...conditionsOf(filter, now, viewer.actor.id),
    ...seenBy(viewer, 'incidentId'),
    ...behind(order, after),
  ]
  const { where, values } = all(...conditions)
  const sql = `select * from task_board indexed by ${order.index} where ${where}
    order by ${orderBy(order)} limit ?`
  const rows = prepared<unknown[], TaskRow>(db, sql).all(...values, limit)
  return pageOf(order, rows, first, row => listed(row, now))
}

const listed = ({ due, extensionAsked, ...row }: TaskRow, now: string): ListedTask => ({
  ...row,
  dueAt: due === never ? null : due,
  overdue: row.endedAt === null && due < now,
  extensionAsked: extensionAsked === null ? null : JSON.parse(extensionAsked),
})

/** This task of `filter.incidentId`, if it matches and is there for `viewer`. */
export function matchingTask(
  db: Database,
  viewer: Viewer,
  filter: TaskFilter,
  now: string,
  id: string,
): ListedTask | undefined {
  const named = { where: 'id = ?', values: [id] }
  const conditions = conditionsOf(filter, now, viewer.actor.id)
  const { where, values } = all(named, ...conditions, ...seenBy(viewer, 'incidentId'))
  const sql = `select * from task_board indexed by task_board_of_incident where ${where}`
  const [row] = prepared<unknown[], TaskRow>(db, sql).all(...values)
  return row && listed(row, now)
}

/** How many tasks an incident has, whatever became of them. */
export const taskCount = (db: Database, incidentId: string): number =>
  prepared<[string], number>(db, 'select count(*) from task_board where incidentId = ?')
    .pluck()
    .get(incidentId)!

/** Whether no task that is over can match: of those, there are many. */
const isOpenOnly = ({ status, unacknowledged, overdue, extensionAsked, ...filter }: TaskFilter) =>
  Boolean(unacknowledged || overdue || extensionAsked || filter.dueWithinMinutes != null) ||
  (status != null && !status.includes('COMPLETED') && !status.includes('ABANDONED'))

/** Chosen here, because SQLite would guess: one incident has few tasks, a person some, few states many. */
function indexFor(filter: TaskFilter): string {
  if (filter.incidentId != null) return 'task_board_of_incident'
  const open = isOpenOnly(filter) ? '_open' : ''
  if (filter.assignee != null || filter.mine) return `task_board_of_assignee${open}`
  if (filter.extensionAsked) return 'task_board_of_extension'
  return filter.status?.length === 1 ? 'task_board_of_status' : `task_board_by_due${open}`
}

function conditionsOf(filter: TaskFilter, now: string, viewer: string): Condition[] {
  const { incidentId, assignee, mine, status, unacknowledged, overdue, dueWithinMinutes } = filter
  const { extensionAsked } = filter
  return [
    ...(incidentId == null ? [] : [{ where: 'incidentId = ?', values: [incidentId] }]),
    ...(assignee == null ? [] : [{ where: 'assignee = ?', values: [assignee] }]),
    ...(mine ? [{ where: 'assignee = ?', values: [viewer] }] : []),
    ...(status == null ? [] : [ofStatus(status)]),
    ...(isOpenOnly(filter) ? [{ where: 'endedAt is null', values: [] }] : []),
    ...(unacknowledged ? [{ where: 'acknowledgedAt is null and due <> ?', values: [never] }] : []),
    ...(extensionAsked ? [{ where: 'extensionAsked is not null', values: [] }] : []),
    ...(overdue ? [{ where: 'due < ?', values: [now] }] : []),
    ...(dueWithinMinutes == null ? [] : [dueWithin(dueWithinMinutes, now)]),
  ]
}

/** Of one state, an index has them in order. */
const ofStatus = (status: readonly string[]): Condition =>
  status.length === 1
    ? { where: 'status = ?', values: [status[0]!] }
    : { where: 'status in (select value from json_each(?))', values: [JSON.stringify(status)] }

function dueWithin(minutes: number, now: string): Condition {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > dueWithinMinutesMax)
    throw new Rejected('INVALID_INPUT', `Due within 0 to ${dueWithinMinutesMax} minutes.`, {
      fields: ['dueWithinMinutes'],
    })
  return { where: 'due <= ?', values: [minutesAfter(now, minutes)] }
}
