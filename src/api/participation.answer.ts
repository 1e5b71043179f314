import type { Directory } from '../commands/directory.js'
import { timeToInnocence } from '../replays/innocence.js'
import {
  participation,
  presencePeriods,
  teamsInvolved,
  whoWasOn,
} from '../replays/participation.js'
import { readiness } from '../replays/readiness.js'
import { timeToRightOwner } from '../replays/right-owner.js'
import type { IncidentPart } from './asked-incident.js'
import { personAnswer } from './person.answer.js'

/** Who had a part, when and for how long, and whether what is needed is there. */
export const participationAnswers = {
  whoIsOn: async ({ events, directory }, { at }: { at: string }) =>
    whoWasOn(presencePeriods(await events), at).map(
      ({ person, from: _, until: __, ...period }) => ({
        ...period,
        person: personAnswer(person, directory),
      }),
    ),
  participation: async ({ events, directory }) =>
    participation(await events).map(({ person, periods, minutes }) => ({
      minutes,
      periods: [...periods],
      person: personAnswer(person, directory),
    })),
  teamsInvolved: async ({ events, directory }) =>
    teamsInvolved(presencePeriods(await events)).map(({ people, ...team }) => ({
      ...team,
      people: people.map(id => personAnswer(id, directory)),
    })),
  readiness: ({ state, now }) => readiness(state, now),
  async timeToInnocence({ events, directory }) {
    const { samples, ...counted } = timeToInnocence(await events)
    return { ...counted, samples: samples.map(one => foundAnswer(one, directory)) }
  },
  async timeToRightOwner({ events, directory }) {
    const found = timeToRightOwner(await events)
    return found && foundAnswer(found, directory)
  },
} satisfies IncidentPart

/** A time that was found in the record: whose it is, and by which events. */
const foundAnswer = <
  Found extends { readonly person: string | null; readonly eventIds: readonly string[] },
>(
  { person, eventIds, ...found }: Found,
  directory: Directory,
) => ({
  ...found,
  eventIds: [...eventIds],
  person: person === null ? null : personAnswer(person, directory),
})
