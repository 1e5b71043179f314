import { IsOptional, IsUUID } from 'class-validator'
import { Prose, Reason } from '../decider/bounds.js'
import { type Facet, type Recorded, type Timing, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { requireAssignee } from './extension.js'
import { requireDeclared, requireNotDismissed, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { knownTask, lastOfTask, openGivenTask, openTask, requireAnyTask, titled } from './task.js'

/** How far the tasks are, by the task's id. */
export type TaskProgress = ReadonlyMap<string, Progress>
export interface Progress {
  readonly acknowledged?: { readonly at: string; readonly revision: number }
  readonly reported?: true
  readonly ended?: Ended
  readonly changedAt: string
}
interface Ended {
  readonly as: 'COMPLETED' | 'ABANDONED'
  readonly at: string
  readonly timing?: Timing
}

export class AcknowledgeTask {
  @IsUUID() taskId!: string
}
export class ReportTask {
  @IsUUID() taskId!: string
  @Prose(4000) finding!: string
}
export class CompleteTask {
  @IsUUID() taskId!: string
  @IsOptional() @Prose(4000) finding?: string
}
export class AbandonTask {
  @IsUUID() taskId!: string
  @Reason() reason!: string
}
export interface TaskProgressCommands {
  AcknowledgeTask: AcknowledgeTask
  ReportTask: ReportTask
  CompleteTask: CompleteTask
  AbandonTask: AbandonTask
}
export interface TaskProgressEvents {
  TaskAcknowledged: { taskId: string }
  TaskReported: { taskId: string; finding: string }
  TaskCompleted: { taskId: string; finding?: string }
  TaskAbandoned: { taskId: string; reason: string }
}

export const taskProgress: Facet<Incident, TaskProgress, TaskProgressCommands, TaskProgressEvents> =
  {
    initial: new Map(),
    payloads: { AcknowledgeTask, ReportTask, CompleteTask, AbandonTask },
    may: {
      AcknowledgeTask: withTask(requireRunning),
      ReportTask: withTask(requireDeclared),
      CompleteTask: withTask(requireNotDismissed),
      AbandonTask: withTask(requireNotDismissed),
    },
    after: {
      AcknowledgeTask: lastOfTask,
      ReportTask: lastOfTask,
      CompleteTask: lastOfTask,
      AbandonTask: lastOfTask,
    },
    decide: {
      AcknowledgeTask(incident, { taskId }, context) {
        const task = openGivenTask(incident, taskId)
        requireAssignee(incident, task, context)
        return task.acknowledgedAt === undefined
          ? [{ type: 'TaskAcknowledged', data: { taskId } }]
          : []
      },
      ReportTask(incident, { taskId, finding }) {
        knownTask(incident, taskId)
        return [{ type: 'TaskReported', data: { taskId, finding } }]
      },
      CompleteTask(incident, { taskId, finding }) {
        if (knownTask(incident, taskId).status === 'COMPLETED') return []
        openTask(incident, taskId)
        const data = { taskId, ...(finding !== undefined && { finding }) }
        return [{ type: 'TaskCompleted', data }]
      },
      AbandonTask(incident, { taskId, reason }) {
        if (knownTask(incident, taskId).status === 'ABANDONED') return []
        openTask(incident, taskId)
        return [{ type: 'TaskAbandoned', data: { taskId, reason } }]
      },
    },
    evolve: {
      TaskAcknowledged: (progress, { data, occurredAt: at, revision }) =>
        changed(progress, data.taskId, { acknowledged: { at, revision }, changedAt: at }),
      TaskReported: (progress, { data, occurredAt }) =>
        changed(progress, data.taskId, { reported: true, changedAt: occurredAt }),
      TaskCompleted: (progress, event) =>
        changed(progress, event.data.taskId, ended('COMPLETED', event)),
      TaskAbandoned: (progress, event) =>
        changed(progress, event.data.taskId, ended('ABANDONED', event)),
    },
    narrate: {
      TaskAcknowledged: ({ data, actor }, name, { tasks }) =>
        fact(`${name(actor)} acknowledged ${titled(tasks, data)}`),
      TaskReported: ({ data, actor }, name, { tasks }) =>
        fact(`${name(actor)} reported on ${titled(tasks, data)}: ${data.finding}`),
      TaskCompleted: ({ data, actor }, name, { tasks }) =>
        fact(
          `${
            actor.type === 'SYSTEM'
              ? `Task finished: ${titled(tasks, data)}`
              : `${name(actor)} completed ${titled(tasks, data)}`
          }${data.finding ? `: ${data.finding}` : ''}`,
        ),
      TaskAbandoned: ({ data, actor }, name, { tasks }) =>
        fact(`${name(actor)} abandoned ${titled(tasks, data)}: ${data.reason}`),
    },
    sensitive: {
      TaskAcknowledged: { taskId: 'PLAIN' },
      TaskReported: { taskId: 'PLAIN', finding: 'TEXT' },
      TaskCompleted: { taskId: 'PLAIN', finding: 'TEXT' },
      TaskAbandoned: { taskId: 'PLAIN', reason: 'TEXT' },
    },
  }

function withTask(require: (incident: Incident) => void) {
  return (incident: Incident): void => {
    require(incident)
    requireAnyTask(incident)
  }
}

const ended = (as: Ended['as'], { occurredAt: at, timing }: Recorded<object>): Progress => ({
  ended: { as, at, ...(timing && { timing }) },
  changedAt: at,
})

const changed = (progress: TaskProgress, taskId: string, change: Progress): TaskProgress =>
  put(progress, taskId, { ...progress.get(taskId), ...change })
