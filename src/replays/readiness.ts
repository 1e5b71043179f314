import { minutesAfter } from '../decider/instants.js'
import { vacantRoles } from '../incident/engaged.js'
import { hasTimers } from '../incident/guards.js'
import { callsFor } from '../incident/calls.js'
import type { Incident } from '../incident/incident.js'
import { openRooms } from '../incident/meeting.js'
import { requirementsOf } from '../incident/needs.js'
import type { RoleKey } from '../incident/role-keys.js'
import { minutesBetween } from './said-times.js'

export type Need = 'NOT_NEEDED' | 'MET' | 'MISSING'

/** Whether what an incident needs is there (domain rows 3, 36); the fields are those of the SDL. */
export interface Readiness {
  readonly ready: boolean
  readonly commander: Need
  readonly warRoom: Need
  readonly owners: Need
  readonly servicesWithoutOwner: string[]
  readonly rolesMissing: RoleKey[]
  readonly since: string
  readonly dueAt: string
  readonly overdue: boolean
  readonly minutesOutstanding: number
}

/** As of a moment; null where nothing is needed any more: the response is over, or history. */
export function readiness(incident: Incident, moment: string): Readiness | null {
  if (!hasTimers(incident)) return null
  const { roles, warRoom, serviceOwners, withinMinutes, from: since } = requirementsOf(incident)
  const rolesMissing = vacantRoles(incident).map(({ role }) => role)
  const services = incident.services.keys
  const servicesWithoutOwner = services.filter(service => !isCalled(incident, service))
  const commander = need(
    roles.includes('INCIDENT_COMMANDER'),
    !rolesMissing.includes('INCIDENT_COMMANDER'),
  )
  const room = need(warRoom, hasRoom(incident))
  // Whose owners are to be called cannot be told before it is said what is affected.
  const owners = need(serviceOwners, services.length > 0 && servicesWithoutOwner.length === 0)
  const ready = rolesMissing.length === 0 && room !== 'MISSING' && owners !== 'MISSING'
  const dueAt = minutesAfter(since, withinMinutes)
  return {
    ready,
    commander,
    warRoom: room,
    owners,
    servicesWithoutOwner: serviceOwners ? servicesWithoutOwner : [],
    rolesMissing,
    since,
    dueAt,
    overdue: !ready && dueAt < moment,
    minutesOutstanding: ready ? 0 : Math.max(0, minutesBetween(since, moment)),
  }
}

const need = (isNeeded: boolean, isMet: boolean): Need =>
  isNeeded ? (isMet ? 'MET' : 'MISSING') : 'NOT_NEEDED'

/** A link to a war room is one too. */
const hasRoom = (incident: Incident) =>
  openRooms(incident).length > 0 || incident.links.some(({ kind }) => kind === 'WAR_ROOM')

/** Its people were called, or it was shown that it is not theirs. */
const isCalled = (incident: Incident, service: string) =>
  callsFor(incident, service).length > 0 ||
  incident.releases.some(cleared => cleared.service === service)
