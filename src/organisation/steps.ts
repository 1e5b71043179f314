import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  ValidateNested,
} from 'class-validator'
import { DefinitionKey, Line, Prose } from '../decider/bounds.js'
import { Rejected } from '../decider/facet.js'
import type { RunbookStep } from '../incident/runbook.js'

/** What nobody reads to its end in an incident helps nobody. */
const stepsMax = 50

/** One step as it is defined, of a runbook or a plan. */
export class RunbookStepInput {
  @DefinitionKey() key!: string
  @Line(200) title!: string
  @IsOptional() @Prose(2000) instructions?: string
  @IsOptional() @IsIn([true, false]) needsApproval?: boolean
}

/** At least one of them. */
export const Steps = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMinSize(1)(target, field)
  ArrayMaxSize(stepsMax)(target, field)
  ValidateNested()(target, field)
}

/** As they are stored; throws `Rejected` if two have the same key, for then nobody could say which is done. */
export function settledSteps(steps: readonly RunbookStepInput[]): RunbookStep[] {
  if (new Set(steps.map(({ key }) => key)).size < steps.length)
    throw new Rejected('INVALID_INPUT', 'Each step has a key of its own.', { fields: ['steps'] })
  return steps.map(({ needsApproval = false, ...step }) => ({ ...step, needsApproval }))
}

/** An erased list reads as a string: then there are none. */
export const readableSteps = (steps: readonly RunbookStep[]): readonly RunbookStep[] =>
  Array.isArray(steps) ? steps : []
