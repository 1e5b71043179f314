import type { StoredEvent } from '../event-store/stored-event.js'
import { isRunning } from '../incident/guards.js'
import type { Incident as State } from '../incident/incident.js'
import { phaseOf } from '../incident/phases.js'
import { phasePeriods } from '../replays/phases.js'

/** How far the response is, and for how long it was so far. */
export const phaseAnswers = (
  state: State,
  events: () => Promise<readonly StoredEvent[]>,
  now: () => string,
) => ({
  phase: phaseOf(state),
  phases: async () => phasePeriods(await events(), now()),
  emergencyMode: isRunning(state),
})
