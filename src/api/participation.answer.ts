import type { Directory } from '../commands/directory.js'
import type { StreamEvent } from '../replays/incident-at.js'
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
  whoIsOn: async (asked, { at }: { at: string }) =>
    whoWasOn(await asked.fromRecord(presence), at).map(
      ({ person, from: _, until: __, ...period }) => ({
        ...period,
        person: personAnswer(person, asked.directory),
      }),
    ),
  participation: async asked =>
    (await asked.fromRecord(parts)).map(({ person, periods, minutes }) => ({
      minutes,
      periods: [...periods],
      person: personAnswer(person, asked.directory),
    })),
  teamsInvolved: async asked =>
    teamsInvolved(await asked.fromRecord(presence)).map(({ people, ...team }) => ({
      ...team,
      people: people.map(id => personAnswer(id, asked.directory)),
    })),
  readiness: ({ state, now }) => readiness(state, now),
  timeToInnocence: async asked => {
    const { samples, ...counted } = await asked.fromRecord(innocence)
    return { ...counted, samples: samples.map(one => foundAnswer(one, asked.directory)) }
  },
  timeToRightOwner: async asked => {
    const found = await asked.fromRecord(rightOwner)
    return found && foundAnswer(found, asked.directory)
  },
} satisfies IncidentPart

const presence = (events: readonly StreamEvent[]) => presencePeriods(events)
const parts = (events: readonly StreamEvent[]) => participation(events)
const innocence = (events: readonly StreamEvent[]) => timeToInnocence(events)
const rightOwner = (events: readonly StreamEvent[]) => timeToRightOwner(events)

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
