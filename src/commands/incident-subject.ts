import { Rejected } from '../decider/facet.js'
import {
  type IncidentCommand,
  type IncidentDuty,
  type IncidentEvent,
  incidents,
} from '../incident/incident.js'
import type { Incident } from '../incident/incident.js'
import { statusOf } from '../incident/guards.js'
import { maySee } from '../incident/membership.js'
import type { Mode } from '../event-store/stored-event.js'
import { wireType } from '../replays/wire-type.js'
import type { Asked } from './asked.js'
import type { Subject } from './subject.js'

/** More would make one incident a burden to all who read it. */
const eventsMax = 50_000
/** Kept free so that a full incident can still be ended. */
const keptForTheEnd = 1_000
const endings: ReadonlySet<string> = new Set([
  'ResolveIncident',
  'CloseIncident',
  'CancelIncident',
  'DeclineIncident',
  'MergeIncident',
  'MarkDuplicate',
  // What was decided elsewhere cannot be refused here.
  'NoteCounterpart',
  'BreakMerge',
  'BreakParent',
])

/** The stream of an incident. */
export const incidentSubject: Subject<Incident, IncidentCommand | IncidentDuty> = {
  initial: incidents.initial,
  decide: incidents.decide,
  admit: requireThere,
  evolve: (state, event) => incidents.evolve(state, event as unknown as IncidentEvent),
  knows: incidents.knows,
  modeOf({ declaration }, [first]) {
    return first?.type === 'IncidentDeclared'
      ? (first.data as { mode: Mode }).mode
      : declaration.mode
  },
  wireType: ({ type, schemaVersion }) => wireType('incident', type, schemaVersion),
  namesEntries: true,
  eventsMax: command => (endings.has(command) ? eventsMax : eventsMax - keptForTheEnd),
}

/** What does things by itself has no eyes: the ledger's timers, its import and its command line. */
const sees = ({ actor: { type } }: Asked) => type === 'TIMER' || type === 'SYSTEM'

/** What is hidden is refused as what is not there: also to whoever declared it, once they are no member. */
function requireThere(
  incident: Incident,
  { type }: IncidentCommand | IncidentDuty,
  asked: Asked,
): void {
  const isThere = statusOf(incident) !== 'NONE'
  const viewer = { actor: asked.actor, isAdmin: asked.isAdmin ?? false }
  if (isThere ? !sees(asked) && !maySee(incident, viewer) : type !== 'DeclareIncident')
    throw new Rejected('INCIDENT_NOT_FOUND', 'There is no such incident.')
}
