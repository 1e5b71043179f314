import { fromWire } from '../auth/scopes.js'
import type { Directory } from '../commands/directory.js'
import { fieldTypes, members } from '../incident/custom-field.js'
import type { Fields } from '../incident/custom-fields.js'
import type { ApiKey, CustomField, CustomFieldValue } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** A key as the SDL speaks of it. */
export function apiKeyAnswer(id: string, directory: Directory): ApiKey {
  const { owner, scopes, digest: _, ...key } = directory.keys.get(id)!
  return {
    id,
    ...key,
    scopes: scopes.map(fromWire).filter(scope => scope !== undefined),
    owner: owner === undefined ? null : personAnswer(owner, directory),
  }
}

/** What an incident's custom fields say, as they were called and taken when that was decided. */
export const fieldsAnswer = (fields: Fields, directory: Directory): CustomFieldValue[] =>
  [...fields].toSorted(byKey).flatMap(([key, { name, value, setAt }]) => {
    const type = value && fieldTypes.find(type => members[type] in value)
    if (!type) return []
    const { options, person, ...rest } = value
    return {
      key,
      name,
      type,
      ...rest,
      ...(options && { options: [...options] }),
      ...(person !== undefined && { person: personAnswer(person, directory) }),
      setAt,
    }
  })

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** A custom field as it is defined now. */
export function customFieldAnswer(key: string, { policy }: Directory): CustomField {
  const { options, ...field } = policy.customFields.get(key)!
  return { key, ...field, options: [...options] }
}
