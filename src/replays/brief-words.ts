import type { Name } from '../decider/facet.js'
import { statusOf } from '../incident/guards.js'
import type { Incident } from '../incident/incident.js'
import { roleWords } from '../incident/role-keys.js'
import type { SeverityLevel } from '../incident/severity-levels.js'
import type { Brief } from './brief.js'
import { capital } from './capital.js'
import { counted, listed, minutesBetween, span, timeFrom, timed } from './said-times.js'

/** A minute aloud is about 150 words, 180 for who hurries: so few of each, and none longer than this. */
const spokenMax = { people: 4, tasks: 3, latest: 3, characters: 60 }

/** The state of things in one sentence. */
export function briefHeadline(incident: Incident, moment: string, name: Name): string {
  const { declaration, severity, handoff } = incident
  const minutes = minutesBetween(declaration.declaredAt, moment)
  const since = minutes >= 1 ? `, ${span(minutes)} after it was declared` : ', just declared'
  const command =
    handoff.commander === null ? 'nobody is in command' : `${name(handoff.commander)} is in command`
  return `${declaration.reference} “${declaration.title}” is ${statusWords(incident)} at ${severityWords(severity.level)}${since}; ${command}.`
}

/** `active`, `in triage`. */
export function statusWords(incident: Incident): string {
  const status = statusOf(incident)
  if (status === 'NONE') return 'not declared'
  if (status === 'TRIAGE') return 'in triage'
  return status === 'POST_INCIDENT' ? 'in review' : status.toLowerCase()
}

const severityWords = (level: SeverityLevel) =>
  level === 'UNDETERMINED' ? 'undetermined severity (treated as SEV1)' : level

type Facts = Omit<Brief, 'revision' | 'headline' | 'text'> & {
  readonly openTasksInAll: number
  /** Of the last event: times of its day are said without the day. */
  readonly moment: string
}

/** What a person reads aloud to the one who takes over, in a minute at most. */
export const briefText = (headline: string, facts: Facts, name: Name): string =>
  [
    headline,
    rolesSaid(facts, name),
    hereSaid(facts, name),
    tasksSaid(facts, name),
    latestSaid(facts),
  ]
    .filter(said => said !== '')
    .join('\n')

function rolesSaid({ roles }: Facts, name: Name): string {
  const said = roles
    .filter(({ role }) => role !== 'INCIDENT_COMMANDER')
    .map(
      ({ role, person, service }) =>
        `${name(person)} is ${roleWords[role]}${service === null ? '' : ` for ${service}`}`,
    )
  return said.length === 0 ? '' : sentence(some(said))
}

const hereSaid = ({ responders }: Facts, name: Name) =>
  responders.length === 0
    ? ''
    : sentence(`Here: ${some(responders.map(({ person }) => name(person)))}`)

function some(said: readonly string[]): string {
  const more = said.length - spokenMax.people
  const first = said.slice(0, spokenMax.people).map(clipped)
  return listed(more > 0 ? [...first, `${more} more`] : first)
}

function tasksSaid({ openTasks, openTasksInAll, overdueTasks, moment }: Facts, name: Name): string {
  if (openTasksInAll === 0) return 'No task is open.'
  const overdue = overdueTasks > 0 ? `, ${overdueTasks} overdue` : ''
  const said = openTasks
    .slice(0, spokenMax.tasks)
    .map(
      task =>
        `${clipped(name(task.assignee))}: ${clipped(task.title)}, ${
          task.overdue ? 'was due' : 'due'
        } ${timeFrom(moment, task.dueAt)}${task.status === 'ASSIGNED' ? ', not acknowledged' : ''}`,
    )
  return [`${counted(openTasksInAll, 'open task')}${overdue}`, ...said].map(sentence).join('\n')
}

function latestSaid({ latest, moment }: Facts): string {
  const said = latest
    .slice(-spokenMax.latest)
    .map(
      ({ at, timing, sentence }) =>
        `${capital(timed(timeFrom(moment, at), timing))}, ${clipped(sentence)}`,
    )
  return said.length === 0 ? '' : ['Last on record, in UTC', ...said].map(sentence).join('\n')
}

const sentence = (words: string) => (/[.!?…]$/u.test(words) ? words : `${words}.`)

/** In one line, and cut at a word. */
function clipped(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  if (line.length <= spokenMax.characters) return line
  const cut = line.slice(0, spokenMax.characters)
  const end = cut.lastIndexOf(' ')
  return `${(end > 0 ? cut.slice(0, end) : cut).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
