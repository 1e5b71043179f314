import { IsIn, IsOptional } from 'class-validator'
import { Line, PersonRef } from '../decider/bounds.js'
import { type Actor, type Name, type Recorded, Rejected } from '../decider/facet.js'
import { isHistory, requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import { type Assignment, requireTaskRoom } from './task.js'
import type { TaskEvents } from './tasks.js'

export const titleCharacters = 200
export const toldStatuses = ['IN_PROGRESS', 'COMPLETED'] as const

/**
 * A task as an account tells it. Accounts say what was begun and what was done, seldom by whom, and
 * never until when somebody should look again: so nothing of that is asked, and none is made up.
 */
export class RecordTask {
  @Line(titleCharacters) title!: string
  @IsIn(toldStatuses) status!: (typeof toldStatuses)[number]
  @IsOptional() @PersonRef() assignee?: string
}
type Told = TaskEvents['TaskRecorded']

/** While it burns a task is given to one person until a time; only history has others. */
export function requireRoomForATold(incident: Incident): void {
  requireNotDismissed(incident)
  if (!isHistory(incident)) {
    const { mode } = incident.declaration
    throw new Rejected('NOT_RETROSPECTIVE', 'Give this task to somebody, until a time.', { mode })
  }
  requireTaskRoom(incident)
}

export const recordedTask = ({
  data: { taskId: _, status, ...data },
  actor,
  occurredAt: at,
  timing,
  revision,
}: Recorded<Told>): Assignment => ({
  ...data,
  assignedBy: actor.id,
  ...(status === 'IN_PROGRESS' && { assignedAt: at, ...(timing && { assignedTiming: timing }) }),
  assignedRevision: revision,
  extensions: 0,
  changedAt: at,
  told: { as: status, at, ...(timing && { timing }) },
})

/** Who tells it is named only if they did it, or say who did. */
export function toldSentence({ title, status, assignee }: Told, actor: Actor, name: Name): string {
  const did = status === 'IN_PROGRESS' ? 'started' : 'finished'
  const told = `${name(actor)} put on record that`
  if (assignee === undefined)
    return actor.type === 'SYSTEM' ? `Task ${did}: ${title}` : `${told} a task was ${did}: ${title}`
  return actor.id === assignee
    ? `${name(assignee)} ${did} a task: ${title}`
    : `${told} ${name(assignee)} ${did} a task: ${title}`
}
