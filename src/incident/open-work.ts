import { waitingEscalations, waitingPages, waitingRequests } from './calls.js'
import { waitingForMore } from './extension.js'
import { isHistory, isRunning, statusOf } from './guards.js'
import type { Incident } from './incident.js'
import { waitingParked } from './parking-lot.js'
import { pendingDecisions } from './proposal.js'
import { reminders } from './reminders.js'
import { type RoleKey, roleWords } from './role-keys.js'
import { stepId, unapproved } from './step.js'
import { givenTasksOf } from './task.js'

/** Something that waits for one person. */
export interface Work {
  readonly kind: WorkKind
  /** What it is about: of a task, its id. With the kind and the person it is one piece of work. */
  readonly subject: string
  readonly person: string
  readonly since: string
  readonly dueAt?: string
  /** What is to be done, in a few words. */
  readonly title: string
}

interface Kind {
  /** What it depends on besides the status: while these are the same, so is the work. */
  readonly slices: readonly (keyof Incident)[]
  /** All of an incident that is no history. */
  of(incident: Incident): readonly Omit<Work, 'kind'>[]
}

/** Every kind of work. A new one is an entry here, and a value of `WorkKind` in the SDL. */
const kinds = {
  TASK: {
    slices: ['tasks', 'taskProgress'],
    of: incident =>
      isDismissed(incident)
        ? []
        : givenTasksOf(incident)
            .filter(({ endedAt }) => endedAt === undefined)
            .map(({ id, assignee, assignedAt, dueAt, title }) => ({
              subject: id,
              person: assignee,
              since: assignedAt,
              dueAt,
              title,
            })),
  },
  DECISION: {
    slices: ['proposals', 'decisions', 'handoff'],
    of: decisionsAwaited,
  },
  EXTENSION: {
    slices: ['extensions', 'tasks', 'taskProgress', 'handoff'],
    of: incident => (isRunning(incident) ? moreTimeAsked(incident) : []),
  },
  APPROVAL: {
    slices: ['checklists', 'checklistSteps', 'handoff'],
    of: incident => (isDismissed(incident) ? [] : approvalsAsked(incident)),
  },
  REQUEST_PARKED: {
    slices: ['parkingLot', 'handoff'],
    of: incident => (isOver(incident) ? waitingParked(incident) : []),
  },
  REMINDER: {
    slices: [
      'tasks',
      'taskProgress',
      'timeboxes',
      'proposals',
      'decisions',
      'overdueDecisions',
      'cycle',
      'roles',
    ],
    of: incident => (isRunning(incident) ? reminders(incident) : []),
  },
  HANDOFF_OFFERED: {
    slices: ['handoff'],
    of(incident) {
      const { offer } = incident.handoff
      if (!offer || !isRunning(incident)) return []
      const title = 'Accept or decline command'
      return [{ subject: 'command', person: offer.to, since: offer.at, title }]
    },
  },
  PAGE: {
    slices: ['pages'],
    of: incident => (isRunning(incident) ? waitingPages(incident) : []),
  },
  REQUEST: {
    slices: ['requests'],
    of: incident => (isRunning(incident) ? waitingRequests(incident) : []),
  },
  ESCALATION: {
    slices: ['escalations'],
    of: incident => (isRunning(incident) ? waitingEscalations(incident) : []),
  },
  ROLE: {
    slices: ['handoff', 'roles'],
    of: incident => (isRunning(incident) ? held(incident) : []),
  },
} satisfies Record<string, Kind>

export type WorkKind = keyof typeof kinds
export const workKinds = Object.keys(kinds) as WorkKind[]

/** What waits of this kind; nothing in a history that was imported. */
export const workOf = (kind: WorkKind, incident: Incident): Work[] =>
  isHistory(incident) ? [] : (kinds[kind] as Kind).of(incident).map(work => ({ kind, ...work }))

const ofStatus = ['declaration', 'lifecycle', 'merging'] as const
const watched = [...new Set(workKinds.flatMap(kind => [...ofStatus, ...kinds[kind].slices]))]

/** The kinds of which that can have changed. Looks at no work, for most events change none. */
export function workMoved(before: Incident, incident: Incident): readonly WorkKind[] {
  const moved = watched.filter(slice => before[slice] !== incident[slice])
  if (moved.length === 0) return []
  return workKinds.filter(kind =>
    [...ofStatus, ...kinds[kind].slices].some(slice => moved.includes(slice)),
  )
}

/** What turned out to be no incident, nobody works on. */
const isDismissed = (incident: Incident) =>
  ['NONE', 'CANCELLED', 'DECLINED'].includes(statusOf(incident))

/** Its response is over, and nobody goes on with it elsewhere. */
const isOver = (incident: Incident) =>
  ['RESOLVED', 'POST_INCIDENT', 'CLOSED'].includes(statusOf(incident))

/** Decisions are the commander's; while nobody is in command they wait for nobody in particular. */
function decisionsAwaited(incident: Incident) {
  const { commander } = incident.handoff
  if (commander === null) return []
  return pendingDecisions(incident).map(({ id, at, decideBy, text }) => ({
    subject: id,
    person: commander,
    since: at,
    dueAt: decideBy,
    title: `Decide on “${text}”`,
  }))
}

/** Whoever gave the task may answer, and so may the commander. */
const moreTimeAsked = (incident: Incident) =>
  waitingForMore(incident).flatMap(({ id: subject, title, assignedBy, extensionAsked }) =>
    [...new Set([assignedBy, incident.handoff.commander])]
      .filter(person => person !== null)
      .map(person => ({
        subject,
        person,
        since: extensionAsked!.at,
        title: `More time for “${title}”?`,
      })),
  )

/** Of whom it was asked; of nobody in particular, it is the commander's, unless that is who asks. */
const approvalsAsked = (incident: Incident) =>
  unapproved(incident).flatMap(({ ref, found: { asked, approval, definition, checklist } }) => {
    const person = asked?.of ?? incident.handoff.commander
    if (!asked || approval || person === null || person === asked.by.id) return []
    const title = `Approve “${definition.title}” of “${checklist.name}”?`
    return [{ subject: stepId(ref), person, since: asked.at, title }]
  })

/** The roles that people hold; command is one, though the handoff knows of it. */
function held({ roles, handoff: { commander, since } }: Incident) {
  const role = 'INCIDENT_COMMANDER' as const
  const command = commander === null ? [] : [{ role, person: commander, since }]
  return [...command, ...roles.held].map(
    ({ person, role, since, service }: Held): Omit<Work, 'kind'> => ({
      subject: service === undefined ? role : `${role} ${service}`,
      person,
      since,
      title: capitalised(roleWords[role]) + (service === undefined ? '' : ` for ${service}`),
    }),
  )
}
interface Held {
  readonly person: string
  readonly role: RoleKey
  readonly since: string
  readonly service?: string
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
