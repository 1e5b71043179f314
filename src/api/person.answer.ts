import type { Directory } from '../commands/directory.js'
import type { Actor } from '../decider/facet.js'
import type { Actor as ActorAnswer, Person } from '../schema.generated.js'

/** A person as the SDL speaks of them. */
export function personAnswer(id: string, directory: Directory): Person {
  const { handle = id, timeZone = null, imported = false } = directory.people.get(id) ?? {}
  return { id, handle, name: directory.name(id), timeZone, imported }
}

/** Whoever did something, as the SDL speaks of them. */
export const actorAnswer = (actor: Actor, directory: Directory): ActorAnswer => ({
  ...actor,
  name: directory.name(actor),
})
