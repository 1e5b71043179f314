import { IsIn } from 'class-validator'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { isRunning, requireRunning, statusOf } from './guards.js'
import type { Incident } from './incident.js'
import { lastMove } from './moves.js'

export const phaseKeys = ['TRIAGE', 'MOBILIZE', 'RESOLVE', 'PREVENT'] as const
/** How far the response is, whatever the status says (domain rows 10, 11). */
export type Phase = (typeof phaseKeys)[number]

/** What was said last; null before the first time. */
export type Phases = {
  readonly phase: Phase
  readonly at: string
  /** Of the event that said so: a reopening may come at the same time, and later all the same. */
  readonly revision: number
} | null

export class EnterPhase {
  @IsIn(phaseKeys) phase!: Phase
}
export interface PhaseCommands {
  EnterPhase: EnterPhase
}
export interface PhaseEvents {
  PhaseEntered: { phase: Phase }
}

const running = ['TRIAGE', 'ACTIVE', 'MITIGATED']
const afterwards = ['RESOLVED', 'POST_INCIDENT', 'CLOSED']
const isAfterwards = (incident: Incident) => afterwards.includes(statusOf(incident))

export const phases: Facet<Incident, Phases, PhaseCommands, PhaseEvents> = {
  initial: null,
  payloads: { EnterPhase },
  may: {
    EnterPhase(incident) {
      if (!isAfterwards(incident)) requireRunning(incident)
    },
  },
  after: { EnterPhase: incident => latest(lastMove(incident), incident.phases?.at) },
  decide: {
    EnterPhase(incident, { phase }) {
      const from = phase === 'PREVENT' ? afterwards : running
      const status = statusOf(incident)
      if (!from.includes(status))
        throw new Rejected('INVALID_TRANSITION', `${phase} cannot be entered from ${status}.`, {
          status,
          from,
        })
      return said(incident) === phase ? [] : [{ type: 'PhaseEntered', data: { phase } }]
    },
  },
  evolve: {
    PhaseEntered: (_, { data: { phase }, occurredAt: at, revision }) => ({ phase, at, revision }),
  },
  narrate: {
    PhaseEntered: ({ data: { phase }, actor }, name) =>
      fact(`${name(actor)} entered the ${phase.toLowerCase()} phase`),
  },
  sensitive: { PhaseEntered: {} },
}

/** What somebody said, unless the incident was reopened since. */
const said = ({ phases, lifecycle }: Incident) =>
  phases && phases.revision > (lifecycle.reopened ?? -1) ? phases.phase : undefined

/**
 * As somebody said while the response runs, or else as can be told: it begins with triage, and what
 * was reopened is to be solved. After it all that is left is prevention. Null for what turned out to
 * be no incident, and for what goes on in another.
 */
export function phaseOf(incident: Incident): Phase | null {
  if (isAfterwards(incident)) return 'PREVENT'
  if (!isRunning(incident)) return null
  return said(incident) ?? (incident.lifecycle.reopened === undefined ? 'TRIAGE' : 'RESOLVE')
}
