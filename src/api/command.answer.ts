import type { Principal } from '../auth/principal.js'
import type { Directory } from '../commands/directory.js'
import { commandTree } from '../incident/command-tree.js'
import { engaged, rotationDueAt, vacantRoles } from '../incident/engaged.js'
import { hasTimers } from '../incident/guards.js'
import type { Incident as State } from '../incident/incident.js'
import { requirementsOf } from '../incident/needs.js'
import { RESTRICTED } from '../incident/command-only.js'
import { standingSubteams } from '../incident/forming.js'
import { warnings } from '../incident/warnings.js'
import { hourIn } from '../replays/local-hour.js'
import { minutesBetween } from '../replays/said-times.js'
import type {
  CommandPlace,
  MissingRole,
  ParkedRequest,
  Removal,
  ResponderFatigue,
  Subteam,
} from '../schema.generated.js'
import { actorAnswer, personAnswer } from './person.answer.js'

/** Who asks, and what of: `isNow` if it is the incident as it is, not as of some moment. */
interface Asked {
  readonly principal: Principal
  readonly now: string
  readonly isNow: boolean
}

/** How the response is led: what it needs, who reports to whom, what waits, who is worn out. */
export const commandAnswers = (state: State, directory: Directory, asked: Asked) => ({
  commanderUnqualified: state.handoff.commander !== null && state.handoff.unqualified,
  requirements: () => {
    const { roles, ...needed } = requirementsOf(state)
    return { ...needed, roles: [...roles] }
  },
  missingRoles: () => missing(state, asked),
  warnings: () =>
    warnings(state, asked.now, directory.name).map(({ people, ...warning }) => ({
      ...warning,
      people: people.map(id => personAnswer(id, directory)),
    })),
  responderFatigue: () => fatigue(state, directory, asked),
  removals: () => removals(state, directory, asked),
  subteams: () => subteams(state, directory),
  commandTree: () => tree(state, directory),
  parkingLot: ({ unanswered }: { unanswered: boolean }) => parked(state, unanswered, directory),
})

const missing = (state: State, { now }: Asked): MissingRole[] =>
  hasTimers(state) ? vacantRoles(state).map(role => ({ ...role, overdue: role.dueAt <= now })) : []

const fatigue = (state: State, directory: Directory, { now }: Asked): ResponderFatigue[] =>
  [...engaged(state)]
    .toSorted(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([id, since]) => {
      const person = personAnswer(id, directory)
      const timeZone = state.presence.get(id)?.timeZone ?? person.timeZone ?? null
      const dueAt = rotationDueAt(state, since)
      return {
        person,
        since,
        minutesEngaged: Math.max(0, minutesBetween(since, now)),
        rotationDueAt: dueAt,
        rotationDue: dueAt <= now,
        timeZone,
        localHour: timeZone === null ? null : hourIn(timeZone, now),
      }
    })

/**
 * A private reason is told to whoever may read it now. Who commanded at some moment of history may not any
 * more, so as of a moment it is told only to those who may always.
 */
function removals(
  { removals, handoff, roles }: State,
  directory: Directory,
  { principal, isNow }: Asked,
): Removal[] {
  const { id } = principal.actor
  const isDeputy = roles.held.some(({ role, person }) => role === 'DEPUTY' && person === id)
  const leads = principal.actor.type === 'USER' && (handoff.commander === id || isDeputy)
  const mayRead = principal.scopes.has('ORGANISATION_MANAGE') || (isNow && leads)
  return [...removals].map(([person, { isOut, by, at, reason, isPrivate }]) => ({
    person: personAnswer(person, directory),
    by: actorAnswer(by, directory),
    at,
    reason: isPrivate && !mayRead ? RESTRICTED : reason,
    isPrivate,
    readmitted: !isOut,
  }))
}

const subteams = (state: State, directory: Directory): Subteam[] =>
  standingSubteams(state).map(({ id, name, lead, members, within, formedAt }) => ({
    id,
    name,
    lead: personAnswer(lead, directory),
    members: members.map(member => personAnswer(member, directory)),
    within: within ?? null,
    formedAt,
  }))

const tree = (state: State, directory: Directory): CommandPlace[] =>
  commandTree(state).map(({ person, reportsTo, ...place }) => ({
    ...place,
    person: personAnswer(person, directory),
    reportsTo: reportsTo === null ? null : personAnswer(reportsTo, directory),
  }))

const parked = (
  { parkingLot }: State,
  unanswered: boolean,
  directory: Directory,
): ParkedRequest[] =>
  [...parkingLot]
    .filter(([, { answered }]) => !unanswered || answered === undefined)
    .map(([eventId, { from, text, until, by, at, answered }]) => ({
      eventId,
      from: personAnswer(from, directory),
      text,
      until,
      by: actorAnswer(by, directory),
      at,
      answer: answered?.answer ?? null,
      answeredBy: answered ? actorAnswer(answered.by, directory) : null,
      answeredAt: answered?.at ?? null,
    }))
