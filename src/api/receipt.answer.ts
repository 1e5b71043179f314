import type { IncidentTaken } from '../commands/handle-incident.js'
import { eventAnswer } from './event.answer.js'
import { cursorOf } from './cursor.js'
import type { Incidents } from './incident.answer.js'
import type { OperationContext } from './pipeline.js'

/** The answers to commands. */
export class Receipts {
  constructor(private readonly incidents: Incidents) {}

  of(id: string, taken: IncidentTaken, { principal }: OperationContext) {
    const { state, revision, events, position, viewsCaughtUp } = taken
    const { directory } = this.incidents
    return {
      incident: () => this.incidents.answer({ id, state, revision }, principal),
      events: () => events.map(event => eventAnswer(event, directory)),
      revision,
      position: position === null ? null : cursorOf(events.at(-1)!),
      viewsCaughtUp,
    }
  }
}
