import { hasTimers } from './guards.js'
import type { Incident, IncidentDuty } from './incident.js'
import { armedDecisions } from './overdue-decisions.js'
import { armedRotations } from './rotations.js'
import { armedTimeboxes } from './timeboxes.js'
import type { RoleKey } from './role-keys.js'
import { armedVacancies } from './vacancies.js'

/** Something that happens by itself at its time, unless what it is about changes before. */
export interface Timer {
  readonly kind: TimerKind
  /** What it is about: of a task, its id. */
  readonly subject: string
  readonly dueAt: string
}
type Due = Omit<Timer, 'kind'>

interface Kind {
  /** What its timers depend on: while these are the same, so are they. */
  readonly slices: readonly (keyof Incident)[]
  /** Those of an incident in which anything falls due. */
  armed(incident: Incident): readonly Due[]
  /** What is to be decided once one is due. */
  command(due: Due): IncidentDuty
}

/** Every kind of timer; the name is that of the actor, and stored. A new one is an entry here. */
const kinds = {
  'task-timebox': {
    slices: ['tasks', 'taskProgress', 'timeboxes'],
    armed: incident => armedTimeboxes(incident).map(({ id, dueAt }) => ({ subject: id, dueAt })),
    command: ({ subject, dueAt }) => ({ type: 'ExpireTimebox', data: { taskId: subject, dueAt } }),
  },
  'required-role': {
    slices: ['requirements', 'severity', 'major', 'handoff', 'roles', 'vacancies'],
    armed: incident =>
      armedVacancies(incident).map(({ role, dueAt }) => ({ subject: role, dueAt })),
    command: ({ subject, dueAt }) => ({
      type: 'FindRoleVacant',
      data: { role: subject as RoleKey, dueAt },
    }),
  },
  rotation: {
    slices: ['requirements', 'handoff', 'roles', 'presence', 'rotations'],
    armed: incident =>
      armedRotations(incident).map(({ person, dueAt }) => ({ subject: person, dueAt })),
    command: ({ subject, dueAt }) => ({
      type: 'CallForRotation',
      data: { person: subject, dueAt },
    }),
  },
  'decision-overdue': {
    slices: ['proposals', 'decisions', 'overdueDecisions'],
    armed: incident =>
      armedDecisions(incident).map(({ id, decideBy }) => ({ subject: id, dueAt: decideBy })),
    command: ({ subject, dueAt }) => ({
      type: 'NoteOverdueDecision',
      data: { proposalId: subject, dueAt },
    }),
  },
} satisfies Record<string, Kind>

export type TimerKind = keyof typeof kinds
const entries = Object.entries(kinds) as [TimerKind, Kind][]

/** All timers of an incident that are still to fire; at most one per kind and subject. */
export const timersOf = (incident: Incident): Timer[] =>
  hasTimers(incident)
    ? entries.flatMap(([kind, { armed }]) => armed(incident).map(due => ({ kind, ...due })))
    : []

/** Whether that can have changed. Looks at no timer, for most events change none. */
export const timersMoved = (before: Incident, incident: Incident): boolean =>
  hasTimers(before) !== hasTimers(incident) ||
  entries.some(([, { slices }]) => slices.some(slice => before[slice] !== incident[slice]))

/** The command that a timer comes to. */
export const commandOf = ({ kind, ...due }: Timer): IncidentDuty => kinds[kind].command(due)
