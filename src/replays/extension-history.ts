import type { Actor } from '../decider/facet.js'
import type { IncidentEvent } from '../incident/incident.js'
import { taskOf } from '../incident/task.js'
import { type Step, type StreamEvent, steps } from './incident-at.js'

/** More time for a task, asked for or given unasked; the fields are those of the SDL. */
export interface TaskExtension {
  readonly eventId: string
  readonly taskId: string
  readonly outcome: 'ASKED' | 'GRANTED' | 'REFUSED' | 'LAPSED' | 'GIVEN'
  readonly minutes: number | null
  readonly reason: string
  readonly by: Actor
  readonly at: string
  readonly answeredBy: Actor | null
  readonly answeredAt: string | null
  readonly refusedBecause: string | null
  readonly dueAt: string | null
}

/** In the order in which it was asked for, or given. */
export function extensionHistory(events: readonly StreamEvent[]): TaskExtension[] {
  const all: TaskExtension[] = []
  /** Those that wait for their answer, or, once granted, for the event that says until when; by task. */
  const open = new Map<string, number>()
  for (const step of steps(events)) {
    take(step, all, open)
    for (const [taskId, place] of open)
      if (all[place]!.outcome === 'ASKED' && !taskOf(step.after, taskId)?.extensionAsked) {
        all[place] = { ...all[place]!, outcome: 'LAPSED' }
        open.delete(taskId)
      }
  }
  return all
}

function take({ event }: Step, all: TaskExtension[], open: Map<string, number>): void {
  const { type, data, actor: by, occurredAt: at, id: eventId } = event as unknown as IncidentEvent
  const answered = (taskId: string, answer: Partial<TaskExtension>) => {
    const place = open.get(taskId)
    if (place !== undefined) all[place] = { ...all[place]!, ...answer }
  }
  const unanswered = { answeredBy: null, answeredAt: null, refusedBecause: null, dueAt: null }
  if (type === 'ExtensionRequested') {
    const { taskId, minutes, reason } = data
    open.set(taskId, all.length)
    all.push({ eventId, taskId, outcome: 'ASKED', minutes, reason, by, at, ...unanswered })
  } else if (type === 'ExtensionGranted')
    answered(data.taskId, { outcome: 'GRANTED', answeredBy: by, answeredAt: at })
  else if (type === 'ExtensionRefused') {
    const answer = { answeredBy: by, answeredAt: at, refusedBecause: data.reason }
    answered(data.taskId, { outcome: 'REFUSED', ...answer })
    open.delete(data.taskId)
  } else if (type === 'TaskExtended') {
    const { taskId, dueAt, reason } = data
    if (all[open.get(taskId) ?? -1]?.outcome === 'GRANTED') {
      answered(taskId, { dueAt })
      open.delete(taskId)
    } else {
      const given = { eventId, taskId, outcome: 'GIVEN', minutes: null, reason, by, at } as const
      all.push({ ...given, ...unanswered, dueAt })
    }
  }
}
