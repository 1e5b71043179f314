import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { engaged, rotationDueAt } from './engaged.js'
import { requireTimers } from './guards.js'
import type { Incident } from './incident.js'

/** When somebody else last was due instead of a person, by the person's id. */
export type Rotations = ReadonlyMap<string, string>

interface Rotation {
  person: string
  dueAt: string
}
export interface RotationDuties {
  CallForRotation: Rotation
}
export interface RotationEvents {
  RotationDue: Rotation
}

/** Whoever is on for long makes mistakes: after a while somebody else shall be (domain row 25). */
export const rotations: Facet<
  Incident,
  Rotations,
  {},
  RotationEvents,
  RotationEvents,
  RotationDuties
> = {
  initial: new Map(),
  payloads: {},
  may: { CallForRotation: requireTimers },
  after: { CallForRotation: () => undefined },
  decide: {
    CallForRotation(incident, { person, dueAt }, { clock }) {
      const since = engaged(incident).get(person)
      const isArmed = since !== undefined && rotationDueAt(incident, since) === dueAt
      if (!isArmed || incident.rotations.get(person) === dueAt || clock < dueAt) return []
      return [{ type: 'RotationDue', data: { person, dueAt } }]
    },
  },
  evolve: { RotationDue: (rotations, { data }) => put(rotations, data.person, data.dueAt) },
  narrate: {
    RotationDue: ({ data }, name) =>
      fact(`${name(data.person)} had been on long enough: somebody else was due`),
  },
  sensitive: { RotationDue: { person: 'PERSON', dueAt: 'PLAIN' } },
}

/** Who is on and was not told to go yet. */
export const armedRotations = (incident: Incident): Rotation[] =>
  [...engaged(incident)]
    .map(([person, since]) => ({ person, dueAt: rotationDueAt(incident, since) }))
    .filter(({ person, dueAt }) => incident.rotations.get(person) !== dueAt)
