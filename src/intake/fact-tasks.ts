import type { Incident, IncidentCommand } from '../incident/incident.js'
import { titleCharacters } from '../incident/recorded-task.js'
import { tasksOf } from '../incident/task.js'
import { detailed } from './fact-words.js'
import type { Fact } from './incident-file.js'

/**
 * The command for a task that was started or done; none if its words are no title. What is done ends
 * what was started only where that is beyond doubt: the same words of the same person, and once.
 */
export function taskTold(
  incident: Incident,
  fact: Fact,
  person: string | undefined,
  at: string,
): IncidentCommand | undefined {
  const title = detailed(fact)
  if (title.length > titleCharacters || /[\n\r\t]/.test(title)) return undefined
  const assignee = person !== undefined && { assignee: person }
  if (fact.kind === 'TASK_STARTED')
    return { type: 'RecordTask', data: { title, status: 'IN_PROGRESS', ...assignee } }
  const [started, ...others] = tasksOf(incident).filter(
    task => task.title === title && task.assignee === person && task.endedAt === undefined,
  )
  return started && others.length === 0 && started.changedAt <= at
    ? { type: 'CompleteTask', data: { taskId: started.id } }
    : { type: 'RecordTask', data: { title, status: 'COMPLETED', ...assignee } }
}
