import type { Directory } from '../commands/directory.js'
import type { ServiceOwner } from '../incident/service-owner.js'
import type { Service } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** Whom to call about a service, as it was or is registered. */
export function serviceAnswer(
  key: string,
  { owners, contacts, escalation, ...rest }: ServiceOwner,
  directory: Directory,
): Service {
  const people = (ids: readonly string[]) => ids.map(id => personAnswer(id, directory))
  return {
    key,
    ...rest,
    owners: people(owners),
    contacts: contacts.map(contact => ({ ...contact })),
    escalation: escalation.map(tier => ({ ...tier, people: people(tier.people) })),
  }
}
