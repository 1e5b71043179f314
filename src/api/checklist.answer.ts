import type { Directory } from '../commands/directory.js'
import type { Incident as State } from '../incident/incident.js'
import type { RunbookStep } from '../incident/runbook.js'
import { nextStep, progressOf } from '../incident/step.js'
import type { Adherence, Checklist, ChecklistStep } from '../schema.generated.js'
import type { IncidentPart } from './asked-incident.js'
import { actorAnswer, personAnswer } from './person.answer.js'

/** What is followed in an incident, and how closely. */
export const checklistAnswers = {
  checklists: ({ state, directory }): Checklist[] =>
    [...state.checklists].map(([id, { by, steps: defined, ...checklist }]) => {
      const steps = defined.map(step => stepAnswer(state, id, step, directory))
      return {
        id,
        ...checklist,
        by: actorAnswer(by, directory),
        next: nextStep(state, id)?.key ?? null,
        steps,
        adherence: adherence(steps),
      }
    }),
} satisfies IncidentPart

function stepAnswer(
  state: State,
  checklistId: string,
  step: RunbookStep,
  directory: Directory,
): ChecklistStep {
  const { checked, asked, approval } = progressOf(state, { checklistId, step: step.key })
  return {
    ...step,
    outcome: checked?.outcome ?? null,
    reason: checked?.reason ?? null,
    checkedBy: checked ? actorAnswer(checked.by, directory) : null,
    checkedAt: checked?.at ?? null,
    approval: approval ? { ...approval, by: actorAnswer(approval.by, directory) } : null,
    approvalAskedBy: asked ? actorAnswer(asked.by, directory) : null,
    approvalAskedOf: asked?.of === undefined ? null : personAnswer(asked.of, directory),
  }
}

/** A step that is not checked may still be done as written, so it counts for nothing yet. */
function adherence(steps: readonly ChecklistStep[]): Adherence {
  const count = (outcome: ChecklistStep['outcome']) =>
    steps.filter(step => step.outcome === outcome).length
  const [done, skipped, deviated] = [count('DONE'), count('SKIPPED'), count('DEVIATED')]
  const checked = done + skipped + deviated
  const percent = checked === 0 ? null : Math.floor((100 * done) / checked)
  return { steps: steps.length, done, skipped, deviated, open: steps.length - checked, percent }
}
