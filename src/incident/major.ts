import { Reason } from '../decider/bounds.js'
import {
  type Actor,
  type Context,
  type Facet,
  type Permit,
  Rejected,
  fact,
} from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireCommander, requireRunning } from './guards.js'
import type { Incident } from './incident.js'

/** A time for which several teams respond together to what nobody understands yet (domain rows 3, 4). */
export interface MajorPeriod {
  readonly from: string
  readonly by: Actor
  readonly reason: string
  readonly stoodDown?: { readonly at: string; readonly by: Actor; readonly reason: string }
}
/** Since the declaration, in order; only the last one can be open. */
export type Major = readonly MajorPeriod[]

/** An incident that swings more often than this is not helped by saying so. */
const periodsMax = 50

export class DeclareMajor {
  @Reason() reason!: string
}
export class StandDownMajor {
  @Reason() reason!: string
}
export interface MajorCommands {
  DeclareMajor: DeclareMajor
  StandDownMajor: StandDownMajor
}
export interface MajorEvents {
  MajorIncidentDeclared: { reason: string }
  MajorIncidentStoodDown: { reason: string }
}

const lastChange = ({ declaration, major }: Incident) =>
  latest(declaration.declaredAt, major.at(-1)?.from, major.at(-1)?.stoodDown?.at)

export const major: Facet<Incident, Major, MajorCommands, MajorEvents> = {
  initial: [],
  payloads: { DeclareMajor, StandDownMajor },
  may: {
    DeclareMajor(incident): Permit {
      requireRunning(incident)
      if (isMajor(incident)) return 'ALREADY_SO'
      if (incident.major.length >= periodsMax)
        throw new Rejected('LIMIT_REACHED', `An incident is major at most ${periodsMax} times.`)
    },
    StandDownMajor(incident, context: Context): Permit {
      requireRunning(incident)
      if (!isMajor(incident)) return 'ALREADY_SO'
      requireCommander(incident, context)
    },
  },
  after: { DeclareMajor: lastChange, StandDownMajor: lastChange },
  decide: {
    DeclareMajor: (_, { reason }) => [{ type: 'MajorIncidentDeclared', data: { reason } }],
    StandDownMajor: (_, { reason }) => [{ type: 'MajorIncidentStoodDown', data: { reason } }],
  },
  evolve: {
    MajorIncidentDeclared: (major, { data: { reason }, actor: by, occurredAt: from }) => [
      ...major,
      { from, by, reason },
    ],
    MajorIncidentStoodDown: (major, { data: { reason }, actor: by, occurredAt: at }) =>
      major.map((period, n) =>
        n === major.length - 1 ? { ...period, stoodDown: { at, by, reason } } : period,
      ),
  },
  narrate: {
    MajorIncidentDeclared: ({ data, actor }, name) =>
      fact(`${name(actor)} declared a major incident: ${data.reason}`),
    MajorIncidentStoodDown: ({ data, actor }, name) =>
      fact(`${name(actor)} stood the major incident down: ${data.reason}`),
  },
  sensitive: {
    MajorIncidentDeclared: { reason: 'TEXT' },
    MajorIncidentStoodDown: { reason: 'TEXT' },
  },
}

/** Whether it is major now. One that ends as major stays so on record. */
export const isMajor = ({ major }: Incident) => majorPeriodOf(major) !== undefined

/** The open period, if there is one. */
export function majorPeriodOf(major: Major): MajorPeriod | undefined {
  const last = major.at(-1)
  return last?.stoodDown ? undefined : last
}
