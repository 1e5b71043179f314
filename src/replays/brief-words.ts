import type { Name } from '../decider/facet.js'
import { statusOf } from '../incident/guards.js'
import type { Incident } from '../incident/incident.js'
import { roleWords } from '../incident/role-keys.js'
import type { SeverityLevel } from '../incident/severity-levels.js'
import type { Brief } from './brief.js'
import { counted, listed, minutesBetween, span, time, timed } from './said-times.js'

/** A minute aloud is about 150 words: so few of each, and none longer than this. */
const spokenMax = { roles: 4, tasks: 3, latest: 3, characters: 90 }

/** The state of things in one sentence. */
export function briefHeadline(incident: Incident, moment: string, name: Name): string {
  const { declaration, severity, handoff } = incident
  const minutes = minutesBetween(declaration.declaredAt, moment)
  const since = minutes >= 1 ? `, ${span(minutes)} after it was declared` : ', just declared'
  const command =
    handoff.commander === null ? 'nobody is in command' : `${name(handoff.commander)} is in command`
  return `${declaration.reference} “${declaration.title}” is ${statusWords(incident)}, ${severityWords(severity.level)}${since}; ${command}.`
}

/** `active`, `in triage`. */
export const statusWords = (incident: Incident) => {
  const status = statusOf(incident)
  return status === 'TRIAGE'
    ? 'in triage'
    : status === 'NONE'
      ? 'not declared'
      : status.toLowerCase()
}

const severityWords = (level: SeverityLevel) =>
  level === 'UNDETERMINED' ? 'of undetermined severity (treated as SEV1)' : level

type Facts = Omit<Brief, 'revision' | 'headline' | 'text'> & { readonly openTasksInAll: number }

/** What a person reads aloud to the one who takes over, in a minute at most. */
export const briefText = (headline: string, facts: Facts, name: Name): string =>
  [headline, peopleSaid(facts, name), tasksSaid(facts, name), latestSaid(facts)]
    .filter(said => said !== '')
    .join('\n')

function peopleSaid({ roles, responders }: Facts, name: Name): string {
  const others = roles.filter(({ role }) => role !== 'INCIDENT_COMMANDER')
  const said = others
    .slice(0, spokenMax.roles)
    .map(({ role, person, service }) =>
      clipped(`${name(person)} is ${roleWords[role]}${service === null ? '' : ` for ${service}`}`),
    )
  const more = others.length - said.length
  const here = responders.length > 0 ? [`${people(responders.length)} here`] : []
  const words = listed([...said, ...(more > 0 ? [`${more} more`] : [])])
  return [words, ...here].filter(Boolean).map(sentence).join(' ')
}

const people = (count: number) => (count === 1 ? 'One person is' : `${count} people are`)

function tasksSaid({ openTasks, openTasksInAll, overdueTasks }: Facts, name: Name): string {
  if (openTasksInAll === 0) return 'No task is open.'
  const overdue = overdueTasks > 0 ? `, ${overdueTasks} overdue` : ''
  const said = openTasks
    .slice(0, spokenMax.tasks)
    .map(
      task =>
        `${name(task.assignee)}: ${clipped(task.title)}, ${
          task.overdue ? 'was due' : 'due'
        } ${time(task.dueAt)}${task.status === 'ASSIGNED' ? ', not acknowledged' : ''}`,
    )
  return `${sentence(`${counted(openTasksInAll, 'open task')}${overdue}`)} ${said.map(sentence).join(' ')}`
}

function latestSaid({ latest }: Facts): string {
  const said = latest
    .slice(-spokenMax.latest)
    .map(
      ({ at, timing, sentence }) => `${capitalised(timed(time(at), timing))}: ${clipped(sentence)}`,
    )
  return said.length === 0 ? '' : `Last on record, UTC. ${said.map(sentence).join(' ')}`
}

const sentence = (words: string) => (/[.!?…”]$/u.test(words) ? words : `${words}.`)
const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** In one line, and cut at a word. */
function clipped(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  if (line.length <= spokenMax.characters) return line
  const cut = line.slice(0, spokenMax.characters)
  const end = cut.lastIndexOf(' ')
  return `${(end > 0 ? cut.slice(0, end) : cut).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
