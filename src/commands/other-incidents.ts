import { v7 } from 'uuid'
import type { Other } from '../decider/facet.js'
import { type Way, otherMeant } from '../incident/counterparts.js'
import { generationsMax } from '../incident/family.js'
import { statusOf } from '../incident/guards.js'
import type { Incident, IncidentCommand } from '../incident/incident.js'
import { type Viewer, maySee } from '../incident/membership.js'
import { referringMax, standing } from '../incident/relation.js'

/** An incident as it is stored now. */
type StateOf = (id: string) => Promise<Incident>

/** What a decision has to know of another incident, if it is there for who asks; read from that one's own stream. */
export async function otherOf(
  stateOf: StateOf,
  self: string,
  command: IncidentCommand,
  viewer: Viewer,
  isHidden: (id: string) => boolean,
): Promise<Other | undefined> {
  const id = otherMeant(command)?.toLowerCase()
  if (id === undefined) return undefined
  // What is hidden is not looked at: it takes as long as what does not exist.
  const state = await stateOf(isHidden(id) ? v7() : id)
  const status = statusOf(state)
  if (status === 'NONE' || !maySee(state, viewer)) return undefined
  const above = command.type === 'SetParent' ? await ledTo(stateOf, state, 'family') : []
  const { noted } = state.referring
  return {
    id,
    isSelf: id === self,
    status,
    mode: state.declaration.mode,
    hasRoom: noted.has(self) || noted.size < referringMax,
    above,
    isBelow: above.includes(self),
  }
}

/** To which incidents one leads, one after another; as many as there can be, were there no circle. */
export async function ledTo(
  stateOf: StateOf,
  from: Incident,
  way: Way,
  max = generationsMax,
): Promise<string[]> {
  const met: string[] = []
  for (let next = standing(from[way])?.to; next !== undefined && met.length < max;) {
    met.push(next)
    next = standing((await stateOf(next))[way])?.to
  }
  return met
}
