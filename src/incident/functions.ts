import { IsIn, IsOptional } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Actor, type Facet, fact } from '../decider/facet.js'
import { type EngagedFunction, engagedFunctions } from './engaged-functions.js'
import { isEngaged } from './engaging.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

/** A function outside the response that was pulled in (domain row 9). */
export interface Engagement {
  readonly function: EngagedFunction
  /** Who of it, if that was said. */
  readonly person?: string
  readonly reason?: string
  /** The definition of the incident's type pulled it in. */
  readonly byType?: true
  readonly by: Actor
  readonly at: string
}
/** In the order in which they were pulled in, each once: so there are no more than there are functions. */
export type Functions = readonly Engagement[]

export class EngageFunction {
  @IsIn(engagedFunctions) function!: EngagedFunction
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @Reason() reason?: string
}
export interface FunctionCommands {
  EngageFunction: EngageFunction
}
export interface FunctionEvents {
  FunctionEngaged: { function: EngagedFunction; person?: string; reason?: string; byType?: true }
}

export const functions: Facet<Incident, Functions, FunctionCommands, FunctionEvents> = {
  initial: [],
  payloads: { EngageFunction },
  may: { EngageFunction: requireNotDismissed },
  after: { EngageFunction: ({ declaration }) => declaration.declaredAt },
  decide: {
    EngageFunction(incident, { function: which, person, reason }, context) {
      const who = person === undefined ? undefined : context.person(person)
      if (isEngaged(incident, which)) return []
      return [
        {
          type: 'FunctionEngaged',
          data: {
            function: which,
            ...(who !== undefined && { person: who }),
            ...(reason !== undefined && { reason }),
          },
        },
      ]
    },
  },
  evolve: {
    FunctionEngaged: (all, { data, actor: by, occurredAt: at }) =>
      all.some(one => one.function === data.function) ? all : [...all, { ...data, by, at }],
  },
  narrate: {
    FunctionEngaged: ({ data: { function: which, person, reason, byType }, actor }, name) => {
      const whom = `${functionWords[which]}${person === undefined ? '' : ` (${name(person)})`}`
      return fact(
        byType
          ? `The type of the incident pulled in ${whom}`
          : `${name(actor)} pulled in ${whom}${reason === undefined ? '' : `: ${reason}`}`,
      )
    },
  },
  sensitive: { FunctionEngaged: { person: 'PERSON', reason: 'TEXT' } },
}

const functionWords: Record<EngagedFunction, string> = {
  LEGAL: 'legal',
  HR: 'human resources',
  SECURITY: 'security',
  PR: 'public relations',
  PRIVACY: 'data protection',
}
