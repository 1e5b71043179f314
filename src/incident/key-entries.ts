import { IsUUID } from 'class-validator'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireEntry } from './entry.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'

/** Whether an entry belongs in the short story, by the entry's event id. */
export type KeyEntries = ReadonlyMap<string, { readonly isKey: boolean; readonly markedAt: string }>

/** Different entries that may be marked in one incident: a story of more is not short. */
const markedMax = 500

export class MarkKey {
  @IsUUID() eventId!: string
}
export class UnmarkKey {
  @IsUUID() eventId!: string
}
export interface KeyEntryCommands {
  MarkKey: MarkKey
  UnmarkKey: UnmarkKey
}
export interface KeyEntryEvents {
  KeyEntryMarked: { eventId: string }
  KeyEntryUnmarked: { eventId: string }
}

const lastMarked = ({ declaration, keyEntries }: Incident, { eventId }: MarkKey) =>
  latest(declaration.declaredAt, keyEntries.get(eventId)?.markedAt)

export const keyEntries: Facet<Incident, KeyEntries, KeyEntryCommands, KeyEntryEvents> = {
  initial: new Map(),
  payloads: { MarkKey, UnmarkKey },
  may: { MarkKey: requireDeclared, UnmarkKey: requireDeclared },
  after: { MarkKey: lastMarked, UnmarkKey: lastMarked },
  decide: {
    MarkKey(incident, { eventId }, context) {
      const { keyEntries } = incident
      if (keyEntries.get(eventId)?.isKey) return []
      requireEntry(incident, eventId, context)
      if (!keyEntries.has(eventId) && keyEntries.size >= markedMax)
        throw new Rejected('LIMIT_REACHED', `At most ${markedMax} entries can be marked.`)
      return [{ type: 'KeyEntryMarked', data: { eventId } }]
    },
    UnmarkKey({ keyEntries }, { eventId }, { event }) {
      if (!event(eventId))
        throw new Rejected('ENTRY_NOT_FOUND', 'There is no such entry here.', { eventId })
      return keyEntries.get(eventId)?.isKey ? [{ type: 'KeyEntryUnmarked', data: { eventId } }] : []
    },
  },
  evolve: {
    KeyEntryMarked: (entries, { data: { eventId }, occurredAt: markedAt }) =>
      put(entries, eventId, { isKey: true, markedAt }),
    KeyEntryUnmarked: (entries, { data: { eventId }, occurredAt: markedAt }) =>
      put(entries, eventId, { isKey: false, markedAt }),
  },
  narrate: {
    KeyEntryMarked: ({ actor }, name) => fact(`${name(actor)} marked an entry as key`),
    KeyEntryUnmarked: ({ actor }, name) =>
      fact(`${name(actor)} took the mark of a key entry off again`),
  },
  sensitive: { KeyEntryMarked: { eventId: 'PLAIN' }, KeyEntryUnmarked: { eventId: 'PLAIN' } },
}
