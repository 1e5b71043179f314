import { type Context, NotAuthorised, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { isHistory, requireCommander, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { type GivenTask, type Task, lastOfTask, openGivenTask, taskOf } from './task.js'

/** More time that an assignee asked for (domain row 50). */
export interface ExtensionAsked {
  readonly minutes: number
  readonly reason: string
  readonly at: string
  readonly revision: number
  /** When the task was due then: once that has moved, the question is answered. */
  readonly dueAt: string
  readonly answeredAt?: string
}

/** The tasks for which more time is asked and not answered yet. */
export const waitingForMore = (incident: Incident): Task[] =>
  [...incident.extensions.keys()]
    .map(taskId => taskOf(incident, taskId))
    .filter(task => task?.extensionAsked !== undefined) as Task[]

/** There is a question, and one that they may answer: else `viewerCan` does not offer it. */
export function requireAnyExtension(incident: Incident, context: Context): void {
  requireRunning(incident)
  const waiting = waitingForMore(incident)
  if (waiting.length === 0) throw noneAsked()
  if (!waiting.some(({ assignedBy }) => assignedBy === context.actor.id))
    requireCommander(incident, context)
}

/** The task and the question, for whoever may answer: who gave the task, else the commander. */
export function answerable(
  incident: Incident,
  taskId: string,
  context: Context,
): { task: GivenTask; asked: ExtensionAsked } {
  const task = openGivenTask(incident, taskId)
  const asked = task.extensionAsked
  if (!asked) throw noneAsked({ taskId })
  if (task.assignedBy !== context.actor.id) requireCommander(incident, context)
  return { task, asked }
}

export function requireAssignee(incident: Incident, task: Task, context: Context): void {
  const { actor, overrides } = context
  if (task.assignee === actor.id || overrides || isHistory(incident)) return
  throw new NotAuthorised('NOT_ASSIGNEE', 'Only the assignee may do this.', {
    assignee: task.assignee,
  })
}

/** When this task last changed, or more time for it was last asked for or answered. */
export const lastOfExtension = (incident: Incident, command: { taskId: string }) => {
  const asked = incident.extensions.get(command.taskId)
  return latest(lastOfTask(incident, command), asked?.at, asked?.answeredAt)
}

const noneAsked = (details: object = {}) =>
  new Rejected('NO_EXTENSION_ASKED', 'Nobody waits for more time here.', details)
