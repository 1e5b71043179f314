import { Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import type { ExtensionAsked } from './extension.js'
import type { Incident } from './incident.js'
import type { Progress } from './task-progress.js'
import type { Assignment, Tasks } from './tasks.js'

/** The longest a task may run before somebody must look again: one day. */
export const timeboxMinutesMax = 1440

export type TaskStatus = 'ASSIGNED' | 'ACKNOWLEDGED' | 'IN_PROGRESS' | 'COMPLETED' | 'ABANDONED'

/** A task whole: who shall do it, and how far it is. */
export interface Task extends Assignment {
  readonly id: string
  readonly status: TaskStatus
  readonly acknowledgedAt?: string
  readonly endedAt?: string
  /** When its timebox last ended before it did. */
  readonly timeboxExpiredAt?: string
  /** More time, asked for and not answered yet. */
  readonly extensionAsked?: ExtensionAsked
}

const none: Progress = { changedAt: '' }

/** The task of that id, or undefined. */
export function taskOf(incident: Incident, id: string): Task | undefined {
  const task = incident.tasks.get(id)
  if (!task) return undefined
  const progress = incident.taskProgress.get(id) ?? none
  const timeboxExpiredAt = incident.timeboxes.get(id)
  const asked = incident.extensions.get(id)
  const acknowledged =
    progress.acknowledged && progress.acknowledged.revision > task.assignedRevision
  return {
    id,
    ...task,
    status: statusOf(progress, acknowledged === true),
    ...(acknowledged && { acknowledgedAt: progress.acknowledged!.at }),
    ...(progress.ended && { endedAt: progress.ended.at }),
    ...(timeboxExpiredAt !== undefined && { timeboxExpiredAt }),
    ...(asked && !progress.ended && isOpen(asked, task) && { extensionAsked: asked }),
  }
}

/** The question for more time ends with its answer, and once the task is another's or due later. */
const isOpen = (asked: ExtensionAsked, { dueAt, assignedRevision }: Assignment) =>
  asked.answeredAt === undefined && asked.dueAt === dueAt && asked.revision > assignedRevision

export const tasksOf = (incident: Incident): Task[] =>
  [...incident.tasks.keys()].map(id => taskOf(incident, id)!)

/** The task, or a refusal if there is none of that id or it is over. */
export function openTask(incident: Incident, taskId: string): Task {
  const task = knownTask(incident, taskId)
  if (task.status === 'COMPLETED' || task.status === 'ABANDONED')
    throw new Rejected('TASK_ENDED', `This task is ${task.status.toLowerCase()}.`, { taskId })
  return task
}

export function knownTask(incident: Incident, taskId: string): Task {
  const task = taskOf(incident, taskId)
  if (!task) throw new Rejected('TASK_NOT_FOUND', 'There is no such task here.', { taskId })
  return task
}

/** Without any task nothing can be asked of one: so `viewerCan` does not offer it. */
export function requireAnyTask({ tasks }: Incident): void {
  if (tasks.size === 0) throw new Rejected('TASK_NOT_FOUND', 'There is no task here.')
}

/** As a sentence calls a task. */
export const titled = (tasks: Tasks, { taskId }: { taskId: string }) =>
  tasks.has(taskId) ? `“${tasks.get(taskId)!.title}”` : 'a task'

/** When this task last changed. */
export const lastOfTask = (
  { declaration, tasks, taskProgress }: Incident,
  { taskId }: { taskId: string },
) =>
  latest(declaration.declaredAt, tasks.get(taskId)?.changedAt, taskProgress.get(taskId)?.changedAt)

function statusOf({ ended, reported }: Progress, acknowledged: boolean): TaskStatus {
  if (ended) return ended.as
  if (reported) return 'IN_PROGRESS'
  return acknowledged ? 'ACKNOWLEDGED' : 'ASSIGNED'
}
