import type { Directory } from '../commands/directory.js'
import type { IncidentSummary } from '../schema.generated.js'
import type { ListedIncident } from '../views/list-incidents.js'
import { personAnswer } from './person.answer.js'

/** An incident as lists show it. */
export const summaryAnswer = (
  { commander, quarantined: _, ...listed }: ListedIncident,
  directory: Directory,
): IncidentSummary => ({
  ...listed,
  commander: commander === null ? null : personAnswer(commander, directory),
})
