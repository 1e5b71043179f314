import { digestOf } from '../event-store/stored-event.js'

/** Of a digest, in the name of a fact. */
export const digestCharacters = 32

/** A name for each fact, from what it says; equal ones are counted. */
export function namesOf(slug: string, facts: readonly object[]): string[] {
  const seen = new Map<string, number>()
  return facts.map(fact => {
    const name = `import:${slug}:${digestOf(fact).slice(0, digestCharacters)}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}:${count}`
  })
}
