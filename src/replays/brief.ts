import type { Name } from '../decider/facet.js'
import { type SizeUp, nextUpdateDue } from '../incident/cycle.js'
import type { Effect } from '../incident/incident-kinds.js'
import { type Proposal, pendingDecisions } from '../incident/proposal.js'
import { asTold } from './as-told.js'
import { briefHeadline, briefText } from './brief-words.js'
import { commandHistory } from './command-history.js'
import { type Engagement, engagements } from './engagements.js'
import { type StreamEvent, incidentAtInParts, lastMoment } from './incident-at.js'
import { type InParts, whole } from './in-parts.js'
import { type TaskAt, openFirstDue, tasksAt } from './tasks-at.js'
import { type TimelineEntry, timelineInParts } from './timeline.js'
import { type Responder, type RoleHolding, responders, roleHoldings } from './who.js'

/** What somebody who takes over now has to know; the fields are those of the SDL, people as ids. */
export interface Brief {
  readonly revision: number
  readonly headline: string
  readonly impact: Impact
  readonly openTasks: readonly TaskAt[]
  readonly overdueTasks: number
  readonly pendingDecisions: readonly Proposal[]
  readonly nextUpdateDue: string | null
  readonly roles: readonly RoleHolding[]
  readonly responders: readonly Responder[]
  readonly engaged: readonly Engagement[]
  readonly latest: readonly TimelineEntry[]
  readonly text: string
}
/** What is known of what it does. */
export interface Impact {
  readonly effect: Effect | null
  readonly services: readonly string[]
  /** The last one. */
  readonly sizeUp: SizeUp | null
}

const openTasksMax = 100
const pendingMax = 20
const latestMax = 10

/** Built from the stream alone, as of its last event: for another moment, hand in the events up to then. */
export const brief = (events: readonly StreamEvent[], name: Name): Brief =>
  whole(briefInParts(events, name))

export function* briefInParts(events: readonly StreamEvent[], name: Name): InParts<Brief> {
  const { incident, revision } = yield* incidentAtInParts(events)
  const told = asTold(events)
  const moment = lastMoment(events)
  const open = openFirstDue(tasksAt(incident, moment))
  const pending = pendingDecisions(incident)
  yield
  const commands = commandHistory(events, name, told)
  const entries = yield* timelineInParts(events, name, {}, told)
  const facts = {
    impact: {
      effect: incident.declaration.effect,
      services: incident.services.keys,
      sizeUp: incident.cycle.sizeUps.at(-1) ?? null,
    },
    openTasks: open.slice(0, openTasksMax),
    openTasksInAll: open.length,
    overdueTasks: open.filter(({ overdue }) => overdue).length,
    pendingDecisions: pending.slice(0, pendingMax),
    pendingInAll: pending.length,
    nextUpdateDue: nextUpdateDue(incident) ?? null,
    roles: roleHoldings(incident, commands),
    responders: responders(incident),
    engaged: engagements(incident, moment),
    latest: entries.slice(-latestMax),
    moment,
  }
  const { openTasksInAll: _, pendingInAll: __, moment: ___, ...shown } = facts
  const headline = briefHeadline(incident, moment, name)
  return { revision, headline, ...shown, text: briefText(headline, facts, name) }
}
