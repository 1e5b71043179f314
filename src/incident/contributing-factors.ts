import { IsIn } from 'class-validator'
import { Prose } from '../decider/bounds.js'
import {
  type Actor,
  type Context,
  type Facet,
  NotAuthorised,
  Rejected,
  fact,
} from '../decider/facet.js'
import { isHistory, requireNotDismissed, statusOf } from './guards.js'
import type { Incident } from './incident.js'
import { partsOf } from './membership.js'

export const factorCategories = [
  'CHANGE',
  'CONFIGURATION',
  'CAPACITY',
  'DEPENDENCY',
  'SOFTWARE',
  'HARDWARE',
  'MONITORING',
  'ACCESS_CONTROL',
  'PROCESS',
  'COMMUNICATION',
  'KNOWLEDGE',
  'OTHER',
] as const
export type FactorCategory = (typeof factorCategories)[number]

/** What helped it happen, never who: there are many, and none is the root cause (domain rows 18, 96). */
export interface ContributingFactor {
  readonly eventId: string
  readonly category: FactorCategory
  readonly statement: string
  readonly by: Actor
  readonly at: string
}
export type ContributingFactors = readonly ContributingFactor[]

/** More than a review can act on. */
const factorsMax = 100

export class RecordContributingFactor {
  @IsIn(factorCategories) category!: FactorCategory
  @Prose(2000) statement!: string
}
export interface ContributingFactorCommands {
  RecordContributingFactor: RecordContributingFactor
}
export interface ContributingFactorEvents {
  ContributingFactorRecorded: { category: FactorCategory; statement: string }
}

export const contributingFactors: Facet<
  Incident,
  ContributingFactors,
  ContributingFactorCommands,
  ContributingFactorEvents
> = {
  initial: [],
  payloads: { RecordContributingFactor },
  may: { RecordContributingFactor: requireMitigated },
  after: {
    // A history tells what led to it where it belongs, which is before anybody declared anything.
    RecordContributingFactor: incident =>
      isHistory(incident) ? undefined : incident.declaration.declaredAt,
  },
  decide: {
    RecordContributingFactor(incident, { category, statement }, context) {
      const isSo = (one: ContributingFactor) =>
        one.category === category && one.statement === statement
      if (incident.contributingFactors.some(isSo)) return []
      requireNobodyNamed(incident, statement, context)
      return [{ type: 'ContributingFactorRecorded', data: { category, statement } }]
    },
  },
  evolve: {
    ContributingFactorRecorded: (factors, { id: eventId, actor: by, occurredAt: at, data }) => [
      ...factors,
      { eventId, ...data, by, at },
    ],
  },
  narrate: {
    ContributingFactorRecorded: ({ data, actor }, name) =>
      fact(
        actor.type === 'SYSTEM'
          ? `Contributing factor: ${data.statement}`
          : `${name(actor)} recorded what contributed to it: ${data.statement}`,
      ),
  },
  sensitive: { ContributingFactorRecorded: { statement: 'TEXT' } },
}

/** While it burns nobody is asked what led to it; who must, says why (`overrides`). */
function requireMitigated(incident: Incident, { overrides }: Context): void {
  requireNotDismissed(incident)
  if (incident.contributingFactors.length >= factorsMax)
    throw new Rejected('LIMIT_REACHED', `An incident holds at most ${factorsMax} such factors.`)
  const status = statusOf(incident)
  if ((status !== 'TRIAGE' && status !== 'ACTIVE') || overrides || isHistory(incident)) return
  throw new NotAuthorised('TOO_EARLY', 'What led to it is asked once it is mitigated.', { status })
}

/** Whoever had a part in it is not a cause of it, by whatever they are called. */
function requireNobodyNamed(incident: Incident, statement: string, { called }: Context): void {
  const people = new Set([...partsOf(incident).values(), ...incident.presence.keys()])
  const words = ` ${wordsOf(statement)} `
  const isNamed = (person: string) =>
    called(person).some(name => wordsOf(name) !== '' && words.includes(` ${wordsOf(name)} `))
  const person = [...people].find(isNamed)
  if (person !== undefined)
    throw new Rejected('NAMED_PERSON', 'Say what led to it, and not who.', { person })
}

/** In lower case, with one space for whatever is between them. */
const wordsOf = (text: string) =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
