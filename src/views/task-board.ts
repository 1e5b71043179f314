import type { ExtensionAsked } from '../incident/extension.js'
import { type Task, taskOf } from '../incident/task.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** Due, of a task without a time when it is: comes after every time. */
export const never = 'never'

/** One row per task, of every incident. */
export type TaskRow = ReturnType<typeof rowOf>

const rowOf = (incidentId: string, task: Task) => ({
  incidentId,
  id: task.id,
  title: task.title,
  status: task.status,
  assignee: task.assignee ?? null,
  viaRole: task.viaRole ?? null,
  assignedAt: task.assignedAt ?? null,
  assignedTiming: task.assignedTiming ?? null,
  due: task.dueAt ?? never,
  acknowledgedAt: task.acknowledgedAt ?? null,
  endedAt: task.endedAt ?? null,
  endedTiming: task.endedTiming ?? null,
  timeboxExpiredAt: task.timeboxExpiredAt ?? null,
  extensions: task.extensions,
  /** As JSON. */
  extensionAsked: task.extensionAsked ? JSON.stringify(shown(task.extensionAsked)) : null,
})

const shown = ({ minutes, reason, at }: ExtensionAsked) => ({ minutes, reason, at })

export const taskBoard: ReadModel = {
  name: 'task-board',
  ddl: `
    create table task_board(
      incidentId text not null, id text not null, title text not null, status text not null,
      assignee text, viaRole text, assignedAt text, assignedTiming text, due text not null,
      acknowledgedAt text, endedAt text, endedTiming text, timeboxExpiredAt text, extensions integer not null,
      extensionAsked text,
      primary key(incidentId, id));
    create index task_board_of_incident on task_board(incidentId, due, id);
    create index task_board_of_assignee on task_board(assignee, due, id, incidentId);
    create index task_board_of_assignee_open on task_board(assignee, due, id, incidentId)
      where endedAt is null;
    create index task_board_of_status on task_board(status, due, id, incidentId);
    create index task_board_by_due on task_board(due, id, incidentId);
    create index task_board_by_due_open on task_board(due, id, incidentId) where endedAt is null;
    create index task_board_of_extension on task_board(due, id, incidentId)
      where extensionAsked is not null;
    create index task_board_open_of_incident on task_board(incidentId) where endedAt is null`,
  apply(db, { id, before, incident }) {
    if (before && slices.every(slice => before[slice] === incident[slice])) return
    for (const [taskId, task] of incident.tasks)
      if (
        before?.tasks.get(taskId) !== task ||
        before.taskProgress.get(taskId) !== incident.taskProgress.get(taskId) ||
        before.timeboxes.get(taskId) !== incident.timeboxes.get(taskId) ||
        before.extensions.get(taskId) !== incident.extensions.get(taskId)
      )
        prepared(db, upsert).run(rowOf(id, taskOf(incident, taskId)!))
  },
}

/** What a task's row is made of. */
const slices = ['tasks', 'taskProgress', 'timeboxes', 'extensions'] as const

const upsert = `replace into task_board values (@incidentId, @id, @title, @status, @assignee, @viaRole,
  @assignedAt, @assignedTiming, @due, @acknowledgedAt, @endedAt, @endedTiming, @timeboxExpiredAt, @extensions,
  @extensionAsked)`
