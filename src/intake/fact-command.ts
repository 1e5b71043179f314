import type { IncidentCommand } from '../incident/incident.js'
import { severityLevels } from '../incident/severity-levels.js'
import type { Fact } from './incident-file.js'

/** The commands that a fact comes to, if there are any for it: a fact may set the severity as it ends something. */
export function commandsBeside(fact: Fact): IncidentCommand[] {
  return [severitySet(fact), moved(fact)].filter(command => command !== undefined)
}

function severitySet({ text, severity }: Fact): IncidentCommand | undefined {
  const level = severityLevels.find(level => level === severity?.toUpperCase().replace('-', ''))
  return level && { type: 'SetSeverity', data: { level, reason: text } }
}

function moved({ kind, text }: Fact): IncidentCommand | undefined {
  if (kind === 'MITIGATED') return { type: 'MitigateIncident', data: { summary: text } }
  if (kind === 'RESOLVED') return { type: 'ResolveIncident', data: { summary: text } }
  if (kind === 'REOPENED') return { type: 'ReopenIncident', data: { reason: text } }
  return undefined
}
