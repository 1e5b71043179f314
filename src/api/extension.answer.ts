import type { Directory } from '../commands/directory.js'
import { type TaskExtension as Extension, extensionHistory } from '../replays/extension-history.js'
import type { TaskExtension } from '../schema.generated.js'
import type { IncidentPart } from './asked-incident.js'
import { pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

interface ExtensionPage {
  readonly taskId?: string | null
  readonly first: number
  readonly after?: string | null
}

/** How tasks got more time, or did not. */
export const extensionAnswers = {
  async extensions(asked, { taskId, ...page }: ExtensionPage) {
    const all = await asked.fromRecord(extensionHistory)
    const wanted = all.filter(one => taskId == null || one.taskId === taskId.toLowerCase())
    return pageOf(
      wanted,
      ({ eventId }) => eventId,
      page,
      one => extensionAnswer(one, asked.directory),
    )
  },
} satisfies IncidentPart

const extensionAnswer = (
  { by, answeredBy, ...extension }: Extension,
  directory: Directory,
): TaskExtension => ({
  ...extension,
  by: actorAnswer(by, directory),
  answeredBy: answeredBy && actorAnswer(answeredBy, directory),
})
