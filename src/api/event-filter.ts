import { Directory, organisationStream } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import type { Principal } from '../auth/principal.js'
import { lacking } from '../auth/scopes.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { wireType } from '../replays/wire-type.js'
import type { EventFilter } from '../schema.generated.js'
import { incidentIdOf } from './event.answer.js'

const typesMax = 100

/**
 * A filter with people as their ids and ids as they are stored. Throws `Rejected('SCOPE_MISSING')` for what
 * the principal may not ask.
 */
export function filterOf<Filter extends EventFilter>(
  given: Filter | null | undefined,
  { scopes }: Principal,
  directory: Directory,
) {
  if (given?.includeOrganisation && !scopes.has('AUDIT_READ')) throw lacking('AUDIT_READ')
  const actor = given?.actor
  return {
    ...given,
    incidentId: given?.incidentId?.toLowerCase() ?? null,
    // Who is no person may be a key, or a part of the ledger.
    actor: actor == null ? null : (directory.known(actor) ?? actor),
  }
}

/** The ledger's own streams are shown to nobody. */
export function shownBy(filter: EventFilter) {
  const { incidentId, types, mode, includeOrganisation } = filter
  if (types && types.length > typesMax)
    throw new Rejected('INVALID_INPUT', `At most ${typesMax} types.`, { fields: ['types'] })
  return (event: StoredEvent): boolean => {
    const id = incidentIdOf(event.stream)
    if (id === null && (event.stream !== organisationStream || !includeOrganisation)) return false
    if (incidentId != null && id !== incidentId) return false
    if (mode && !mode.includes(event.mode)) return false
    if (!isBy(event, filter) || !isOfThen(event, filter)) return false
    const kind = id === null ? 'organisation' : 'incident'
    return !types || types.includes(wireType(kind, event.type, event.schemaVersion))
  }
}

const isBy = ({ actor }: StoredEvent, { actor: id, actorType, via }: EventFilter) =>
  (id == null || actor.id === id) &&
  (actorType == null || actorType.includes(actor.type)) &&
  (via == null || actor.via === via)

const isOfThen = ({ recordedAt, occurredAt }: StoredEvent, filter: EventFilter) =>
  isWithin(recordedAt, filter.recordedFrom, filter.recordedBefore) &&
  isWithin(occurredAt, filter.occurredFrom, filter.occurredBefore)

const isWithin = (instant: string, from?: string | null, before?: string | null) =>
  (from == null || instant >= from) && (before == null || instant < before)
