import type { Directory } from '../commands/directory.js'
import type { Task as State } from '../incident/task.js'
import type { Task } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

export type TaskState = Omit<State, 'assignedBy' | 'assignedRevision' | 'changedAt'>

/** A task as the SDL speaks of it; whether it is overdue depends on the moment that is meant. */
export const taskAnswer = (
  incidentId: string,
  { assignee, ...task }: TaskState,
  moment: string,
  directory: Directory,
): Task => ({
  ...task,
  incidentId,
  assignee: personAnswer(assignee, directory),
  overdue: task.endedAt == null && task.dueAt < moment,
})
