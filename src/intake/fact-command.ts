import type { IncidentCommand } from '../incident/incident.js'
import { severityLevels } from '../incident/severity-levels.js'
import type { Fact } from './incident-file.js'

/** The command that a fact comes to, if there is one for it. */
export function commandBeside(fact: Fact): IncidentCommand | undefined {
  const { kind, text, severity } = fact
  const level = severityLevels.find(level => level === severity?.toUpperCase().replace('-', ''))
  if (level) return { type: 'SetSeverity', data: { level, reason: text } }
  if (kind === 'MITIGATED') return { type: 'MitigateIncident', data: { summary: text } }
  if (kind === 'RESOLVED') return { type: 'ResolveIncident', data: { summary: text } }
  if (kind === 'REOPENED') return { type: 'ReopenIncident', data: { reason: text } }
  return undefined
}
