import type { Directory } from '../commands/directory.js'
import type { DecidedEvent } from '../commands/folded.js'
import { openly } from '../incident/command-only.js'
import { wireType } from '../replays/wire-type.js'
import type { Event } from '../schema.generated.js'
import { actorAnswer } from './person.answer.js'

/** A stored event as the SDL speaks of it. Named one by one: to take from a copy costs more than twice that. */
export function eventAnswer(event: DecidedEvent, directory: Directory): Event {
  const incidentId = incidentIdOf(event.stream)
  return {
    id: event.id,
    type: wireType(incidentId ? 'incident' : 'organisation', event.type, event.schemaVersion),
    incidentId,
    revision: event.revision,
    occurredAt: event.occurredAt,
    timing: event.timing ?? null,
    occurredUntil: event.occurredUntil ?? null,
    recordedAt: event.recordedAt,
    actor: actorAnswer(event.actor, directory),
    overrideReason: event.overrideReason ?? null,
    mode: event.mode,
    policyRevision: event.policyRevision ?? null,
    correlationId: event.correlationId,
    causationId: event.causationId ?? null,
    commandId: event.commandId ?? null,
    data: openly(event.type, event.data),
    hash: event.hash,
  } satisfies Required<Event>
}

/** The event without the id of the other incident that it names. */
export const withoutOther = <Event extends DecidedEvent>(event: Event, other: string): Event => ({
  ...event,
  data: Object.fromEntries(
    Object.entries(event.data).map(([field, value]) => [field, value === other ? null : value]),
  ),
})

const prefix = 'incident-'
export const incidentIdOf = (stream: string): string | null =>
  stream.startsWith(prefix) ? stream.slice(prefix.length) : null
