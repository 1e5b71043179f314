import type { Name } from '../decider/facet.js'
import { statusOf } from '../incident/guards.js'
import type { Effect } from '../incident/incident-kinds.js'
import type { Incident } from '../incident/incident.js'
import { roleWords } from '../incident/role-keys.js'
import type { SeverityLevel } from '../incident/severity-levels.js'
import type { Brief } from './brief.js'
import { capital } from './capital.js'
import { counted, listed, minutesBetween, span, timeFrom, timed } from './said-times.js'

/** A minute aloud is about 150 words, 180 for who hurries: so few of each, and none longer than this. */
const full = { people: 4, services: 4, tasks: 3, decisions: 2, latest: 3, characters: 60 }
/** And still fewer where that is more. */
const short = { people: 2, services: 2, tasks: 2, decisions: 1, latest: 2, characters: 30 }
type Most = typeof full
const wordsMax = 150

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
  readonly pendingInAll: number
  /** Of the last event: times of its day are said without the day. */
  readonly moment: string
}

/** What a person reads aloud to the one who takes over, in a minute at most. */
export function briefText(headline: string, facts: Facts, name: Name): string {
  const text = textOf(headline, facts, name, full)
  return text.split(/\s+/u).length <= wordsMax ? text : textOf(headline, facts, name, short)
}

const textOf = (headline: string, facts: Facts, name: Name, most: Most): string =>
  [
    headline,
    impactSaid(facts, most),
    rolesSaid(facts, name, most),
    engagedSaid(facts, name, most),
    tasksSaid(facts, name, most),
    decisionsSaid(facts, most),
    updateSaid(facts),
    latestSaid(facts, most),
  ]
    .filter(said => said !== '')
    .join('\n')

function rolesSaid({ roles }: Facts, name: Name, most: Most): string {
  const said = roles
    .filter(({ role }) => role !== 'INCIDENT_COMMANDER')
    .map(
      ({ role, person, service }) =>
        `${name(person)} is ${roleWords[role]}${service === null ? '' : ` for ${service}`}`,
    )
  return said.length === 0 ? '' : sentence(some(said, most.people, most))
}

const engagedSaid = ({ engaged }: Facts, name: Name, most: Most) =>
  engaged.length === 0
    ? ''
    : sentence(
        `On it, in minutes: ${some(
          engaged.map(({ person, minutes }) => `${name(person)} ${minutes}`),
          most.people,
          most,
        )}`,
      )

const effectWords: Record<Effect, string> = {
  OUTAGE: 'Outage',
  DEGRADATION: 'Degradation',
  QUALITY: 'Worse quality',
  SECURITY: 'Security at risk',
}

/** What it does: as declared, and as last sized up. */
function impactSaid({ impact: { effect, services, sizeUp } }: Facts, most: Most): string {
  const of = services.length === 0 ? '' : some(services, most.services, most)
  const known =
    effect === null ? of && `Affected: ${of}` : effectWords[effect] + (of && `, affecting ${of}`)
  const seen = sizeUp ? `As last sized up: ${clipped(sizeUp.situation, most)}` : ''
  const does = sizeUp?.impact === undefined ? '' : `Impact: ${clipped(sizeUp.impact, most)}`
  return [known, seen, does]
    .filter(said => said !== '')
    .map(sentence)
    .join('\n')
}

function decisionsSaid({ pendingDecisions, pendingInAll, moment }: Facts, most: Most): string {
  if (pendingInAll === 0) return ''
  const said = pendingDecisions
    .slice(0, most.decisions)
    .map(
      ({ text, decideBy }) =>
        `${clipped(text, most)}, ${decideBy <= moment ? 'was due' : 'due'} ${timeFrom(moment, decideBy)}`,
    )
  return [`${counted(pendingInAll, 'decision')} pending`, ...said].map(sentence).join('\n')
}

const updateSaid = ({ nextUpdateDue: due, moment }: Facts) =>
  due === null
    ? ''
    : sentence(`The next update ${due <= moment ? 'was' : 'is'} due ${timeFrom(moment, due)}`)

function some(said: readonly string[], max: number, most: Most): string {
  const more = said.length - max
  const first = said.slice(0, max).map(one => clipped(one, most))
  return listed(more > 0 ? [...first, `${more} more`] : first)
}

function tasksSaid(
  { openTasks, openTasksInAll, overdueTasks, moment }: Facts,
  name: Name,
  most: Most,
): string {
  if (openTasksInAll === 0) return 'No task is open.'
  const overdue = overdueTasks > 0 ? `, ${overdueTasks} overdue` : ''
  const said = openTasks.slice(0, most.tasks).map(({ assignee, title, dueAt, overdue, status }) => {
    const whose = assignee === undefined ? '' : `${clipped(name(assignee), most)}: `
    const due = dueAt
      ? `${overdue ? 'was due' : 'due'} ${timeFrom(moment, dueAt)}`
      : 'no end on record'
    const unseen = status === 'ASSIGNED' ? ', not acknowledged' : ''
    return `${whose}${clipped(title, most)}, ${due}${unseen}`
  })
  return [`${counted(openTasksInAll, 'open task')}${overdue}`, ...said].map(sentence).join('\n')
}

function latestSaid({ latest, moment }: Facts, most: Most): string {
  const said = latest
    .slice(-most.latest)
    .map(
      ({ at, timing, sentence }) =>
        `${capital(timed(timeFrom(moment, at), timing))}, ${clipped(sentence, most)}`,
    )
  return said.length === 0 ? '' : ['Last on record, in UTC', ...said].map(sentence).join('\n')
}

const sentence = (words: string) => (/[.!?…]$/u.test(words) ? words : `${words}.`)

/** In one line, and cut at a word. */
function clipped(text: string, { characters }: Most): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  if (line.length <= characters) return line
  const cut = line.slice(0, characters)
  const end = cut.lastIndexOf(' ')
  return `${(end > 0 ? cut.slice(0, end) : cut).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
