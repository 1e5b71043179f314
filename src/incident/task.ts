import { Rejected, type Timing } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import type { ExtensionAsked } from './extension.js'
import type { Incident } from './incident.js'
import type { RoleKey } from './role-keys.js'
import type { Progress } from './task-progress.js'

/** The longest a task may run before somebody must look again: one day. */
export const timeboxMinutesMax = 1440

export type TaskStatus = 'ASSIGNED' | 'ACKNOWLEDGED' | 'IN_PROGRESS' | 'COMPLETED' | 'ABANDONED'

/** Who shall do what, until when; how it goes, the progress facet knows. */
export interface Assignment {
  readonly title: string
  /** Absent: whose it was, nobody tells. */
  readonly assignee?: string
  /** The role that pointed to the assignee. */
  readonly viaRole?: RoleKey
  readonly assignedBy: string
  /** Absent: only its end is told. */
  readonly assignedAt?: string
  readonly assignedTiming?: Timing
  /** Of the event that made this person the assignee: only a later acknowledgement counts. */
  readonly assignedRevision: number
  /** Absent: it is only told, and nobody gave it to anybody until a time. */
  readonly dueAt?: string
  /** How often the timebox was extended. */
  readonly extensions: number
  readonly changedAt: string
  /** Of one that is only told: how far it was then. */
  readonly told?: Told
}
interface Told {
  readonly as: 'IN_PROGRESS' | 'COMPLETED'
  readonly at: string
  readonly timing?: Timing
}
export type Tasks = ReadonlyMap<string, Assignment>

/** A task whole: who shall do it, and how far it is. */
export interface Task extends Assignment {
  readonly id: string
  readonly status: TaskStatus
  readonly acknowledgedAt?: string
  readonly endedAt?: string
  readonly endedTiming?: Timing
  /** When its timebox last ended before it did. */
  readonly timeboxExpiredAt?: string
  /** More time, asked for and not answered yet. */
  readonly extensionAsked?: ExtensionAsked
}

/** One that was given to somebody until a time, and not only told. */
export type GivenTask = Task & Required<Pick<Task, 'assignee' | 'assignedAt' | 'dueAt'>>

const none: Progress = { changedAt: '' }

/** The task of that id, or undefined. */
export function taskOf(incident: Incident, id: string): Task | undefined {
  const task = incident.tasks.get(id)
  if (!task) return undefined
  const progress = incident.taskProgress.get(id) ?? none
  const ended = progress.ended ?? (task.told?.as === 'COMPLETED' ? task.told : undefined)
  const timeboxExpiredAt = incident.timeboxes.get(id)
  const asked = incident.extensions.get(id)
  const acknowledged =
    progress.acknowledged && progress.acknowledged.revision > task.assignedRevision
  return {
    id,
    ...task,
    status: ended?.as ?? statusOf(task, progress, acknowledged === true),
    ...(acknowledged && { acknowledgedAt: progress.acknowledged!.at }),
    ...(ended && { endedAt: ended.at, ...(ended.timing && { endedTiming: ended.timing }) }),
    ...(timeboxExpiredAt !== undefined && { timeboxExpiredAt }),
    ...(asked && !ended && isOpen(asked, task) && { extensionAsked: asked }),
  }
}

/** The question for more time ends with its answer, and once the task is another's or due later. */
const isOpen = (asked: ExtensionAsked, { dueAt, assignedRevision }: Assignment) =>
  asked.answeredAt === undefined && asked.dueAt === dueAt && asked.revision > assignedRevision

export const tasksOf = (incident: Incident): Task[] =>
  [...incident.tasks.keys()].map(id => taskOf(incident, id)!)

const isGiven = (task: Task): task is GivenTask => task.told === undefined

/** Those that somebody was given: what is only told, waits for nobody. */
export const givenTasksOf = (incident: Incident): GivenTask[] => tasksOf(incident).filter(isGiven)

/** The open task, or a refusal if nobody was given it. */
export function openGivenTask(incident: Incident, taskId: string): GivenTask {
  const task = openTask(incident, taskId)
  if (!isGiven(task))
    throw new Rejected('TASK_ONLY_TOLD', 'This task is only told: nobody was given it.', { taskId })
  return task
}

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

const tasksMax = 1000

export function requireTaskRoom({ tasks }: Incident): void {
  if (tasks.size >= tasksMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${tasksMax} tasks.`)
}

/** Without any task nothing can be asked of one: so `viewerCan` does not offer it. */
export function requireAnyTask({ tasks }: Incident): void {
  if (tasks.size === 0) throw new Rejected('TASK_NOT_FOUND', 'There is no task here.')
}

/** As a sentence calls a task. */
export const titled = (tasks: Tasks, { taskId }: { taskId: string }) =>
  tasks.has(taskId) ? `“${tasks.get(taskId)!.title}”` : 'a task'

/** When this task last changed. One that is only told may have been before anybody declared anything. */
export function lastOfTask(
  { declaration, tasks, taskProgress }: Incident,
  { taskId }: { taskId: string },
) {
  const task = tasks.get(taskId)
  const declaredAt = task?.told ? undefined : declaration.declaredAt
  return latest(declaredAt, task?.changedAt, taskProgress.get(taskId)?.changedAt)
}

function statusOf({ told }: Assignment, { reported }: Progress, acknowledged: boolean): TaskStatus {
  if (reported || told) return 'IN_PROGRESS'
  return acknowledged ? 'ACKNOWLEDGED' : 'ASSIGNED'
}
