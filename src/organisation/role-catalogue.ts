import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator'
import { Line, Prose } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import type { RoleCatalogue, RoleDefinition } from '../incident/role-definition.js'
import { type RoleKey, roleKeys } from '../incident/role-keys.js'
import type { Organisation } from './organisation.js'
import { nextVersion } from './versions.js'

/** More than that nobody reads while an incident runs. */
const dutiesMax = 20
const Duties = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMaxSize(dutiesMax)(target, field)
  Line(200, { each: true })(target, field)
}

export class DefineRole {
  @IsIn(roleKeys) role!: RoleKey
  @Line(100) name!: string
  @IsOptional() @Duties() duties?: string[]
  @IsOptional() @Prose(4000) instructions?: string
  @IsOptional() @IsIn([true, false]) exclusive?: boolean
  @IsOptional() @IsIn([true, false]) required?: boolean
  @IsOptional() @IsIn([true, false]) qualified?: boolean
}
export interface RoleCatalogueCommands {
  DefineRole: DefineRole
}
export interface RoleCatalogueEvents {
  RoleDefined: { role: RoleKey } & RoleDefinition
}

export const roleCatalogue: Facet<
  Organisation,
  RoleCatalogue,
  RoleCatalogueCommands,
  RoleCatalogueEvents
> = {
  initial: new Map(),
  payloads: { DefineRole },
  may: { DefineRole: () => {} },
  after: { DefineRole: () => undefined },
  decide: {
    DefineRole({ roleCatalogue }, { role, ...command }) {
      const before = roleCatalogue.get(role)
      const content = contentOf(role, command)
      const version = nextVersion(before, content)
      if (version === undefined) return []
      return [{ type: 'RoleDefined', data: { role, version, ...content } }]
    },
  },
  evolve: {
    RoleDefined: (catalogue, { data: { role, duties, ...definition } }) =>
      put(catalogue, role, { ...definition, duties: Array.isArray(duties) ? duties : [] }),
  },
  narrate: {
    RoleDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of the role “${data.name}” (${data.role})`,
      ),
  },
  sensitive: { RoleDefined: { name: 'TEXT', duties: 'TEXT', instructions: 'TEXT' } },
}

/** There is at most one commander whatever is said: who says otherwise is told so. */
function contentOf(
  role: RoleKey,
  { name, duties = [], instructions, required = false, qualified = false, ...said }: Said,
) {
  const { exclusive = role === 'INCIDENT_COMMANDER' } = said
  if (role === 'INCIDENT_COMMANDER' && !exclusive)
    throw new Rejected('INVALID_INPUT', 'Nobody commands beside another.', {
      fields: ['exclusive'],
    })
  return {
    name,
    duties,
    ...(instructions !== undefined && { instructions }),
    exclusive,
    required,
    qualified,
  }
}
type Said = Omit<DefineRole, 'role'>
