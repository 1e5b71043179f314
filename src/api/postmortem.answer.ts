import { whole } from '../replays/in-parts.js'
import { postmortemInParts } from '../replays/postmortem.js'
import type { Postmortem } from '../schema.generated.js'
import type { AskedIncident } from './asked-incident.js'
import { actorAnswer, personAnswer } from './person.answer.js'
import { taskAnswer } from './task.answer.js'
import { entryAnswer } from './timeline.answer.js'

/** While the organisation changes so often, it is made at once in the end. */
const triesMax = 3

/** The postmortem, with the directory's revision that its names come from. */
export async function postmortemAnswer(asked: AskedIncident): Promise<Postmortem> {
  const { id, directory, nameIn, inSlices } = asked
  const events = await asked.events
  const work = () => postmortemInParts(events, nameIn(events))
  let organisationRevision = directory.revision
  let report = await inSlices(work())
  for (let tries = 2; directory.revision !== organisationRevision; tries++) {
    // Meanwhile somebody may have come to be called otherwise, in the midst of it.
    organisationRevision = directory.revision
    report = tries < triesMax ? await inSlices(work()) : whole(work())
  }
  const moment = events.at(-1)?.recordedAt ?? ''
  return {
    ...report,
    organisationRevision,
    milestones: [...report.milestones],
    durations: [...report.durations],
    gaps: [...report.gaps],
    agenda: [...report.agenda],
    severityHistory: report.severityHistory.map(({ by, ...period }) => ({
      ...period,
      by: actorAnswer(by, directory),
    })),
    commandHistory: report.commandHistory.map(({ commander, ...period }) => ({
      ...period,
      commander: commander === null ? null : personAnswer(commander, directory),
    })),
    tasks: report.tasks.map(task => taskAnswer(id, task, moment, directory)),
    keyEntries: report.keyEntries.map(entry => entryAnswer(entry, directory)),
    timeline: report.timeline.map(entry => entryAnswer(entry, directory)),
  }
}
