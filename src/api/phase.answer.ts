import { isRunning } from '../incident/guards.js'
import { phaseOf } from '../incident/phases.js'
import { phasePeriods } from '../replays/phases.js'
import type { IncidentPart } from './asked-incident.js'

/** How far the response is, and for how long it was so far. */
export const phaseAnswers = {
  phase: ({ state }) => phaseOf(state),
  phases: asked => asked.fromRecord(phasePeriods),
  emergencyMode: ({ state }) => isRunning(state),
} satisfies IncidentPart
