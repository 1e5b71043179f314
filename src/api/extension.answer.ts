import type { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { type TaskExtension as Extension, extensionHistory } from '../replays/extension-history.js'
import type { TaskExtension } from '../schema.generated.js'
import { pageOf } from './connection.js'
import { actorAnswer } from './person.answer.js'

interface ExtensionPage {
  readonly taskId?: string | null
  readonly first: number
  readonly after?: string | null
}

/** How tasks got more time, or did not. */
export const extensionAnswers = (
  events: () => Promise<readonly StoredEvent[]>,
  directory: Directory,
) => ({
  async extensions({ taskId, ...page }: ExtensionPage) {
    const all = extensionHistory(await events())
    const wanted = all.filter(one => taskId == null || one.taskId === taskId.toLowerCase())
    return pageOf(
      wanted,
      ({ eventId }) => eventId,
      page,
      one => extensionAnswer(one, directory),
    )
  },
})

const extensionAnswer = (
  { by, answeredBy, ...extension }: Extension,
  directory: Directory,
): TaskExtension => ({
  ...extension,
  by: actorAnswer(by, directory),
  answeredBy: answeredBy && actorAnswer(answeredBy, directory),
})
