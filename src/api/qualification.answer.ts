import type { Directory } from '../commands/directory.js'
import type { RoleKey } from '../incident/role-keys.js'
import type { Qualification } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** What somebody is qualified for, if they are; `person` is an id or a handle. */
export function qualificationAnswer(
  person: string,
  role: RoleKey,
  directory: Directory,
): Qualification | null {
  const found = directory.policy.qualifications.get(directory.person(person))?.get(role)
  return found ? { ...found, person: personAnswer(found.person, directory) } : null
}
