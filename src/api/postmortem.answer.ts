import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { postmortem } from '../replays/postmortem.js'
import type { Postmortem } from '../schema.generated.js'
import { actorAnswer, personAnswer } from './person.answer.js'
import type { NameIn } from './relations.answer.js'
import { taskAnswer } from './task.answer.js'
import { entryAnswer } from './timeline.answer.js'

/** The postmortem, with the directory's revision that its names come from. */
export function postmortemAnswer(
  id: string,
  events: readonly StoredEvent[],
  directory: Directory,
  nameIn: NameIn,
): Postmortem {
  const organisationRevision = directory.revision
  const report = postmortem(events, nameIn(events))
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
