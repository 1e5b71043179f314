import type { Organisation } from './organisation.js'
import type { People } from './people.js'

/** Room for a number behind it. */
const madeHandleMax = 32

/**
 * The id of the person whom an import registered under this name; undefined if none did. Whoever was
 * registered by hand is somebody else: that two have one name does not make them one.
 */
export function importedPerson(people: People, name: string): string | undefined {
  for (const [id, person] of people) if (person.imported && person.name === name) return id
  return undefined
}

/** A handle that nobody has, as like the name as can be: `jose-garcia`, then `jose-garcia-2`. */
export function handleFor(name: string, { people, groups }: Organisation): string {
  const taken = new Set([...[...people.values()].map(({ handle }) => handle), ...groups.keys()])
  const like = likeName(name)
  const wanted = like.length < 2 ? 'person' : like
  for (let n = 1; ; n++) {
    const handle = n === 1 ? wanted : `${wanted}-${n}`
    if (!taken.has(handle)) return handle
  }
}

const likeName = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, madeHandleMax)
    .replace(/^-|-$/g, '')
