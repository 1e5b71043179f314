import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { requireTimers } from './guards.js'
import type { Incident } from './incident.js'
import { type GivenTask, type Task, givenTasksOf, taskOf, titled } from './task.js'

/** When a task's timebox last ended before the task did, by the task's id. */
export type Timeboxes = ReadonlyMap<string, string>

/** The time of a task is up. `dueAt` tells which time: a task that was extended has another. */
interface ExpireTimebox {
  taskId: string
  dueAt: string
}
export interface TimeboxDuties {
  ExpireTimebox: ExpireTimebox
}
export interface TimeboxEvents {
  TaskTimeboxExpired: { taskId: string; dueAt: string }
}

/**
 * What happens to a task by itself (domain row 48). It is the ledger's word and not the task's: when
 * the task last changed, by which later claims are judged, stays as it was, so that a task may still be
 * reported as done before its time was up. Of imported history nothing expires. An incident that is
 * over waits: once it is reopened, what was due meanwhile expires late, at its due time.
 */
export const timeboxes: Facet<
  Incident,
  Timeboxes,
  {},
  TimeboxEvents,
  TimeboxEvents,
  TimeboxDuties
> = {
  initial: new Map(),
  payloads: {},
  may: { ExpireTimebox: requireTimers },
  after: { ExpireTimebox: () => undefined },
  decide: {
    ExpireTimebox(incident, { taskId, dueAt }, { clock }) {
      const task = taskOf(incident, taskId)
      if (!task || task.dueAt !== dueAt || !isArmed(task) || clock < dueAt) return []
      return [{ type: 'TaskTimeboxExpired', data: { taskId, dueAt } }]
    },
  },
  evolve: {
    TaskTimeboxExpired: (timeboxes, { data }) => put(timeboxes, data.taskId, data.dueAt),
  },
  narrate: {
    TaskTimeboxExpired: ({ data }, _, { tasks }) =>
      fact(`The timebox of ${titled(tasks, data)} ended before the task did`),
  },
  sensitive: { TaskTimeboxExpired: { taskId: 'PLAIN', dueAt: 'PLAIN' } },
}

/** Tasks whose time is still to be up. */
export const armedTimeboxes = (incident: Incident): GivenTask[] =>
  givenTasksOf(incident).filter(isArmed)

const isArmed = ({ status, dueAt, timeboxExpiredAt }: Task) =>
  status !== 'COMPLETED' && status !== 'ABANDONED' && timeboxExpiredAt !== dueAt
