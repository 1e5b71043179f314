import { Rejected } from '../decider/facet.js'
import type { People } from './people.js'

/** The id of the person whose id or handle this is; throws `Rejected('UNKNOWN_PERSON')`. */
export function knownPerson(people: People, idOrHandle: string): string {
  if (people.has(idOrHandle)) return idOrHandle
  for (const [id, { handle }] of people) if (handle === idOrHandle) return id
  throw new Rejected('UNKNOWN_PERSON', 'No person has this id or handle.', { person: idOrHandle })
}
