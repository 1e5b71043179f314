import type { IncidentTaken } from '../commands/handle-incident.js'
import type { Incidents } from './asked-incident.js'
import { cursorOf } from './cursor.js'
import { eventAnswer } from './event.answer.js'
import type { OperationContext } from './pipeline.js'
import type { Sight } from './sight.js'

/** The answer to a command. */
export function receiptAnswer(
  id: string,
  { state, revision, events, position, viewsCaughtUp, isPast }: IncidentTaken,
  incidents: Incidents,
  sight: Sight,
  { principal }: OperationContext,
) {
  // As it was then it gives nobody the rights that they had then.
  const then = isPast ? { moment: events.at(-1)!.recordedAt } : {}
  return {
    incident: () => incidents.answer({ id, state, revision, ...then }, principal),
    events: async () =>
      (await sight.told(events, principal)).map(event => eventAnswer(event, incidents.directory)),
    revision,
    position: position === null ? null : cursorOf(events.at(-1)!),
    viewsCaughtUp,
  }
}
