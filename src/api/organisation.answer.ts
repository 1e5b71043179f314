import { fromWire } from '../auth/scopes.js'
import type { Directory } from '../commands/directory.js'
import { type SettledValue, fieldTypes, members } from '../incident/custom-field.js'
import type { Fields } from '../incident/custom-fields.js'
import type {
  ApiKey,
  CustomField,
  CustomFieldValue,
  IncidentTemplate,
} from '../schema.generated.js'
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
    return { key, name, type, ...valueAnswer(value, directory), setAt }
  })

/** A template as it is defined now. */
export function templateAnswer(key: string, directory: Directory): IncidentTemplate {
  const template = directory.policy.incidentTemplates.get(key)!
  const { services = [], labels = [], customFields = [], ...rest } = template
  return {
    key,
    ...rest,
    services: [...services],
    labels: [...labels],
    customFields: customFields.map(({ key, value }) => ({ key, ...valueAnswer(value, directory) })),
  }
}

function valueAnswer({ options, person, ...rest }: SettledValue, directory: Directory) {
  return {
    ...rest,
    ...(options && { options: [...options] }),
    ...(person !== undefined && { person: personAnswer(person, directory) }),
  }
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** A custom field as it is defined now. */
export function customFieldAnswer(key: string, { policy }: Directory): CustomField {
  const { options, ...field } = policy.customFields.get(key)!
  return { key, ...field, options: [...options] }
}
