import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Incident as State } from '../incident/incident.js'
import { briefInParts } from '../replays/brief.js'
import { responders } from '../replays/who.js'
import type { Brief, Handoff, Responder, RoleHolding } from '../schema.generated.js'
import type { AskedIncident } from './asked-incident.js'
import { sizeUpAnswer } from './cycle.answer.js'
import { openProposalAnswer } from './decisions.answer.js'
import { actorAnswer, personAnswer } from './person.answer.js'
import { taskAnswer } from './task.answer.js'
import { entryAnswer } from './timeline.answer.js'

/** The open offer of command with its brief, pinned to the revision it was made at. */
export async function handoffAnswer(asked: AskedIncident): Promise<Handoff | null> {
  const { directory, state } = asked
  const { offer } = state.handoff
  if (offer === null) return null
  const events = await asked.events
  return {
    by: actorAnswer(offer.by, directory),
    to: personAnswer(offer.to, directory),
    offeredAt: offer.at,
    note: offer.note ?? null,
    brief: await briefAnswer(
      asked,
      events.filter(({ revision }) => revision <= offer.briefRevision),
    ),
  }
}

/** What a successor has to know, from these events alone. */
export async function briefAnswer(
  { id, directory, nameIn, inSlices }: AskedIncident,
  events: readonly StoredEvent[],
): Promise<Brief> {
  const { impact, openTasks, pendingDecisions, roles, responders, engaged, latest, ...words } =
    await inSlices(briefInParts(events, nameIn(events)))
  const moment = events.at(-1)?.recordedAt ?? ''
  return {
    ...words,
    impact: {
      effect: impact.effect,
      services: [...impact.services],
      sizeUp: impact.sizeUp && sizeUpAnswer(impact.sizeUp, directory),
    },
    pendingDecisions: pendingDecisions.map(proposal => openProposalAnswer(proposal, directory)),
    openTasks: openTasks.map(task => taskAnswer(id, task, moment, directory)),
    roles: roles.map(holding => holdingAnswer(holding, directory)),
    responders: responders.map(one => responderAnswer(one, directory)),
    engaged: engaged.map(one => ({ ...one, person: personAnswer(one.person, directory) })),
    latest: latest.map(entry => entryAnswer(entry, directory)),
  }
}

/** Who does what, the commander first. */
export function rolesAnswer({ handoff, roles }: State, directory: Directory): RoleHolding[] {
  const command =
    handoff.commander === null
      ? []
      : [{ role: 'INCIDENT_COMMANDER' as const, person: handoff.commander, since: handoff.since }]
  return [...command, ...roles.held].map(holding => holdingAnswer(holding, directory))
}

/** Who has joined and not left. */
export const respondersAnswer = (state: State, directory: Directory): Responder[] =>
  responders(state).map(one => responderAnswer(one, directory))

type OfPerson<Answer> = Omit<Answer, 'person'> & { readonly person: string }
const holdingAnswer = (holding: OfPerson<RoleHolding>, directory: Directory): RoleHolding => ({
  ...holding,
  person: personAnswer(holding.person, directory),
})
const responderAnswer = (one: OfPerson<Responder>, directory: Directory): Responder => ({
  ...one,
  person: personAnswer(one.person, directory),
})
