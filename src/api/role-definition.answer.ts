import type { Policy } from '../incident/policy.js'
import { type RoleKey, roleWords } from '../incident/role-keys.js'
import type { RoleDefinition } from '../schema.generated.js'

/** What a role means: as defined, else as it is where nobody defined it. */
export function roleDefinitionAnswer(role: RoleKey, { roleCatalogue }: Policy): RoleDefinition {
  const { duties, ...defined } = roleCatalogue.get(role) ?? undefinedRole(role)
  return { role, ...defined, duties: [...duties] }
}

const undefinedRole = (role: RoleKey) => ({
  version: 0,
  name: roleWords[role],
  duties: [],
  exclusive: role === 'INCIDENT_COMMANDER',
  required: false,
  qualified: false,
})
