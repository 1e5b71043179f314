import type { Directory } from '../commands/directory.js'
import type { Group } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** A group as it is defined now. */
export function groupAnswer(handle: string, directory: Directory): Group {
  const { members, ...group } = directory.policy.groups.get(handle)!
  return { handle, ...group, members: members.map(id => personAnswer(id, directory)) }
}
