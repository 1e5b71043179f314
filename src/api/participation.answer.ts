import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Incident as State } from '../incident/incident.js'
import { timeToInnocence } from '../replays/innocence.js'
import {
  participation,
  presencePeriods,
  teamsInvolved,
  whoWasOn,
} from '../replays/participation.js'
import { readiness } from '../replays/readiness.js'
import { timeToRightOwner } from '../replays/right-owner.js'
import { personAnswer } from './person.answer.js'

/** Who had a part, when and for how long, and whether what is needed is there. */
export function participationAnswers(
  state: State,
  events: () => Promise<readonly StoredEvent[]>,
  moment: () => string,
  directory: Directory,
) {
  const someone = (id: string) => personAnswer(id, directory)
  return {
    whoIsOn: async ({ at }: { at: string }) =>
      whoWasOn(presencePeriods(await events()), at).map(
        ({ person, from: _, until: __, ...period }) => ({ ...period, person: someone(person) }),
      ),
    participation: async () =>
      participation(await events()).map(({ person, periods, minutes }) => ({
        minutes,
        periods: [...periods],
        person: someone(person),
      })),
    teamsInvolved: async () =>
      teamsInvolved(presencePeriods(await events())).map(({ people, ...team }) => ({
        ...team,
        people: people.map(someone),
      })),
    readiness: () => readiness(state, moment()),
    timeToInnocence: async () => {
      const { samples, ...counted } = timeToInnocence(await events())
      const shown = samples.map(({ person, eventIds, ...one }) => ({
        ...one,
        eventIds: [...eventIds],
        person: person === null ? null : someone(person),
      }))
      return { ...counted, samples: shown }
    },
    timeToRightOwner: async () => {
      const found = timeToRightOwner(await events())
      if (!found) return null
      const { person, eventIds, ...rest } = found
      return { ...rest, eventIds: [...eventIds], person: person === null ? null : someone(person) }
    },
  }
}
