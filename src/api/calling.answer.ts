import type { Directory } from '../commands/directory.js'
import { alongPath, pathOf } from '../incident/escalation-path.js'
import type { Escalation as Escalated } from '../incident/escalations.js'
import { statusOfRequest } from '../incident/calls.js'
import type { Request } from '../incident/requests.js'
import type {
  Channel,
  ClearedService,
  Escalation,
  EscalationStep,
  Invitation,
  Page,
  ResponderRequest,
  WarRoom,
} from '../schema.generated.js'
import type { AskedIncident, IncidentPart } from './asked-incident.js'
import { actorAnswer, personAnswer } from './person.answer.js'

/** Who was called to the response, where it meets, and what turned out not to be part of it. */
export const callingAnswers = {
  warRooms: asked => warRooms(asked),
  channels: ({ state }): Channel[] => [...state.channels],
  invitations: asked => invitations(asked),
  pages: asked => pages(asked),
  requests: ({ state, directory }) => [...state.requests].map(one => requestAnswer(one, directory)),
  escalations: ({ state, directory }) =>
    [...state.escalations].map(one => escalationAnswer(one, directory)),
  escalationPath: (asked, { service }: { service?: string | null }) =>
    escalationPath(asked, service ?? undefined),
  notInvolved: asked => notInvolved(asked),
} satisfies IncidentPart

const warRooms = ({ state, directory }: AskedIncident): WarRoom[] =>
  [...state.warRooms].map(([id, { url, place, by, closedAt, ...room }]) => ({
    id,
    ...room,
    url: url ?? null,
    place: place ?? null,
    by: actorAnswer(by, directory),
    closedAt: closedAt ?? null,
  }))

const invitations = ({ state, directory }: AskedIncident): Invitation[] =>
  state.invitations.map(({ person, by, ...invitation }) => ({
    ...invitation,
    person: personAnswer(person, directory),
    by: actorAnswer(by, directory),
  }))

const pages = ({ state, directory }: AskedIncident): Page[] =>
  [...state.pages].map(([id, { person, by, acknowledged, ...page }]) => ({
    id,
    ...page,
    person: personAnswer(person, directory),
    by: actorAnswer(by, directory),
    acknowledgedAt: acknowledged?.at ?? null,
  }))

function requestAnswer(
  [id, request]: readonly [string, Request],
  directory: Directory,
): ResponderRequest {
  const { person, role, service, asked, reason, by, at, replies } = request
  const someone = (who: string) => personAnswer(who, directory)
  return {
    id,
    person: person === undefined ? null : someone(person),
    role: role ?? null,
    service: service ?? null,
    asked: asked?.map(someone) ?? null,
    reason: reason ?? null,
    by: actorAnswer(by, directory),
    at,
    status: statusOfRequest(request),
    replies: [...replies].map(([who, { expectedAt, reason, ...reply }]) => ({
      person: someone(who),
      ...reply,
      expectedAt: expectedAt ?? null,
      reason: reason ?? null,
    })),
  }
}

function escalationAnswer(
  [id, escalation]: readonly [string, Escalated],
  directory: Directory,
): Escalation {
  const { service, from, to, tier, nextAt, by, acknowledged, ...rest } = escalation
  const people = (ids: readonly string[]) => ids.map(id => personAnswer(id, directory))
  return {
    id,
    ...rest,
    service: service ?? null,
    from: people(from),
    to: people(to),
    tier: tier ?? null,
    nextAt: nextAt ?? null,
    by: actorAnswer(by, directory),
    acknowledgedBy: acknowledged ? actorAnswer(acknowledged.by, directory) : null,
    acknowledgedAt: acknowledged?.at ?? null,
  }
}

/** Refused for a service that nobody looks after. */
function escalationPath(
  { state, directory }: AskedIncident,
  service: string | undefined,
): EscalationStep[] {
  const along = alongPath(state, service)
  return pathOf(state, directory.policy, service).map(({ people, afterMinutes }, index) => {
    const here = along.filter(({ tier }) => tier === index + 1)
    const answered = here.findLast(({ acknowledged }) => acknowledged)
    return {
      tier: index + 1,
      people: people.map(person => personAnswer(person, directory)),
      afterMinutes,
      escalatedAt: here.at(-1)?.at ?? null,
      acknowledgedAt: answered?.acknowledged?.at ?? null,
    }
  })
}

const notInvolved = ({ state, directory }: AskedIncident): ClearedService[] =>
  state.releases.map(({ by, evidence, ...cleared }) => ({
    ...cleared,
    evidence: evidence.map(({ url, label }) => ({ url, label: label ?? null })),
    by: actorAnswer(by, directory),
  }))
