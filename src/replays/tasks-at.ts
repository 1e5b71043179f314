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
    overdue: isOpen(task) && (task.dueAt < moment || task.timeboxExpiredAt === task.dueAt),
  }))

export const isOpen = ({ status }: Pick<Task, 'status'>) =>
  status !== 'COMPLETED' && status !== 'ABANDONED'

/** Those that are neither completed nor abandoned, the next due first. */
export const openFirstDue = (tasks: readonly TaskAt[]): TaskAt[] =>
  tasks.filter(isOpen).toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0))
