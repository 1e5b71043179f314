import type { Directory } from '../commands/directory.js'
import type { PlanCoverage as Coverage } from '../incident/response-plan.js'
import type { RunbookStep as Step } from '../incident/runbook.js'
import type { PlanCoverage, ResponsePlan, Runbook, RunbookStep } from '../schema.generated.js'

/** A runbook as it is defined now. */
export function runbookAnswer(key: string, { policy }: Directory): Runbook {
  const { steps, ...runbook } = policy.runbooks.get(key)!
  return { key, ...runbook, steps: stepAnswers(steps) }
}

/** A response plan as it is defined now. */
export function planAnswer(key: string, { policy }: Directory): ResponsePlan {
  const { types, severities, services, steps, ...plan } = policy.responsePlans.get(key)!
  return {
    key,
    ...plan,
    types: [...types],
    severities: [...severities],
    services: [...services],
    steps: stepAnswers(steps),
  }
}

export const coverageAnswer = (
  { service, plans, missing }: Coverage,
  directory: Directory,
): PlanCoverage => ({
  service,
  plans: plans.map(key => planAnswer(key, directory)),
  missing: missing.map(({ type, severities }) => ({ type, severities: [...severities] })),
})

const stepAnswers = (steps: readonly Step[]): RunbookStep[] => steps.map(step => ({ ...step }))
