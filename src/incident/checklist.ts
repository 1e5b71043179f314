import { type Actor, type Context, type Permit, Rejected } from '../decider/facet.js'
import { requireNotDismissed, requireRunning, typeOf } from './guards.js'
import type { Incident } from './incident.js'
import type { Policy } from './policy.js'
import type { Runbook, RunbookStep } from './runbook.js'

/** Steps that an incident goes through, as they were when it took them up (domain rows 53, 87, 88). */
export interface Checklist {
  /** A playbook is the runbook that incidents of a type begin with. */
  readonly kind: 'RUNBOOK' | 'PLAN' | 'PLAYBOOK'
  readonly key: string
  readonly version: number
  readonly name: string
  readonly inOrder: boolean
  readonly steps: readonly RunbookStep[]
  readonly by: Actor
  readonly at: string
}
export const stepOutcomes = ['DONE', 'SKIPPED', 'DEVIATED'] as const
export type StepOutcome = (typeof stepOutcomes)[number]

/** How far one step is. */
export interface StepProgress {
  readonly checked?: {
    readonly outcome: StepOutcome
    readonly reason?: string
    readonly by: Actor
    readonly at: string
  }
  /** Whom somebody asked for approval; nobody in particular is anybody. */
  readonly asked?: { readonly of?: string; readonly by: Actor; readonly at: string }
  /** The last word on it. */
  readonly approval?: {
    readonly granted: boolean
    readonly reason?: string
    readonly by: Actor
    readonly at: string
  }
  readonly changedAt: string
}

/** More than anybody follows at once. */
const checklistsMax = 20

export function requireRoomForAChecklist(incident: Incident): void {
  requireRunning(incident)
  if (incident.checklists.size >= checklistsMax)
    throw new Rejected('LIMIT_REACHED', `An incident follows at most ${checklistsMax} checklists.`)
}

/** What is in force of that key, if it is the version that was meant; throws `Rejected`. */
export function inForce<Definition extends Pick<Runbook, 'version' | 'retiredAt'>>(
  what: 'RUNBOOK' | 'PLAN',
  defined: ReadonlyMap<string, Definition>,
  { key, version }: { readonly key: string; readonly version?: number },
): Definition {
  const found = defined.get(key)
  if (!found)
    throw new Rejected(`UNKNOWN_${what}`, `No ${what.toLowerCase()} has this key.`, { key })
  if (found.retiredAt !== undefined)
    throw new Rejected(`${what}_RETIRED`, `This ${what.toLowerCase()} is retired.`, { key })
  if (version !== undefined && version !== found.version)
    throw new Rejected('POLICY_CHANGED', 'Another version is in force now; look at it first.', {
      what,
      version: found.version,
    })
  return found
}

/** The runbook that incidents of this type begin with; throws `Rejected` if there is none. */
export function playbookOf(incident: Incident, policy: Policy): { key: string; runbook: Runbook } {
  const type = typeOf(incident)
  const key = policy.incidentTypes.get(type)?.playbook
  if (key === undefined)
    throw new Rejected(
      'NO_PLAYBOOK',
      'Nothing is settled to begin an incident of this type with.',
      { type },
    )
  return { key, runbook: inForce('RUNBOOK', policy.runbooks, { key }) }
}

export function requirePlaybook(incident: Incident, { policy }: Context): Permit {
  requireRunning(incident)
  const { key, runbook } = playbookOf(incident, policy)
  if (follows(incident, ['PLAYBOOK'], { key, version: runbook.version })) return 'ALREADY_SO'
  requireRoomForAChecklist(incident)
}

/** Whether that version is a checklist here already. */
export const follows = (
  { checklists }: Incident,
  kinds: readonly Checklist['kind'][],
  { key, version }: { readonly key: string; readonly version: number },
) =>
  [...checklists.values()].some(
    one => kinds.includes(one.kind) && one.key === key && one.version === version,
  )

/** Without any checklist no step can be checked: so `viewerCan` does not offer it. */
export function requireAnyChecklist(incident: Incident): void {
  requireNotDismissed(incident)
  if (incident.checklists.size === 0)
    throw new Rejected('CHECKLIST_NOT_FOUND', 'No runbook or plan is followed here.')
}
