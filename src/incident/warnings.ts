import type { Name } from '../decider/facet.js'
import { commandTree, spanMax } from './command-tree.js'
import { engaged, rotationDueAt, vacantRoles } from './engaged.js'
import { hasTimers } from './guards.js'
import type { Incident } from './incident.js'
import { roleWords } from './role-keys.js'
import { givenTasksOf } from './task.js'

/** Something that whoever leads the response should look at. */
export interface Warning {
  readonly kind: WarningKind
  readonly text: string
  /** Since when it is so; null if that is not kept. */
  readonly since: string | null
  /** Ids of the people whom it is about. */
  readonly people: readonly string[]
}
type Found = Omit<Warning, 'kind'>

/** Every kind of warning; a new one is an entry here. */
const kinds = {
  REQUIRED_ROLE_VACANT: (incident, now) =>
    vacantRoles(incident)
      .filter(({ dueAt }) => dueAt <= now)
      .map(({ role, since }) => ({ text: `Nobody is ${roleWords[role]}.`, since, people: [] })),
  UNQUALIFIED_COMMANDER: ({ handoff: { commander, unqualified, since } }, _, name) =>
    commander !== null && unqualified
      ? [{ text: `${name(commander)} is not trained to command.`, since, people: [commander] }]
      : [],
  COMMANDER_HAS_TASK: (incident, _, name) => {
    const { commander } = incident.handoff
    const [first, ...more] = givenTasksOf(incident).filter(
      ({ assignee, endedAt }) => assignee === commander && endedAt === undefined,
    )
    if (commander === null || !first) return []
    const tasks = more.length === 0 ? 'a task' : `${more.length + 1} tasks`
    const text = `${name(commander)} commands and has ${tasks}: who coordinates solves nothing.`
    return [{ text, since: null, people: [commander] }]
  },
  SPAN_OF_CONTROL: (incident, _, name) =>
    commandTree(incident)
      .filter(({ span }) => span > spanMax)
      .map(({ person, span }) => ({
        text: `${span} people report to ${name(person)}, more than ${spanMax}: form subteams.`,
        since: null,
        people: [person],
      })),
  ROTATION_DUE: (incident, now, name) =>
    [...engaged(incident)]
      .map(([person, since]) => ({ person, since, dueAt: rotationDueAt(incident, since) }))
      .filter(({ dueAt }) => dueAt <= now)
      .map(({ person, dueAt }) => ({
        text: `${name(person)} has been on long enough: somebody else is due.`,
        since: dueAt,
        people: [person],
      })),
} satisfies Record<string, (incident: Incident, now: string, name: Name) => readonly Found[]>

export type WarningKind = keyof typeof kinds
const entries = Object.entries(kinds) as [
  WarningKind,
  (incident: Incident, now: string, name: Name) => readonly Found[],
][]

/** All that there is to warn of at that moment; nothing once the response is over, and nothing of history. */
export const warnings = (incident: Incident, now: string, name: Name): Warning[] =>
  hasTimers(incident)
    ? entries.flatMap(([kind, of]) => of(incident, now, name).map(found => ({ kind, ...found })))
    : []
