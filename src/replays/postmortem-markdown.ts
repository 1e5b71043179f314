import type { BlockContent, RootContent } from 'mdast'
import type { Name } from '../decider/facet.js'
import { roleWords } from '../incident/role-keys.js'
import type { AgendaItem } from './agenda.js'
import type { CommandPeriod } from './command-history.js'
import type { Gap } from './gaps.js'
import { emphasis, heading, list, paragraph, prose, rendered, table } from './markdown.js'
import type { InParts } from './in-parts.js'
import type { Milestone } from './milestones.js'
import type { Background, PostmortemFacts } from './postmortem-facts.js'
import { type Clock, clockOf, span, timed, times } from './said-times.js'
import type { SeverityPeriod } from './severity-history.js'
import { since } from './summary.js'
import { type TaskAt, isOpen } from './tasks-at.js'
import { evidenceBlocks, evidenceNumbers, timelineBlocks } from './timeline-markdown.js'

interface Said extends PostmortemFacts {
  readonly summary: string
  readonly rendererVersion: number
}

/** All of it, to read: CommonMark with tables. A section that has nothing to say is left out. */
export function postmortemMarkdown(
  said: Said,
  { incident }: Background,
  name: Name,
): InParts<string> {
  const { reference, title } = incident.declaration
  const clock = clockOf(said.timeline.map(({ at }) => at))
  const numbers = evidenceNumbers(said.timeline)
  return rendered([
    heading(1, `${reference}: ${title}`),
    paragraph(...prose(said.summary)),
    ...section('Milestones', milestonesTable(said, clock)),
    ...section('Severity', severityTable(said.severityHistory, clock, name)),
    ...section('Command', commandTable(said.commandHistory, clock, name)),
    ...section('Tasks', tasksTable(said.tasks, clock, name)),
    ...section('For the review', agendaList(said.agenda)),
    ...section('Key entries', timelineBlocks(said.keyEntries, numbers)),
    ...section('Timeline', timelineBlocks(said.timeline, numbers)),
    ...section('Gaps in the record', gapsTable(said.gaps, clock)),
    ...section('Evidence', evidenceBlocks(numbers)),
    { type: 'thematicBreak' },
    paragraph(
      emphasis(
        `From revision ${said.incidentRevision} of the incident, by version ${said.rendererVersion} of the renderer. All times are UTC.`,
      ),
    ),
  ])
}

const section = (title: string, blocks: readonly RootContent[]): RootContent[] =>
  blocks.length > 0 ? [heading(2, title), ...blocks] : []

function milestonesTable({ milestones, timeline }: Said, clock: Clock): BlockContent[] {
  if (milestones.length === 0) return []
  const declared = milestones.find(({ milestone }) => milestone === 'DECLARED')
  const sentenceOf = ({ eventId }: Milestone) =>
    timeline.find(entry => entry.eventId === eventId || entry.alsoTells.includes(eventId))
      ?.sentence ?? ''
  return [
    table(
      ['Milestone', 'When', 'Since declared', 'What happened'],
      milestones.map(reached => [
        milestoneWords[reached.milestone],
        timed(clock(reached.at), reached.timing),
        !declared || reached === declared ? '' : since(declared, reached),
        sentenceOf(reached),
      ]),
    ),
  ]
}

const milestoneWords: Record<Milestone['milestone'], string> = {
  DETECTED: 'Detected',
  DECLARED: 'Declared',
  ACKNOWLEDGED: 'Acknowledged',
  MITIGATED: 'Mitigated',
  RESOLVED: 'Resolved',
  CLOSED: 'Closed',
}

/** One that was never set is in the summary. */
const severityTable = (periods: readonly SeverityPeriod[], clock: Clock, name: Name) =>
  periods.length < 2 && periods[0]?.reason == null
    ? []
    : [
        table(
          ['From', 'Severity', 'Set by', 'Why'],
          periods.map(({ from, timing, level, by, reason }) => [
            timed(clock(from), timing),
            level === 'UNDETERMINED' ? 'undetermined' : level,
            name(by),
            reason ?? '',
          ]),
        ),
      ]

const commandTable = (periods: readonly CommandPeriod[], clock: Clock, name: Name) =>
  periods.every(({ commander }) => commander === null)
    ? []
    : [
        table(
          ['From', 'In command', 'How it came to that'],
          periods.map(({ from, timing, commander, how }) => [
            timed(clock(from), timing),
            commander === null ? 'nobody' : name(commander),
            how,
          ]),
        ),
      ]

/** Of what is only told nobody knows when it was due. */
function tasksTable(tasks: readonly TaskAt[], clock: Clock, name: Name): BlockContent[] {
  if (tasks.length === 0) return []
  const areDue = tasks.some(({ dueAt }) => dueAt !== undefined)
  return [
    table(
      ['Task', 'Whose', ...(areDue ? ['Given', 'Due'] : ['Started']), 'How far'],
      tasks.map(task => [
        task.title,
        whose(task, name),
        task.assignedAt ? timed(clock(task.assignedAt), task.assignedTiming ?? null) : '',
        ...(areDue ? [due(task, clock)] : []),
        howFar(task, clock),
      ]),
    ),
  ]
}

const whose = ({ assignee, viaRole }: TaskAt, name: Name) =>
  assignee === undefined ? '' : `${name(assignee)}${viaRole ? ` (${roleWords[viaRole]})` : ''}`

const due = ({ dueAt, extensions }: TaskAt, clock: Clock) =>
  dueAt === undefined
    ? ''
    : `${clock(dueAt)}${extensions > 0 ? `, extended ${times(extensions)}` : ''}`

function howFar(task: TaskAt, clock: Clock): string {
  const { status, told, endedAt, endedTiming = null, overdue } = task
  if (told && isOpen(task)) return 'no end on record'
  const at = endedAt && timed(clock(endedAt), endedTiming)
  const when = at && (endedTiming === 'UNKNOWN' ? `, ${at}` : ` ${at}`)
  return `${status.toLowerCase().replace('_', ' ')}${when ?? ''}${isOpen(task) && overdue ? ', overdue' : ''}`
}

const agendaList = (items: readonly AgendaItem[]): BlockContent[] =>
  items.length === 0 ? [] : [list(items.map(({ sentence }) => prose(sentence)))]

const gapsTable = (found: readonly Gap[], clock: Clock): BlockContent[] =>
  found.length === 0
    ? []
    : [
        paragraph(
          ...prose(
            'No entry with a known time is on record between these times. That does not mean that nothing was done.',
          ),
        ),
        table(
          ['From', 'Until', 'How long'],
          found.map(({ from, until, minutes }) => [clock(from), clock(until), span(minutes)]),
        ),
      ]
