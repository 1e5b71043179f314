import { ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator'
import { DefinitionKey, Line, Prose } from '../decider/bounds.js'
import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { inForce } from '../incident/checklist.js'
import { type Audience, audiences as allAudiences } from '../incident/audiences.js'
import { type EngagedFunction, engagedFunctions } from '../incident/engaged-functions.js'
import { type IncidentType, incidentTypes as allTypes } from '../incident/incident-kinds.js'
import type { TypeDefinition, TypeDefinitions } from '../incident/incident-type.js'
import type { EscalationTier } from '../incident/service-owner.js'
import { type VisibilityLevel, visibilityLevels } from '../incident/visibility-levels.js'
import {
  EscalationTierInput,
  EscalationTiers,
  readableTiers,
  settledTiers,
} from './escalation-tiers.js'
import type { Organisation } from './organisation.js'
import { nextVersion } from './versions.js'

const SetOf = (known: readonly string[]) => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayUnique()(target, field)
  IsIn(known, { each: true })(target, field)
}
export class DefineIncidentType {
  static readonly nested = { route: EscalationTierInput }
  @IsIn(allTypes) type!: IncidentType
  @IsOptional() @Prose(4000) description?: string
  @IsOptional() @EscalationTiers() route?: EscalationTierInput[]
  @IsOptional() @Line(200) channel?: string
  @IsOptional() @DefinitionKey() playbook?: string
  @IsOptional() @IsIn(visibilityLevels) visibility?: VisibilityLevel
  @IsOptional() @SetOf(allAudiences) audiences?: Audience[]
  @IsOptional() @SetOf(engagedFunctions) functions?: EngagedFunction[]
}
export interface IncidentTypeCommands {
  DefineIncidentType: DefineIncidentType
}
export interface IncidentTypeEvents {
  IncidentTypeDefined: {
    type: IncidentType
    version: number
    description?: string
    route: readonly EscalationTier[]
    channel?: string
    playbook?: string
    visibility?: VisibilityLevel
    audiences?: readonly Audience[]
    functions: readonly EngagedFunction[]
  }
}

export const incidentTypes: Facet<
  Organisation,
  TypeDefinitions,
  IncidentTypeCommands,
  IncidentTypeEvents
> = {
  initial: new Map(),
  payloads: { DefineIncidentType },
  may: { DefineIncidentType: () => {} },
  after: { DefineIncidentType: () => undefined },
  decide: {
    DefineIncidentType(organisation, { type, ...command }) {
      const content = contentOf(command, organisation)
      const version = nextVersion(organisation.incidentTypes.get(type), content)
      if (version === undefined) return []
      return [{ type: 'IncidentTypeDefined', data: { type, version, ...content } }]
    },
  },
  evolve: {
    IncidentTypeDefined: (types, { data: { type, route, ...rest } }) =>
      put(types, type, { ...rest, route: readableTiers(route) }),
  },
  narrate: {
    IncidentTypeDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of how ${data.type.toLowerCase()} incidents are handled`,
      ),
  },
  sensitive: {
    IncidentTypeDefined: {
      description: 'TEXT',
      route: 'PERSON',
      channel: 'TEXT',
      playbook: 'PLAIN',
      audiences: 'PLAIN',
      functions: 'PLAIN',
    },
  },
}

/** As it is stored; throws `Rejected` for a playbook that nobody can begin. */
function contentOf(
  { route = [], audiences, functions = [], ...rest }: Omit<DefineIncidentType, 'type'>,
  organisation: Organisation,
): Omit<TypeDefinition, 'version'> {
  const { playbook: key } = rest
  if (key !== undefined) inForce('RUNBOOK', organisation.runbooks, { key })
  return {
    ...rest,
    route: settledTiers(organisation, route),
    ...(audiences && { audiences: allAudiences.filter(one => audiences.includes(one)) }),
    functions: engagedFunctions.filter(one => functions.includes(one)),
  }
}
