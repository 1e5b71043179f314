import type { Directory } from '../commands/directory.js'
import type { DecidedEvent } from '../commands/folded.js'
import { openly } from '../incident/command-only.js'
import { wireType } from '../replays/wire-type.js'
import type { Event } from '../schema.generated.js'
import { actorAnswer } from './person.answer.js'

/** A stored event as the SDL speaks of it. */
export function eventAnswer(event: DecidedEvent, directory: Directory): Event {
  const { stream, type, schemaVersion, actor, commandDigest: _, ...rest } = event
  const incidentId = incidentIdOf(stream)
  return {
    ...rest,
    incidentId,
    data: openly(type, event.data),
    type: wireType(incidentId ? 'incident' : 'organisation', type, schemaVersion),
    actor: actorAnswer(actor, directory),
  }
}

const prefix = 'incident-'
export const incidentIdOf = (stream: string): string | null =>
  stream.startsWith(prefix) ? stream.slice(prefix.length) : null
