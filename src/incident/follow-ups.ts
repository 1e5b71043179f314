import { IsOptional, IsUUID } from 'class-validator'
import { Prose, Reason, WebAddress } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { isHistory, requireNotDismissed, statusOf } from './guards.js'
import type { Incident } from './incident.js'

/** What shall be done once there is time for it, noted as it comes up (domain row 52). */
export interface FollowUp {
  readonly text: string
  readonly by: Actor
  readonly at: string
  readonly ended?: {
    readonly as: 'APPLIED' | 'DROPPED'
    readonly why: string
    readonly url?: string
    readonly by: Actor
    readonly at: string
  }
}
/** By id, in the order in which they were flagged. */
export type FollowUps = ReadonlyMap<string, FollowUp>

/** All of them are kept in the folded incident, and somebody is to read them. */
const followUpsMax = 200

export class FlagFollowUp {
  @Prose(2000) text!: string
}
export class ApplyLearning {
  @IsUUID() followUpId!: string
  @Prose(2000) evidence!: string
  @IsOptional() @WebAddress() url?: string
}
export class DropFollowUp {
  @IsUUID() followUpId!: string
  @Reason() reason!: string
}
export interface FollowUpCommands {
  FlagFollowUp: FlagFollowUp
  ApplyLearning: ApplyLearning
  DropFollowUp: DropFollowUp
}
export interface FollowUpEvents {
  FollowUpFlagged: { followUpId: string; text: string }
  LearningApplied: { followUpId: string; evidence: string; url?: string }
  FollowUpDropped: { followUpId: string; reason: string }
}

/** The way from an incident back to everyday work, and that it was gone (domain row 14). */
export const followUps: Facet<Incident, FollowUps, FollowUpCommands, FollowUpEvents> = {
  initial: new Map(),
  payloads: { FlagFollowUp, ApplyLearning, DropFollowUp },
  may: { FlagFollowUp: requireRoom, ApplyLearning: requireAny, DropFollowUp: requireAny },
  after: {
    FlagFollowUp: ({ declaration }) => declaration.declaredAt,
    ApplyLearning: lastOfFollowUp,
    DropFollowUp: lastOfFollowUp,
  },
  decide: {
    FlagFollowUp({ followUps }, { text }, { newId }) {
      if ([...followUps.values()].some(one => one.text === text && !one.ended)) return []
      return [{ type: 'FollowUpFlagged', data: { followUpId: newId(), text } }]
    },
    ApplyLearning(incident, { followUpId, evidence, url }) {
      if (openOrEndedAs(incident, followUpId, 'APPLIED')) return []
      const data = { followUpId, evidence, ...(url !== undefined && { url }) }
      return [{ type: 'LearningApplied', data }]
    },
    DropFollowUp(incident, { followUpId, reason }) {
      if (openOrEndedAs(incident, followUpId, 'DROPPED')) return []
      return [{ type: 'FollowUpDropped', data: { followUpId, reason } }]
    },
  },
  evolve: {
    FollowUpFlagged: (followUps, { data: { followUpId, text }, actor: by, occurredAt: at }) =>
      put(followUps, followUpId, { text, by, at }),
    LearningApplied: (followUps, { data, actor: by, occurredAt: at }) => {
      const { followUpId, evidence: why, url } = data
      return ended(followUps, followUpId, { as: 'APPLIED', why, ...(url && { url }), by, at })
    },
    FollowUpDropped: (
      followUps,
      { data: { followUpId, reason: why }, actor: by, occurredAt: at },
    ) => ended(followUps, followUpId, { as: 'DROPPED', why, by, at }),
  },
  narrate: {
    FollowUpFlagged: ({ data, actor }, name) =>
      fact(
        actor.type === 'SYSTEM'
          ? `Follow-up: ${data.text}`
          : `${name(actor)} flagged a follow-up: ${data.text}`,
      ),
    LearningApplied: ({ data, actor }, name, { followUps }) =>
      fact(`${name(actor)} applied ${called(followUps, data)}: ${data.evidence}`),
    FollowUpDropped: ({ data, actor }, name, { followUps }) =>
      fact(`${name(actor)} dropped ${called(followUps, data)}: ${data.reason}`),
  },
  sensitive: {
    FollowUpFlagged: { followUpId: 'PLAIN', text: 'TEXT' },
    LearningApplied: { followUpId: 'PLAIN', evidence: 'TEXT', url: 'TEXT' },
    FollowUpDropped: { followUpId: 'PLAIN', reason: 'TEXT' },
  },
}

/** Over, and not everything that was to be learned from it is applied or dropped. History waits for nobody. */
export function isLoopOpen(incident: Incident): boolean {
  if (isHistory(incident)) return false
  const status = statusOf(incident)
  if (status === 'RESOLVED' || status === 'POST_INCIDENT') return true
  return status === 'CLOSED' && openFollowUps(incident) > 0
}

/** When nothing of it was left to do: closed, and its last follow-up applied or dropped. */
export function loopClosedAt(incident: Incident): string | undefined {
  if (statusOf(incident) !== 'CLOSED' || openFollowUps(incident) > 0) return undefined
  const ends = [...incident.followUps.values()].map(({ ended }) => ended?.at)
  return latest(incident.lifecycle.movedAt, ...ends)
}

export const openFollowUps = ({ followUps }: Incident) =>
  [...followUps.values()].filter(({ ended }) => !ended).length

const called = (followUps: FollowUps, { followUpId }: { followUpId: string }) =>
  followUps.has(followUpId) ? `“${followUps.get(followUpId)!.text}”` : 'a follow-up'

function ended(
  followUps: FollowUps,
  followUpId: string,
  end: NonNullable<FollowUp['ended']>,
): FollowUps {
  const found = followUps.get(followUpId)
  return found ? put(followUps, followUpId, { ...found, ended: end }) : followUps
}

/** Whether it has ended so already; throws `Rejected` if it is not there, or ended otherwise. */
function openOrEndedAs({ followUps }: Incident, followUpId: string, as: string): boolean {
  const found = followUps.get(followUpId)
  if (!found)
    throw new Rejected('FOLLOW_UP_NOT_FOUND', 'There is no such follow-up here.', { followUpId })
  if (found.ended && found.ended.as !== as)
    throw new Rejected('FOLLOW_UP_ENDED', `It was ${found.ended.as.toLowerCase()}.`, { followUpId })
  return found.ended !== undefined
}

function lastOfFollowUp(
  { declaration, followUps }: Incident,
  { followUpId }: { followUpId: string },
): string {
  const found = followUps.get(followUpId)
  return latest(declaration.declaredAt, found?.at, found?.ended?.at)!
}

function requireRoom(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.followUps.size >= followUpsMax)
    throw new Rejected('LIMIT_REACHED', `An incident has at most ${followUpsMax} follow-ups.`)
}

function requireAny(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.followUps.size === 0)
    throw new Rejected('FOLLOW_UP_NOT_FOUND', 'There is no follow-up here.')
}
