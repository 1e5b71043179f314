import { type Context, Rejected } from '../decider/facet.js'
import type { Incident } from './incident.js'

/** Events about the record and not about the incident: they say something of other entries. */
const ofTheRecord: ReadonlySet<string> = new Set([
  'EntryCorrected',
  'EntryRetracted',
  'KeyEntryMarked',
  'KeyEntryUnmarked',
  'EvidenceAttached',
])
export const isAboutRecord = ({ type }: { readonly type: string }) => ofTheRecord.has(type)

/** An entry that tells of the incident, and was not taken back; else throws `Rejected`. */
export function requireEntry({ notes }: Incident, eventId: string, { event }: Context): void {
  const entry = event(eventId)
  if (!entry) throw new Rejected('ENTRY_NOT_FOUND', 'There is no such entry here.', { eventId })
  if (isAboutRecord(entry))
    throw new Rejected('ABOUT_THE_RECORD', 'This entry only says something of another.', {
      eventId,
    })
  if (notes.amended.get(eventId)?.retracted)
    throw new Rejected('ENTRY_RETRACTED', 'This entry was retracted.', { eventId })
}
