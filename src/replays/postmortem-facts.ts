import type { Name } from '../decider/facet.js'
import type { Incident } from '../incident/incident.js'
import { type AgendaItem, agenda } from './agenda.js'
import { type AsTold, asTold } from './as-told.js'
import { type CommandPeriod, commandHistory } from './command-history.js'
import { type Gap, gaps } from './gaps.js'
import { type StreamEvent, incidentAtInParts, lastMoment } from './incident-at.js'
import type { InParts } from './in-parts.js'
import { type Duration, type Milestone, durations, milestones } from './milestones.js'
import { type SeverityPeriod, severityHistory } from './severity-history.js'
import { type TaskAt, tasksAt } from './tasks-at.js'
import { type TimelineEntry, timelineInParts } from './timeline.js'

/** What a postmortem tells; the fields are those of the SDL, people as ids. */
export interface PostmortemFacts {
  readonly incidentRevision: number
  readonly milestones: readonly Milestone[]
  readonly durations: readonly Duration[]
  readonly severityHistory: readonly SeverityPeriod[]
  readonly commandHistory: readonly CommandPeriod[]
  readonly tasks: readonly TaskAt[]
  /** The short story. */
  readonly keyEntries: readonly TimelineEntry[]
  readonly timeline: readonly TimelineEntry[]
  readonly gaps: readonly Gap[]
  readonly agenda: readonly AgendaItem[]
}

/** What else its words are made of. */
export interface Background {
  readonly incident: Incident
  readonly events: readonly StreamEvent[]
  readonly told: AsTold
  readonly newer: boolean
  /** The event by which somebody declared it; none if the import only stood in for that. */
  readonly declaredAs: StreamEvent | undefined
}

export function* backgroundOf(events: readonly StreamEvent[]): InParts<Background> {
  const { incident, newer } = yield* incidentAtInParts(events)
  const told = asTold(events)
  const declared = events.find(({ type }) => type === 'IncidentDeclared')
  const stoodIn = declared?.mode === 'RETROSPECTIVE'
  const declaredAs = declared && (stoodIn ? told.tellerOf(declared) : declared)
  return { incident, events, told, newer, declaredAs }
}

export function* postmortemFacts(
  { incident, events, told }: Background,
  name: Name,
): InParts<PostmortemFacts> {
  yield
  const reached = milestones(events, told)
  const entries = yield* timelineInParts(events, name, {}, told)
  const severities = severityHistory(events, told)
  yield
  const commands = commandHistory(events, name, told)
  yield
  return {
    incidentRevision: events.at(-1)?.revision ?? -1,
    milestones: reached,
    durations: durations(reached),
    severityHistory: severities,
    commandHistory: commands,
    tasks: tasksAt(incident, lastMoment(events)),
    keyEntries: entries.filter(({ isKey }) => isKey),
    timeline: entries,
    gaps: gaps(entries, reached),
    agenda: agenda(entries),
  }
}
