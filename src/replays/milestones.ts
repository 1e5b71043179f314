import type { Timing } from '../decider/facet.js'
import { incidents } from '../incident/incident.js'
import { type AsTold, asTold } from './as-told.js'
import type { StreamEvent } from './incident-at.js'
import { minutesBetween } from './said-times.js'

export const milestoneKeys = [
  'DETECTED',
  'DECLARED',
  'ACKNOWLEDGED',
  'MITIGATED',
  'RESOLVED',
  'CLOSED',
] as const
export type MilestoneKey = (typeof milestoneKeys)[number]

/** A time that matters; the fields are those of the SDL. */
export interface Milestone {
  readonly milestone: MilestoneKey
  readonly at: string
  readonly timing: Timing | null
  readonly eventId: string
}
export interface Duration {
  readonly from: MilestoneKey
  readonly to: MilestoneKey
  readonly minutes: number
  readonly approximate: boolean
}

/** By which events a milestone is reached, and which of several counts. */
const reachedBy: Record<MilestoneKey, { readonly types: readonly string[]; readonly last?: true }> =
  {
    DETECTED: { types: ['DetectionRecorded'] },
    DECLARED: { types: ['IncidentDeclared'] },
    ACKNOWLEDGED: {
      types: [
        'ResponderJoined',
        'CommandClaimed',
        'CommandAssigned',
        'CommandTaken',
        'HandoffAccepted',
        'DeputyPromoted',
      ],
    },
    MITIGATED: { types: ['IncidentMitigated'] },
    RESOLVED: { types: ['IncidentResolved'], last: true },
    CLOSED: { types: ['IncidentClosed'], last: true },
  }

/**
 * When it came to what, as last corrected, in the order of the keys. The first time counts until
 * mitigated; a reopening takes a resolution and a closing back, and the last one after it counts.
 */
export function milestones(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): Milestone[] {
  const known = events.filter(event => incidents.knows(event))
  const reopened = known.findLast(({ type }) => type === 'IncidentReopened')?.revision ?? -1
  return milestoneKeys.flatMap(milestone => {
    const { types, last } = reachedBy[milestone]
    const reached = known.filter(
      ({ type, revision }) => types.includes(type) && !(last && revision < reopened),
    )
    const event = last ? reached.at(-1) : earliest(reached, told)
    return event ? [{ milestone, ...told.when(event), eventId: event.id }] : []
  })
}

/** How long it took from each milestone to the next; none where corrected times contradict the order. */
export const durations = (reached: readonly Milestone[]): Duration[] =>
  reached.slice(1).flatMap((to, index) => {
    const from = reached[index]!
    if (to.at < from.at) return []
    return [
      {
        from: from.milestone,
        to: to.milestone,
        minutes: minutesBetween(from.at, to.at),
        approximate: from.timing !== null || to.timing !== null,
      },
    ]
  })

const earliest = (events: readonly StreamEvent[], told: AsTold) =>
  events.reduce<StreamEvent | undefined>(
    (first, event) => (first && told.when(first).at <= told.when(event).at ? first : event),
    undefined,
  )
