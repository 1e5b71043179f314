import { commandTree } from '../incident/command-tree.js'
import { engaged, rotationDueAt, vacantRoles } from '../incident/engaged.js'
import { hasTimers } from '../incident/guards.js'
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
import type { AskedIncident, IncidentPart } from './asked-incident.js'
import { actorAnswer, personAnswer } from './person.answer.js'

/** How the response is led: what it needs, who reports to whom, what waits, who is worn out. */
export const commandAnswers = {
  commanderUnqualified: ({ state: { handoff } }) =>
    handoff.commander !== null && handoff.unqualified,
  requirements: ({ state }) => {
    const { roles, ...needed } = requirementsOf(state)
    return { ...needed, roles: [...roles] }
  },
  missingRoles: asked => missing(asked),
  warnings: ({ state, now, directory }) =>
    warnings(state, now, directory.name).map(({ people, ...warning }) => ({
      ...warning,
      people: people.map(id => personAnswer(id, directory)),
    })),
  responderFatigue: asked => fatigue(asked),
  removals: asked => removals(asked),
  subteams: asked => subteams(asked),
  commandTree: asked => tree(asked),
  parkingLot: (asked, { unanswered }: { unanswered: boolean }) => parked(asked, unanswered),
} satisfies IncidentPart

const missing = ({ state, now }: AskedIncident): MissingRole[] =>
  hasTimers(state) ? vacantRoles(state).map(role => ({ ...role, overdue: role.dueAt <= now })) : []

const fatigue = ({ state, directory, now }: AskedIncident): ResponderFatigue[] =>
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
function removals({ state, directory, principal, isNow }: AskedIncident): Removal[] {
  const { removals, handoff, roles } = state
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

const subteams = ({ state, directory }: AskedIncident): Subteam[] =>
  standingSubteams(state).map(({ id, name, lead, members, within, formedAt }) => ({
    id,
    name,
    lead: personAnswer(lead, directory),
    members: members.map(member => personAnswer(member, directory)),
    within: within ?? null,
    formedAt,
  }))

const tree = ({ state, directory }: AskedIncident): CommandPlace[] =>
  commandTree(state).map(({ person, reportsTo, ...place }) => ({
    ...place,
    person: personAnswer(person, directory),
    reportsTo: reportsTo === null ? null : personAnswer(reportsTo, directory),
  }))

const parked = ({ state, directory }: AskedIncident, unanswered: boolean): ParkedRequest[] =>
  [...state.parkingLot]
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
