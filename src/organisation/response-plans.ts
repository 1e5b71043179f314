import { ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator'
import { DefinitionKey, Line, Prose, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { type IncidentType, incidentTypes } from '../incident/incident-kinds.js'
import type { ResponsePlan, ResponsePlans } from '../incident/response-plan.js'
import type { RunbookStep } from '../incident/runbook.js'
import { ServiceKeys, sorted } from '../incident/service-keys.js'
import { type SeverityLevel, severityLevels } from '../incident/severity-levels.js'
import type { Organisation } from './organisation.js'
import { RunbookStepInput, Steps, readableSteps, settledSteps } from './steps.js'
import { nextVersion } from './versions.js'

/** Retired ones count: nobody finds one among more. */
const plansMax = 200

/** Some of these values, each at most once. */
const SomeOf = (values: readonly string[]) => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayUnique()(target, field)
  IsIn(values, { each: true })(target, field)
}

export class DefinePlan {
  static readonly nested = { steps: RunbookStepInput }
  @DefinitionKey() key!: string
  @Line(100) name!: string
  @IsOptional() @Prose(4000) description?: string
  @IsOptional() @SomeOf(incidentTypes) types?: IncidentType[]
  @IsOptional() @SomeOf(severityLevels) severities?: SeverityLevel[]
  @IsOptional() @ServiceKeys() services?: string[]
  @IsOptional() @IsIn([true, false]) inOrder?: boolean
  @Steps() steps!: RunbookStepInput[]
}
export class RetirePlan {
  @DefinitionKey() key!: string
  @IsOptional() @Reason() reason?: string
}
export interface PlanCommands {
  DefinePlan: DefinePlan
  RetirePlan: RetirePlan
}
export interface PlanEvents {
  PlanDefined: {
    key: string
    version: number
    name: string
    description?: string
    types: readonly IncidentType[]
    severities: readonly SeverityLevel[]
    services: readonly string[]
    inOrder: boolean
    steps: readonly RunbookStep[]
  }
  PlanRetired: { key: string; reason?: string }
}

export const responsePlans: Facet<Organisation, ResponsePlans, PlanCommands, PlanEvents> = {
  initial: new Map(),
  payloads: { DefinePlan, RetirePlan },
  may: { DefinePlan: () => {}, RetirePlan: () => {} },
  after: { DefinePlan: () => undefined, RetirePlan: () => undefined },
  decide: {
    DefinePlan({ responsePlans }, { key, ...command }) {
      const before = responsePlans.get(key)
      if (!before && responsePlans.size >= plansMax)
        throw new Rejected('LIMIT_REACHED', `At most ${plansMax} plans can be defined.`)
      const content = contentOf(command)
      const version = nextVersion(before, content)
      if (version === undefined) return []
      return [{ type: 'PlanDefined', data: { key, version, ...content } }]
    },
    RetirePlan({ responsePlans }, { key, reason }) {
      const plan = responsePlans.get(key)
      if (!plan) throw new Rejected('UNKNOWN_PLAN', 'No response plan has this key.', { key })
      if (plan.retiredAt !== undefined) return []
      return [{ type: 'PlanRetired', data: { key, ...(reason !== undefined && { reason }) } }]
    },
  },
  evolve: {
    PlanDefined: (plans, { data: { key, steps, ...rest } }) =>
      put(plans, key, { ...rest, steps: readableSteps(steps) }),
    PlanRetired(plans, { data: { key }, occurredAt: retiredAt }) {
      const plan = plans.get(key)
      return plan ? put(plans, key, { ...plan, retiredAt }) : plans
    },
  },
  narrate: {
    PlanDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of the response plan “${data.name}” (${data.key})`,
      ),
    PlanRetired: ({ data, actor }, name, { responsePlans }) =>
      fact(
        `${name(actor)} retired the response plan “${responsePlans.get(data.key)?.name ?? data.key}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    PlanDefined: {
      key: 'PLAIN',
      name: 'TEXT',
      description: 'TEXT',
      types: 'PLAIN',
      severities: 'PLAIN',
      services: 'PLAIN',
      steps: 'TEXT',
    },
    PlanRetired: { key: 'PLAIN', reason: 'TEXT' },
  },
}

/** As it is stored: the same plan is the same bytes, in whatever order it was said. */
const contentOf = ({
  types = [],
  severities = [],
  services = [],
  inOrder = false,
  steps,
  ...rest
}: Omit<DefinePlan, 'key'>): Omit<ResponsePlan, 'version' | 'retiredAt'> => ({
  ...rest,
  types: types.toSorted(),
  severities: severities.toSorted(),
  services: sorted(services),
  inOrder,
  steps: settledSteps(steps),
})
