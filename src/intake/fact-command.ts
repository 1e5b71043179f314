import type { Incident, IncidentCommand } from '../incident/incident.js'
import { phaseKeys } from '../incident/phases.js'
import { severityLevels } from '../incident/severity-levels.js'
import { roleTaken } from './fact-roles.js'
import { taskTold } from './fact-tasks.js'
import { detailed } from './fact-words.js'
import type { Fact } from './incident-file.js'

/** Who asks for a command that a fact comes to: whom the fact names, unless it says so. */
export interface Step {
  readonly command: IncidentCommand
  readonly by?: string
}

/**
 * The command that says all that a fact says, where there is one: then it needs no other words. `at` is
 * when it happened.
 */
export function commandInstead(
  incident: Incident,
  fact: Fact,
  person: string | undefined,
  at: string,
): IncidentCommand | undefined {
  const text = detailed(fact)
  if (fact.kind === 'TASK_STARTED' || fact.kind === 'TASK_DONE')
    return taskTold(incident, fact, person, at)
  if (fact.kind === 'ACTION_ITEM') return { type: 'FlagFollowUp', data: { text } }
  if (fact.kind === 'HYPOTHESIS') return { type: 'ProposeHypothesis', data: { text } }
  // Accounts do not say of what kind it is, and their words are no evidence of it.
  if (fact.kind === 'CONTRIBUTING_FACTOR')
    return { type: 'RecordContributingFactor', data: { category: 'OTHER', statement: text } }
  // Of whom nothing is known, that they decided is no more than what somebody says.
  if (fact.kind === 'DECISION' && person !== undefined)
    return { type: 'Decide', data: { text, outcome: 'APPROVE' } }
  return undefined
}

/**
 * The commands that a fact comes to besides its words, if there are any for it, each in the light of
 * what was taken before: a fact may set the severity as it ends something. `person` is whom it names.
 */
export const stepsBeside = (
  fact: Fact,
  person: string | undefined,
): ((incident: Incident) => readonly Step[])[] => [
  () => severitySet(fact),
  () => moved(fact),
  () => entered(fact),
  incident => (person === undefined ? [] : took(incident, fact, person)),
]

function severitySet({ text, severity }: Fact): Step[] {
  const level = severityLevels.find(level => level === severity?.toUpperCase().replace('-', ''))
  return level ? [{ command: { type: 'SetSeverity', data: { level, reason: text } } }] : []
}

function moved({ kind, text }: Fact): Step[] {
  if (kind === 'MITIGATED')
    return [{ command: { type: 'MitigateIncident', data: { summary: text } } }]
  if (kind === 'RESOLVED')
    return [{ command: { type: 'ResolveIncident', data: { summary: text } } }]
  if (kind === 'REOPENED') return [{ command: { type: 'ReopenIncident', data: { reason: text } } }]
  return []
}

function entered({ kind, phase: said }: Fact): Step[] {
  const phase = phaseKeys.find(key => key === said?.toUpperCase())
  return kind === 'PHASE_ENTERED' && phase
    ? [{ command: { type: 'EnterPhase', data: { phase } } }]
    : []
}

/** What somebody took on, or laid down. */
function took({ handoff }: Incident, fact: Fact, person: string): Step[] {
  const { kind, text } = fact
  const { commander } = handoff
  const role = roleTaken(fact)
  if (kind === 'RESPONDER_JOINED') return [{ command: { type: 'JoinIncident', data: {} } }]
  if (kind === 'RESPONDER_LEFT') return [{ command: { type: 'LeaveIncident', data: {} } }]
  if (role === undefined) return []
  if (role !== 'INCIDENT_COMMANDER')
    return [{ command: { type: 'AssignRole', data: { role, person } } }]
  if (commander === null) return [{ command: { type: 'ClaimCommand', data: {} } }]
  if (kind === 'ROLE_TAKEN') return [{ command: { type: 'TakeCommand', data: { reason: text } } }]
  return commander === person
    ? []
    : [
        { command: { type: 'OfferHandoff', data: { to: person } }, by: commander },
        { command: { type: 'AcceptHandoff', data: {} } },
      ]
}
