import type { Name } from '../decider/facet.js'
import type { Mode } from '../incident/declaration.js'
import type { Effect } from '../incident/incident-kinds.js'
import { statusOf, typeOf } from '../incident/guards.js'
import type { Incident } from '../incident/incident.js'
import { statusWords } from './brief-words.js'
import { capital } from './capital.js'
import { majorSaid } from './major-words.js'
import type { Background, PostmortemFacts } from './postmortem-facts.js'
import {
  counted,
  day,
  listed,
  minutesBetween,
  span,
  time,
  timed,
  times,
  were,
} from './said-times.js'
import type { Milestone } from './milestones.js'
import { worst } from './severity-history.js'
import type { StreamEvent } from './incident-at.js'
import { isOpen } from './tasks-at.js'

const meant: Record<Mode, string | null> = {
  LIVE: null,
  DRILL: 'It was a drill.',
  TABLETOP: 'It was a tabletop exercise.',
  TEST: 'It was a test of the program.',
  RETROSPECTIVE: 'It was put on record afterwards.',
}
const noticed: Record<Effect, string> = {
  OUTAGE: 'an outage',
  DEGRADATION: 'a degradation',
  QUALITY: 'a drop in quality',
  SECURITY: 'an exposure',
}

/** The incident in a few sentences, each of them true by the stream; none says why it happened. */
export const summary = (facts: PostmortemFacts, background: Background, name: Name): string =>
  [
    began(facts, background, name),
    meant[background.incident.declaration.mode],
    affected(background),
    severitySaid(facts, background),
    majorSaid(background),
    course(facts, background),
    commandSaid(facts, background, name),
    tasksSaid(facts),
    recordSaid(facts, background),
  ]
    .filter(Boolean)
    .join(' ')

function began(
  { milestones }: PostmortemFacts,
  { incident, declaredAs }: Background,
  name: Name,
): string {
  const { title, reference, status } = incident.declaration
  const declared = milestones.find(({ milestone }) => milestone === 'DECLARED')
  if (!declared) return 'It is not on record that this incident was declared.'
  const when =
    declared.timing === 'UNKNOWN'
      ? `around ${day(declared.at)}, at a time that is not known`
      : `on ${day(declared.at)} at ${timed(`${time(declared.at)} UTC`, declared.timing)}`
  const kind = incident.kind.is === 'NEAR_MISS' ? 'near miss' : 'incident'
  const what = `“${title}” (${reference}), a ${typeOf(incident).toLowerCase()} ${kind},`
  if (!declaredAs) return `The record of ${what} begins ${when}.`
  const by = declaredAs.actor.type === 'SYSTEM' ? '' : ` by ${name(declaredAs.actor)}`
  return `${what} was ${status === 'TRIAGE' ? 'opened for triage' : 'declared'}${by} ${when}.`
}

function affected({ incident }: Background): string | null {
  const { effect } = incident.declaration
  const services = listed(incident.services.keys)
  if (effect === null) return services ? `Named as affected: ${services}.` : null
  return `Its users had ${noticed[effect]}${services ? ` of ${services}` : ''}.`
}

function severitySaid(
  { severityHistory }: PostmortemFacts,
  { incident }: Background,
): string | null {
  if (severityHistory.length === 0) return null
  const level = worst(severityHistory)
  if (level === 'UNDETERMINED') return 'Its severity was left undetermined, which counts as SEV1.'
  const last = incident.severity.level
  return last === level
    ? `Its severity was ${level}${severityHistory.length > 1 ? ' at worst' : ''}.`
    : `Its severity was ${level} at worst and ${last === 'UNDETERMINED' ? 'undetermined' : last} at the end.`
}

/** What comes before anything is done about it. */
const begins: ReadonlySet<Milestone['milestone']> = new Set([
  'DETECTED',
  'DECLARED',
  'ACKNOWLEDGED',
])

