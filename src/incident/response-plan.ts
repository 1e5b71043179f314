import { type IncidentType, incidentTypes } from './incident-kinds.js'
import type { Policy } from './policy.js'
import type { RunbookStep } from './runbook.js'
import { sorted } from './service-keys.js'
import { type SeverityLevel, effective, severityLevels } from './severity-levels.js'

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

/** What a plan may be looked for by; what is left out is any. */
export interface Foreseen {
  readonly type?: IncidentType | null | undefined
  readonly severity?: SeverityLevel | null | undefined
  readonly service?: string | null | undefined
}

/** Whether the plan is for such incidents. */
export const isFor = (plan: ResponsePlan, { type, severity, service }: Foreseen): boolean =>
  has(plan.types, type) &&
  has(plan.severities.map(effective), severity && effective(severity)) &&
  has(plan.services, service)

const has = <Value>(named: readonly Value[], wanted: Value | null | undefined) =>
  wanted == null || named.length === 0 || named.includes(wanted)

/** What is planned for a service, and of which type and severities nothing is. */
export interface PlanCoverage {
  readonly service: string
  /** By key. */
  readonly plans: readonly string[]
  readonly missing: readonly {
    readonly type: IncidentType
    readonly severities: readonly SeverityLevel[]
  }[]
}

/** Of every service that is registered, or named in a plan; by key. */
export function planCoverage({
  responsePlans,
  serviceOwners,
}: Pick<Policy, 'responsePlans' | 'serviceOwners'>): PlanCoverage[] {
  const usable = [...responsePlans].filter(([, { retiredAt }]) => retiredAt === undefined)
  const registered = [...serviceOwners].filter(([, { retiredAt }]) => retiredAt === undefined)
  const named = usable.flatMap(([, { services }]) => services)
  return sorted([...registered.map(([key]) => key), ...named]).map(service => {
    const plans = usable.filter(([, plan]) => isFor(plan, { service }))
    const isMissing = (type: IncidentType) => (severity: SeverityLevel) =>
      severity !== 'UNDETERMINED' && !plans.some(([, plan]) => isFor(plan, { type, severity }))
    const missing = incidentTypes
      .map(type => ({ type, severities: severityLevels.filter(isMissing(type)) }))
      .filter(({ severities }) => severities.length > 0)
    return { service, plans: plans.map(([key]) => key).toSorted(), missing }
  })
}
