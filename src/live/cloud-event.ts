import { cursorOf } from '../api/cursor.js'
import { incidentIdOf } from '../api/event.answer.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { openly } from '../incident/command-only.js'
import { wireType } from '../replays/wire-type.js'

/** As many digits as a revision can have: padded, they are ordered as texts are. */
const revisionDigits = 9

/**
 * An event as CloudEvents 1.0 has it, in its JSON format. It says all that the SDL's `Event` does but
 * people's names, which may change: the same event is the same bytes for ever, for the same asker.
 * `event` is as it is told to them; `schemaOf` is where the schema of a wire type is read, if there is one.
 *
 * A source is one stream, because `sequence` orders the events of a source. Of the extensions,
 * `sequence`, `partitionkey`, `recordedtime`, `correlationid` and `causationid` are CloudEvents' own.
 */
export function cloudEvent(event: StoredEvent, schemaOf: (wireType: string) => string | undefined) {
  const { stream, revision, actor, timing, occurredUntil, overrideReason } = event
  const { policyRevision, causationId, commandId } = event
  const incidentId = incidentIdOf(stream)
  const type = wireType(incidentId ? 'incident' : 'organisation', event.type, event.schemaVersion)
  const dataschema = schemaOf(type)
  return {
    specversion: '1.0',
    id: event.id,
    source: incidentId ? `/incidents/${incidentId}` : `/${stream}`,
    type,
    ...(incidentId && { subject: incidentId }),
    time: event.occurredAt,
    datacontenttype: 'application/json',
    ...(dataschema !== undefined && { dataschema }),
    sequence: String(revision).padStart(revisionDigits, '0'),
    partitionkey: incidentId ?? stream,
    recordedtime: event.recordedAt,
    correlationid: event.correlationId,
    ...(causationId !== undefined && { causationid: causationId }),
    cursor: cursorOf(event),
    revision,
    mode: event.mode,
    actortype: actor.type,
    actorid: actor.id,
    ...(actor.via !== undefined && { actorvia: actor.via }),
    ...(timing !== undefined && { timing }),
    ...(occurredUntil !== undefined && { occurreduntil: occurredUntil }),
    ...(overrideReason !== undefined && { overridereason: lineOf(overrideReason) }),
    ...(policyRevision !== undefined && { policyrevision: policyRevision }),
    ...(commandId !== undefined && { commandid: lineOf(commandId) }),
    hash: event.hash,
    data: openly(event.type, event.data),
  }
}

/** CloudEvents 1.0, 3.1: a String has no control characters and no noncharacters. */
const lineOf = (text: string): string => text.replace(/[\p{Cc}\p{NChar}]/gu, ' ')
