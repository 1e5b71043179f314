import { fromWire } from '../auth/scopes.js'
import type { Directory } from '../commands/directory.js'
import type { ApiKey, CustomField } from '../schema.generated.js'
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

/** A custom field as it is defined now. */
export function customFieldAnswer(key: string, { policy }: Directory): CustomField {
  const { options, ...field } = policy.customFields.get(key)!
  return { key, ...field, options: [...options] }
}
