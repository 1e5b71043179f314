import type { Incident } from '../incident/incident.js'
import { type Task, tasksOf } from '../incident/task.js'

/** A task as of a moment; the fields are those of the SDL, the assignee a person's id. */
export interface TaskAt extends Task {
  /** Open and past due then. */
  readonly overdue: boolean
}

/** All tasks, in the order they were assigned. */
export const tasksAt = (incident: Incident, moment: string): TaskAt[] =>
  tasksOf(incident).map(task => ({
    ...task,
    // That its timebox ended is on record at the very moment at which it did.
    overdue: isOpen(task) && isLate(task, moment),
  }))

const isLate = ({ dueAt, timeboxExpiredAt }: Task, moment: string) =>
  dueAt !== undefined && (dueAt < moment || timeboxExpiredAt === dueAt)

export const isOpen = ({ status }: Pick<Task, 'status'>) =>
  status !== 'COMPLETED' && status !== 'ABANDONED'

/** Those that are neither completed nor abandoned, the next due first, and last what never is. */
export const openFirstDue = (tasks: readonly TaskAt[]): TaskAt[] =>
  tasks.filter(isOpen).toSorted((a, b) => order(due(a), due(b)))

const due = ({ dueAt = 'never' }: TaskAt) => dueAt
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
