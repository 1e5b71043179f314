import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'
import { Line, Prose } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { type RoleKey, roleKeys } from '../incident/role-keys.js'
import { type SeverityLevel, rank, severityLevels } from '../incident/severity-levels.js'
import type { ScaleLevel, SeverityScale } from '../incident/severity-scale.js'
import type { Organisation } from './organisation.js'
import { nextVersion } from './versions.js'

/** One that changes more often than this says nothing. */
const versionsMax = 200
/** What takes longer to bring together than a day is not urgent. */
const withinMinutesMax = 1440
/** Where a level does not say it; the same where nobody has settled anything. */
const usualMinutes = 5

type Level = ScaleLevel['level']
const levels = severityLevels.filter((level): level is Level => level !== 'UNDETERMINED')

/** From when on it is of this level. */
export class CriteriaInput {
  @IsOptional() @IsNumber() @Min(0) @Max(100) usersAffectedPct?: number
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) durationMinutes?: number
}
/** What an incident of a level needs. */
export class LevelPoliciesInput {
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(roleKeys, { each: true })
  requiredRoles?: RoleKey[]
  @IsOptional() @IsIn([true, false]) warRoom?: boolean
  @IsOptional() @IsIn([true, false]) serviceOwners?: boolean
  @IsOptional() @IsInt() @Min(1) @Max(withinMinutesMax) withinMinutes?: number
}
export class ScaleLevelInput {
  static readonly nested = { criteria: CriteriaInput, policies: LevelPoliciesInput }
  @IsIn(levels) level!: SeverityLevel
  @Line(100) name!: string
  @IsOptional() @Prose(1000) description?: string
  @IsOptional() @ValidateNested() criteria?: CriteriaInput
  @IsOptional() @ValidateNested() policies?: LevelPoliciesInput
}
const Levels = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMinSize(1)(target, field)
  ArrayMaxSize(levels.length)(target, field)
  ValidateNested()(target, field)
}
export class DefineSeverityScale {
  static readonly nested = { levels: ScaleLevelInput }
  @Levels() levels!: ScaleLevelInput[]
}
export interface SeverityScaleCommands {
  DefineSeverityScale: DefineSeverityScale
}
export interface SeverityScaleEvents {
  SeverityScaleDefined: { version: number; levels: readonly ScaleLevel[] }
}

export const severityScales: Facet<
  Organisation,
  readonly SeverityScale[],
  SeverityScaleCommands,
  SeverityScaleEvents
> = {
  initial: [],
  payloads: { DefineSeverityScale },
  may: { DefineSeverityScale: () => {} },
  after: { DefineSeverityScale: () => undefined },
  decide: {
    DefineSeverityScale({ severityScales }, { levels: given }) {
      const levels = settledLevels(given)
      const version = nextVersion(severityScales.at(-1), { levels })
      if (version === undefined) return []
      if (severityScales.length >= versionsMax)
        throw new Rejected('LIMIT_REACHED', `A scale has at most ${versionsMax} versions.`)
      return [{ type: 'SeverityScaleDefined', data: { version, levels } }]
    },
  },
  evolve: {
    /** An erased list reads as a string: then nothing is known of that version but that there was one. */
    SeverityScaleDefined: (scales, { data: { version, levels } }) => [
      ...scales,
      { version, levels: Array.isArray(levels) ? levels : [] },
    ],
  },
  narrate: {
    SeverityScaleDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of the severity scale${
          Array.isArray(data.levels)
            ? `: ${data.levels.map(({ level, name }) => `${level} is “${name}”`).join(', ')}`
            : ''
        }`,
      ),
  },
  sensitive: { SeverityScaleDefined: { levels: 'TEXT' } },
}

/** The worst first, and of each what is asked if it is not said; throws `Rejected` if one is there twice. */
function settledLevels(given: readonly ScaleLevelInput[]): ScaleLevel[] {
  if (new Set(given.map(({ level }) => level)).size < given.length)
    throw new Rejected('INVALID_INPUT', 'Each level is defined once.', { fields: ['levels'] })
  return given
    .map(({ level, criteria = {}, policies = {}, ...words }) => ({
      level: level as Level,
      ...words,
      criteria: { ...criteria },
      policies: {
        requiredRoles: roleKeys.filter(role => policies.requiredRoles?.includes(role)),
        warRoom: policies.warRoom ?? false,
        serviceOwners: policies.serviceOwners ?? false,
        withinMinutes: policies.withinMinutes ?? usualMinutes,
      },
    }))
    .toSorted((a, b) => rank(a.level) - rank(b.level))
}
