import type { Directory } from '../commands/directory.js'
import type { Incident } from '../incident/incident.js'
import type { Member } from '../schema.generated.js'
import { personAnswer } from './person.answer.js'

/** Whom an incident is restricted to. */
export const membersAnswer = ({ visibility }: Incident, directory: Directory): Member[] =>
  [...visibility.members].map(([id, kind]) =>
    kind === 'USER'
      ? { person: personAnswer(id, directory), key: null }
      : { person: null, key: id },
  )
