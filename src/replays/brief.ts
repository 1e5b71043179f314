import type { Name } from '../decider/facet.js'
import { asTold } from './as-told.js'
import { briefHeadline, briefText } from './brief-words.js'
import { commandHistory } from './command-history.js'
import { type StreamEvent, incidentAt, lastMoment } from './incident-at.js'
import { type TaskAt, openFirstDue, tasksAt } from './tasks-at.js'
import { type TimelineEntry, timeline } from './timeline.js'
import { type Responder, type RoleHolding, responders, roleHoldings } from './who.js'

/** What somebody who takes over now has to know; the fields are those of the SDL, people as ids. */
export interface Brief {
  readonly revision: number
  readonly headline: string
  readonly openTasks: readonly TaskAt[]
  readonly overdueTasks: number
  readonly roles: readonly RoleHolding[]
  readonly responders: readonly Responder[]
  readonly latest: readonly TimelineEntry[]
  readonly text: string
}

const openTasksMax = 100
const latestMax = 10

/** Built from the stream alone, as of its last event: for another moment, hand in the events up to then. */
export function brief(events: readonly StreamEvent[], name: Name): Brief {
  const { incident, revision } = incidentAt(events)
  const told = asTold(events)
  const moment = lastMoment(events)
  const open = openFirstDue(tasksAt(incident, moment))
  const facts = {
    openTasks: open.slice(0, openTasksMax),
    openTasksInAll: open.length,
    overdueTasks: open.filter(({ overdue }) => overdue).length,
    roles: roleHoldings(incident, commandHistory(events, name, told)),
    responders: responders(incident),
    latest: timeline(events, name, {}, told).slice(-latestMax),
    moment,
  }
  const { openTasksInAll: _, moment: __, ...shown } = facts
  const headline = briefHeadline(incident, moment, name)
  return { revision, headline, ...shown, text: briefText(headline, facts, name) }
}
