import type { Directory } from '../commands/directory.js'
import type { Task } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** What the answer needs of a task, whether it was folded or read from the board. */
export type TaskState = Omit<Task, 'incidentId' | 'assignee' | 'overdue' | '__typename'> & {
  readonly assignee?: string | null
}

/** A task as the SDL speaks of it; whether it is overdue depends on the moment that is meant. */
export const taskAnswer = (
  incidentId: string,
  task: TaskState,
  moment: string,
  directory: Directory,
): Task => ({
  ...task,
  incidentId,
  assignee: task.assignee == null ? null : personAnswer(task.assignee, directory),
  overdue: task.endedAt == null && task.dueAt != null && task.dueAt < moment,
})
