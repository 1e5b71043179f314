import { Rejected } from '../decider/facet.js'
import { groupNamed } from './handle.js'
import type { Organisation } from './organisation.js'

/** The id of the person whose id or handle this is; throws `Rejected` (UNKNOWN_PERSON, GROUP_ASSIGNEE). */
export function knownPerson(
  { people, groups }: Pick<Organisation, 'people' | 'groups'>,
  idOrHandle: string,
): string {
  if (people.has(idOrHandle)) return idOrHandle
  for (const [id, { handle }] of people) if (handle === idOrHandle) return id
  if (groups.has(idOrHandle)) throw groupNamed(idOrHandle)
  throw new Rejected('UNKNOWN_PERSON', 'No person has this id or handle.', { person: idOrHandle })
}

/** The ids of several, each once and in the order they were named. */
export const knownPeople = (
  organisation: Pick<Organisation, 'people' | 'groups'>,
  idsOrHandles: readonly string[],
): string[] => [...new Set(idsOrHandles.map(one => knownPerson(organisation, one)))]
