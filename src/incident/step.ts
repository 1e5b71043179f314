import { type Actor, type Context, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { type Checklist, type StepProgress, requireAnyChecklist } from './checklist.js'
import { isHistory, requirePerson } from './guards.js'
import type { Incident } from './incident.js'
import type { RunbookStep } from './runbook.js'

/** Which step of which checklist. */
export interface StepRef {
  readonly checklistId: string
  readonly step: string
}
export interface FoundStep extends StepProgress {
  readonly checklist: Checklist
  readonly definition: RunbookStep
}

/** No key of a step holds a space. */
export const stepId = ({ checklistId, step }: StepRef) => `${checklistId} ${step}`

export const progressOf = (incident: Incident, ref: StepRef): StepProgress =>
  incident.checklistSteps.get(stepId(ref)) ?? { changedAt: '' }

/** The step as it was taken up, and how far it is; throws `Rejected`. */
export function knownStep(incident: Incident, ref: StepRef): FoundStep {
  const { checklistId, step } = ref
  const checklist = incident.checklists.get(checklistId)
  if (!checklist)
    throw new Rejected('CHECKLIST_NOT_FOUND', 'There is no such checklist here.', { checklistId })
  const definition = checklist.steps.find(({ key }) => key === step)
  if (!definition)
    throw new Rejected('STEP_NOT_FOUND', 'The checklist has no such step.', { checklistId, step })
  return { checklist, definition, ...progressOf(incident, ref) }
}

/** A step that asks for a second person's word, before it is checked; throws `Rejected`. */
export function stepToApprove(incident: Incident, ref: StepRef): FoundStep {
  const found = knownStep(incident, ref)
  const { step } = ref
  if (!found.definition.needsApproval)
    throw new Rejected('NO_APPROVAL_NEEDED', 'This step needs no approval.', { step })
  if (found.checked)
    throw new Rejected('STEP_CHECKED', 'This step is checked already.', {
      step,
      outcome: found.checked.outcome,
    })
  return found
}

/** The first step that is not checked yet; undefined if all are. */
export const nextStep = (incident: Incident, checklistId: string) =>
  incident.checklists
    .get(checklistId)
    ?.steps.find(({ key }) => !progressOf(incident, { checklistId, step: key }).checked)

export function requireInOrder(incident: Incident, ref: StepRef, { checklist }: FoundStep): void {
  const next = nextStep(incident, ref.checklistId)
  if (!checklist.inOrder || !next) return
  const place = (step: string) => checklist.steps.findIndex(({ key }) => key === step)
  if (place(ref.step) > place(next.key))
    throw new Rejected('STEP_OUT_OF_ORDER', `First comes “${next.title}”.`, { next: next.key })
}

/** What is done, as written or otherwise, somebody else approved before. */
export function requireApproval(
  incident: Incident,
  { definition, approval }: FoundStep,
  { actor }: Context,
): void {
  if (!definition.needsApproval || isHistory(incident)) return
  if (!approval?.granted)
    throw new Rejected('APPROVAL_REQUIRED', 'A second person approves this step first.', {
      step: definition.key,
      ...(approval?.reason !== undefined && { refusedBecause: approval.reason }),
    })
  requireAnother(incident, approval.by, actor)
}

export function requireAnother(incident: Incident, one: Actor | undefined, other: Actor): void {
  if (one?.id === other.id && !isHistory(incident))
    throw new Rejected('SAME_PERSON', 'It takes a second person.', { person: other.id })
}

/** Steps that wait for a second person's word: that need it, and are neither approved nor checked. */
export const unapproved = (incident: Incident): { ref: StepRef; found: FoundStep }[] =>
  [...incident.checklists].flatMap(([checklistId, { steps }]) =>
    steps
      .filter(({ needsApproval }) => needsApproval)
      .map(({ key: step }) => ({ checklistId, step }))
      .map(ref => ({ ref, found: knownStep(incident, ref) }))
      .filter(({ found }) => !found.checked && !found.approval?.granted),
  )

export function requireAnyToApprove(incident: Incident, context: Context): void {
  requireAnyChecklist(incident)
  requirePerson(context)
  if (unapproved(incident).length === 0)
    throw new Rejected('NO_APPROVAL_NEEDED', 'No step waits for approval.')
}

/** When this step last changed. */
export const lastOfStep = (incident: Incident, ref: StepRef) =>
  latest(incident.checklists.get(ref.checklistId)?.at, progressOf(incident, ref).changedAt)
