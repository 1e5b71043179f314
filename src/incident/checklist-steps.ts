import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { DefinitionKey, PersonRef, Reason } from '../decider/bounds.js'
import { type Facet, type Recorded, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import {
  type StepOutcome,
  type StepProgress,
  requireAnyChecklist,
  stepOutcomes,
} from './checklist.js'
import type { Incident } from './incident.js'
import {
  type StepRef,
  knownStep,
  lastOfStep,
  requireAnother,
  requireAnyToApprove,
  requireApproval,
  requireInOrder,
  stepId,
  stepToApprove,
} from './step.js'

/** How far the steps are that somebody said something of. */
export type ChecklistSteps = ReadonlyMap<string, StepProgress>

export class CheckStep {
  @IsUUID() checklistId!: string
  @DefinitionKey() step!: string
  @IsIn(stepOutcomes) outcome!: StepOutcome
  @IsOptional() @Reason() reason?: string
}
export class RequestApproval {
  @IsUUID() checklistId!: string
  @DefinitionKey() step!: string
  @IsOptional() @PersonRef() of?: string
}
export class ApproveStep {
  @IsUUID() checklistId!: string
  @DefinitionKey() step!: string
}
export class RefuseStep {
  @IsUUID() checklistId!: string
  @DefinitionKey() step!: string
  @Reason() reason!: string
}
export interface StepCommands {
  CheckStep: CheckStep
  RequestApproval: RequestApproval
  ApproveStep: ApproveStep
  RefuseStep: RefuseStep
}
interface OfStep {
  checklistId: string
  step: string
}
export interface StepEvents {
  StepChecked: OfStep & { outcome: StepOutcome; reason?: string }
  StepApprovalRequested: OfStep & { of?: string }
  StepApprovalGranted: OfStep
  StepApprovalRefused: OfStep & { reason: string }
}

/** What becomes of each step: as written, not at all, or otherwise, and who else had to agree. */
export const checklistSteps: Facet<Incident, ChecklistSteps, StepCommands, StepEvents> = {
  initial: new Map(),
  payloads: { CheckStep, RequestApproval, ApproveStep, RefuseStep },
  may: {
    CheckStep: requireAnyChecklist,
    RequestApproval: requireAnyToApprove,
    ApproveStep: requireAnyToApprove,
    RefuseStep: requireAnyToApprove,
  },
  after: {
    CheckStep: lastOfStep,
    RequestApproval: lastOfStep,
    ApproveStep: lastOfStep,
    RefuseStep: lastOfStep,
  },
  decide: {
    CheckStep(incident, command, context) {
      const { outcome, reason } = command
      const found = knownStep(incident, command)
      const { checked } = found
      if (checked?.outcome === outcome && checked.reason === reason) return []
      if (outcome !== 'DONE' && reason === undefined)
        throw new Rejected('REASON_REQUIRED', 'Say why it was not done as written.')
      requireInOrder(incident, command, found)
      if (outcome !== 'SKIPPED') requireApproval(incident, found, context)
      const data = { ...refOf(command), outcome, ...(reason !== undefined && { reason }) }
      return [{ type: 'StepChecked', data }]
    },
    RequestApproval(incident, command, { actor, person }) {
      const { asked, approval } = stepToApprove(incident, command)
      const of = command.of === undefined ? undefined : person(command.of)
      if (approval?.granted) return []
      if (of !== undefined) requireAnother(incident, { type: 'USER', id: of }, actor)
      if (asked && asked.by.id === actor.id && asked.of === of && !approval) return []
      const data = { ...refOf(command), ...(of !== undefined && { of }) }
      return [{ type: 'StepApprovalRequested', data }]
    },
    ApproveStep(incident, command, { actor }) {
      const { asked, approval } = stepToApprove(incident, command)
      if (approval?.granted) return []
      requireAnother(incident, asked?.by, actor)
      return [{ type: 'StepApprovalGranted', data: refOf(command) }]
    },
    RefuseStep(incident, command, { actor }) {
      const { asked, approval } = stepToApprove(incident, command)
      const { reason } = command
      requireAnother(incident, asked?.by, actor)
      if (approval && !approval.granted && approval.reason === reason) return []
      return [{ type: 'StepApprovalRefused', data: { ...refOf(command), reason } }]
    },
  },
  evolve: {
    StepChecked: (steps, event) => {
      const { outcome, reason } = event.data
      const why = reason === undefined ? {} : { reason }
      return changed(steps, event, { checked: { outcome, ...why, ...saidBy(event) } })
    },
    /** Who asks once more asks about what was refused before. */
    StepApprovalRequested: (steps, event) => {
      const { of } = event.data
      const asked = { ...(of !== undefined && { of }), ...saidBy(event) }
      return changed(steps, event, { asked }, 'approval')
    },
    StepApprovalGranted: (steps, event) =>
      changed(steps, event, { approval: { granted: true, ...saidBy(event) } }),
    StepApprovalRefused: (steps, event) =>
      changed(steps, event, {
        approval: { granted: false, reason: event.data.reason, ...saidBy(event) },
      }),
  },
  narrate: {
    StepChecked: ({ data, actor }, name, incident) =>
      fact(
        `${name(actor)} ${outcomeWords[data.outcome]} ${titled(incident, data)}${
          data.reason === undefined ? '' : `: ${data.reason}`
        }`,
      ),
    StepApprovalRequested: ({ data, actor }, name, incident) =>
      fact(
        `${name(actor)} asked ${data.of === undefined ? 'somebody' : name(data.of)} to approve ${titled(incident, data)}`,
      ),
    StepApprovalGranted: ({ data, actor }, name, incident) =>
      fact(`${name(actor)} approved ${titled(incident, data)}`),
    StepApprovalRefused: ({ data, actor }, name, incident) =>
      fact(`${name(actor)} did not approve ${titled(incident, data)}: ${data.reason}`),
  },
  sensitive: {
    StepChecked: { checklistId: 'PLAIN', step: 'PLAIN', reason: 'TEXT' },
    StepApprovalRequested: { checklistId: 'PLAIN', step: 'PLAIN', of: 'PERSON' },
    StepApprovalGranted: { checklistId: 'PLAIN', step: 'PLAIN' },
    StepApprovalRefused: { checklistId: 'PLAIN', step: 'PLAIN', reason: 'TEXT' },
  },
}

const outcomeWords: Record<StepOutcome, string> = {
  DONE: 'did',
  SKIPPED: 'skipped',
  DEVIATED: 'deviated from',
}

const refOf = ({ checklistId, step }: StepRef) => ({ checklistId, step })

const saidBy = ({ actor: by, occurredAt: at }: Recorded<unknown>) => ({ by, at })

function changed(
  steps: ChecklistSteps,
  { data, occurredAt }: Recorded<StepRef>,
  change: Partial<StepProgress>,
  forgotten?: 'approval',
): ChecklistSteps {
  const before = { ...steps.get(stepId(data)) }
  if (forgotten) delete before[forgotten]
  return put(steps, stepId(data), { ...before, ...change, changedAt: occurredAt })
}

/** As a sentence calls a step. */
function titled({ checklists }: Incident, { checklistId, step }: StepRef): string {
  const checklist = checklists.get(checklistId)
  const title = checklist?.steps.find(({ key }) => key === step)?.title ?? step
  return `“${title}”${checklist ? ` of “${checklist.name}”` : ''}`
}
