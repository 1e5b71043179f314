import { IsInt, IsUUID, Max, Min } from 'class-validator'
import { Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest, minutesAfter, spoken } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import {
  type ExtensionAsked,
  answerable,
  lastOfExtension,
  requireAnyExtension,
  requireAssignee,
} from './extension.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { openGivenTask, requireAnyTask, timeboxMinutesMax, titled } from './task.js'
import type { TaskEvents } from './tasks.js'

/** The last question for more time of each task that had one, by the task's id. */
export type Extensions = ReadonlyMap<string, ExtensionAsked>

export class RequestExtension {
  @IsUUID() taskId!: string
  @IsInt() @Min(1) @Max(timeboxMinutesMax) minutes!: number
  @Reason() reason!: string
}
export class GrantExtension {
  @IsUUID() taskId!: string
}
export class RefuseExtension {
  @IsUUID() taskId!: string
  @Reason() reason!: string
}
export interface ExtensionCommands {
  RequestExtension: RequestExtension
  GrantExtension: GrantExtension
  RefuseExtension: RefuseExtension
}
export interface ExtensionEvents {
  /** `dueAt` is when the task is due without it. */
  ExtensionRequested: { taskId: string; minutes: number; reason: string; dueAt: string }
  /** What it came to is the `TaskExtended` beside it. */
  ExtensionGranted: { taskId: string; minutes: number }
  ExtensionRefused: { taskId: string; reason: string }
}
type Emits = ExtensionEvents & Pick<TaskEvents, 'TaskExtended'>

/** Who needs more time says how much, and whoever gave the task answers (domain row 50). */
export const extensions: Facet<Incident, Extensions, ExtensionCommands, ExtensionEvents, Emits> = {
  initial: new Map(),
  payloads: { RequestExtension, GrantExtension, RefuseExtension },
  may: {
    RequestExtension(incident) {
      requireRunning(incident)
      requireAnyTask(incident)
    },
    GrantExtension: requireAnyExtension,
    RefuseExtension: requireAnyExtension,
  },
  after: {
    RequestExtension: lastOfExtension,
    GrantExtension: lastOfExtension,
    RefuseExtension: lastOfExtension,
  },
  decide: {
    RequestExtension(incident, { taskId, minutes, reason }, context) {
      const task = openGivenTask(incident, taskId)
      requireAssignee(incident, task, context)
      const asked = task.extensionAsked
      if (asked?.minutes === minutes && asked.reason === reason) return []
      if (asked)
        throw new Rejected('EXTENSION_OPEN', 'More time was asked for and is not answered yet.', {
          taskId,
          minutes: asked.minutes,
        })
      const data = { taskId, minutes, reason, dueAt: task.dueAt }
      return [{ type: 'ExtensionRequested', data }]
    },
    GrantExtension(incident, { taskId }, context) {
      const { task, asked } = answerable(incident, taskId, context)
      const { minutes, reason } = asked
      const dueAt = minutesAfter(latest(context.now, task.dueAt)!, minutes)
      return [
        { type: 'ExtensionGranted', data: { taskId, minutes } },
        { type: 'TaskExtended', data: { taskId, dueAt, reason } },
      ]
    },
    RefuseExtension(incident, { taskId, reason }, context) {
      answerable(incident, taskId, context)
      return [{ type: 'ExtensionRefused', data: { taskId, reason } }]
    },
  },
  evolve: {
    ExtensionRequested: (extensions, { data: { taskId, ...asked }, occurredAt: at, revision }) =>
      put(extensions, taskId, { ...asked, at, revision }),
    ExtensionGranted: (extensions, { data, occurredAt }) =>
      answered(extensions, data.taskId, occurredAt),
    ExtensionRefused: (extensions, { data, occurredAt }) =>
      answered(extensions, data.taskId, occurredAt),
  },
  narrate: {
    ExtensionRequested: ({ data, actor }, name, { tasks }) =>
      fact(
        `${name(actor)} asked for ${minutesMore(data)} for ${titled(tasks, data)}, due ${spoken(data.dueAt)}: ${data.reason}`,
      ),
    ExtensionGranted: ({ data, actor }, name, { tasks }) =>
      fact(`${name(actor)} granted ${minutesMore(data)} for ${titled(tasks, data)}`),
    ExtensionRefused: ({ data, actor }, name, { tasks }) =>
      fact(`${name(actor)} granted no more time for ${titled(tasks, data)}: ${data.reason}`),
  },
  sensitive: {
    ExtensionRequested: { taskId: 'PLAIN', reason: 'TEXT', dueAt: 'PLAIN' },
    ExtensionGranted: { taskId: 'PLAIN' },
    ExtensionRefused: { taskId: 'PLAIN', reason: 'TEXT' },
  },
}

const minutesMore = ({ minutes }: { minutes: number }) =>
  minutes === 1 ? 'a minute more' : `${minutes} minutes more`

function answered(extensions: Extensions, taskId: string, answeredAt: string): Extensions {
  const asked = extensions.get(taskId)
  return asked ? put(extensions, taskId, { ...asked, answeredAt }) : extensions
}
