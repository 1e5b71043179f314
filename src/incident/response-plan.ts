import type { IncidentType } from './incident-kinds.js'
import type { RunbookStep } from './runbook.js'
import type { SeverityLevel } from './severity-levels.js'

/** How to respond to what was foreseen (domain rows 87, 125); versions count from 1. */
export interface ResponsePlan {
  readonly version: number
  readonly name: string
  readonly description?: string
  /** What it is for; nothing named is anything. */
  readonly types: readonly IncidentType[]
  readonly severities: readonly SeverityLevel[]
  readonly services: readonly string[]
  readonly inOrder: boolean
  readonly steps: readonly RunbookStep[]
  readonly retiredAt?: string
}
/** By key, the retired ones too. */
export type ResponsePlans = ReadonlyMap<string, ResponsePlan>