function course({ milestones }: PostmortemFacts, { incident, events }: Background): string | null {
  const declared = milestones.find(({ milestone }) => milestone === 'DECLARED')
  if (!declared) return null
  const reached = milestones
    .filter(({ milestone }) => !begins.has(milestone))
    .map(one => [one.milestone.toLowerCase(), since(declared, one)].filter(Boolean).join(' after '))
  const reopenings = events.filter(({ type }) => type === 'IncidentReopened').length
  return [
    reached.length > 0 && `It was ${listed(reached)}.`,
    reopenings > 0 && `It was reopened ${times(reopenings)}.`,
    openOrDismissed(incident),
  ]
    .filter(Boolean)
    .join(' ')
}

/** Nothing where one of the two times is not known, or a correction put them the other way round. */
export function since(declared: Milestone, reached: Milestone): string {
  const minutes = minutesBetween(declared.at, reached.at)
  const timings = [declared.timing, reached.timing]
  if (!(minutes >= 0) || timings.includes('UNKNOWN')) return ''
  return `${timings.includes('APPROXIMATE') ? 'about ' : ''}${span(minutes)}`
}

function openOrDismissed(incident: Incident): string | null {
  switch (statusOf(incident)) {
    case 'CANCELLED':
      return 'It was cancelled: it turned out to be none.'
    case 'DECLINED':
      return 'It was declined in triage.'
    case 'RESOLVED':
    case 'POST_INCIDENT':
    case 'CLOSED':
      return null
    case 'MITIGATED':
      return 'It is not resolved on record.'
    default:
      return `On record it is still ${statusWords(incident)}.`
  }
}

function commandSaid(
  { commandHistory }: PostmortemFacts,
  { events }: Background,
  name: Name,
): string {
  const commanders = commandHistory.flatMap(({ commander }) => commander ?? [])
  if (commanders.length === 0) return 'Nobody is on record as its commander.'
  const changes = [
    happened(events, 'HandoffAccepted', 'handed over'),
    happened(events, 'CommandTaken', 'taken over'),
    happened(events, 'DeputyPromoted', 'passed to a deputy'),
    happened(events, 'CommandReleased', 'released'),
  ].flatMap(said => said ?? [])
  return `${capital(listed([...new Set(commanders)].map(name)))} commanded it${
    changes.length > 0 ? `; command was ${listed(changes)}` : ''
  }.`
}

function happened(events: readonly StreamEvent[], type: string, said: string): string | null {
  const count = events.filter(event => event.type === type).length
  return count > 0 ? `${said} ${times(count)}` : null
}

function tasksSaid({ tasks }: PostmortemFacts): string | null {
  if (tasks.length === 0) return null
  const completed = tasks.filter(({ status }) => status === 'COMPLETED').length
  const abandoned = tasks.filter(({ status }) => status === 'ABANDONED').length
  const untold = tasks.filter(task => task.told && isOpen(task)).length
  const open = tasks.length - completed - abandoned - untold
  const ends = [
    completed > 0 && `${were(completed)} completed`,
    abandoned > 0 && `${were(abandoned)} abandoned`,
    open > 0 && `${were(open)} left open`,
    untold > 0 && `${untold} ${untold === 1 ? 'has' : 'have'} no end on record`,
  ].filter(end => end !== false)
  return `Of ${counted(tasks.length, 'task')}, ${listed(ends)}.`
}

function recordSaid({ timeline }: PostmortemFacts, { incident, newer }: Background): string {
  const { observations, amended } = incident.notes
  const retracted = [...amended.values()].filter(one => one.retracted).length
  const corrected = timeline.filter(({ correction }) => correction === 'CORRECTED').length
  const late = timeline.filter(entry => entry.late).length
  const said = [
    corrected > 0 && `${were(corrected)} corrected`,
    late > 0 && `${were(late)} recorded late`,
  ].filter(one => one !== false)
  return [
    `The record has ${counted(observations, 'observation')}${retracted > 0 ? `, ${retracted} of them retracted` : ''}.`,
    said.length > 0 && `Of its entries ${listed(said)}.`,
    newer &&
      'Some events are of a newer version of the program; what they changed is missing here.',
  ]
    .filter(Boolean)
    .join(' ')
}
