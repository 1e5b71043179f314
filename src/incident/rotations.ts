import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { engaged, rotationDueAt } from './engaged.js'
import { requireCommander, requireRunning, requireTimers } from './guards.js'
import type { Incident } from './incident.js'
import { lastSeenOrHeld } from './leaving.js'
import type { PresenceEvents } from './presence.js'
import { RelieveResponder, relieved } from './relief.js'
import type { RoleEvents } from './roles.js'

/** When somebody else last was due instead of a person, by the person's id. */
export type Rotations = ReadonlyMap<string, string>

interface Rotation {
  person: string
  dueAt: string
}
export interface RotationDuties {
  CallForRotation: Rotation
}
export interface RotationCommands {
  RelieveResponder: RelieveResponder
}
export interface RotationEvents {
  RotationDue: Rotation
  /** Somebody was taken off; `relief` has their roles from now on. */
  ResponderRelieved: { person: string; relief?: string; reason?: string }
}
type Emits = RotationEvents &
  Pick<RoleEvents, 'RoleAssigned' | 'RoleReleased'> &
  Pick<PresenceEvents, 'ResponderLeft'>

/** Whoever is on for long makes mistakes: after a while somebody else shall be (domain row 25). */
export const rotations: Facet<
  Incident,
  Rotations,
  RotationCommands,
  RotationEvents,
  Emits,
  RotationDuties
> = {
  initial: new Map(),
  payloads: { RelieveResponder },
  may: {
    CallForRotation: requireTimers,
    RelieveResponder(incident, context) {
      requireRunning(incident)
      requireCommander(incident, context)
    },
  },
  after: {
    CallForRotation: () => undefined,
    RelieveResponder: (incident, { person }, asking) =>
      lastSeenOrHeld(incident, asking.person(person)),
  },
  decide: {
    CallForRotation(incident, { person, dueAt }, { clock }) {
      const since = engaged(incident).get(person)
      const isMeant = since !== undefined && rotationDueAt(incident, since) === dueAt
      if (!isMeant || !isArmed(incident, { person, dueAt }) || clock < dueAt) return []
      return [{ type: 'RotationDue', data: { person, dueAt } }]
    },
    RelieveResponder: relieved,
  },
  evolve: {
    RotationDue: (rotations, { data }) => put(rotations, data.person, data.dueAt),
    // That they are gone, their presence and their roles know.
    ResponderRelieved: rotations => rotations,
  },
  narrate: {
    RotationDue: ({ data }, name) =>
      fact(`${name(data.person)} had been on long enough: somebody else was due`),
    ResponderRelieved: ({ data, actor }, name) =>
      fact(
        `${name(actor)} took ${name(data.person)} off${
          data.relief === undefined ? '' : `, ${name(data.relief)} taking over`
        }${data.reason ? `: ${data.reason}` : ''}`,
      ),
  },
  sensitive: {
    RotationDue: { person: 'PERSON', dueAt: 'PLAIN' },
    ResponderRelieved: { person: 'PERSON', relief: 'PERSON', reason: 'TEXT' },
  },
}

/** Who is on and was not told to go yet. */
export const armedRotations = (incident: Incident): Rotation[] =>
  [...engaged(incident)]
    .map(([person, since]) => ({ person, dueAt: rotationDueAt(incident, since) }))
    .filter(one => isArmed(incident, one))

/** When the time for each becomes shorter, whoever was told to go is not told to have been due before. */
const isArmed = ({ rotations }: Incident, { person, dueAt }: Rotation): boolean =>
  (rotations.get(person) ?? '') < dueAt
