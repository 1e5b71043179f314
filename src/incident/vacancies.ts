import { type Facet, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { vacantRoles } from './engaged.js'
import { requireTimers } from './guards.js'
import type { Incident } from './incident.js'
import { type RoleKey, roleWords } from './role-keys.js'

/** When a role that is needed was last found vacant, by the time at which somebody had to hold it. */
export type Vacancies = ReadonlyMap<RoleKey, string>

interface Vacancy {
  role: RoleKey
  dueAt: string
}
export interface VacancyDuties {
  FindRoleVacant: Vacancy
}
export interface VacancyEvents {
  RequiredRoleVacant: Vacancy
}

/** A role that the incident needs and that nobody took in time (domain rows 32, 36). */
export const vacancies: Facet<
  Incident,
  Vacancies,
  {},
  VacancyEvents,
  VacancyEvents,
  VacancyDuties
> = {
  initial: new Map(),
  payloads: {},
  may: { FindRoleVacant: requireTimers },
  after: { FindRoleVacant: () => undefined },
  decide: {
    FindRoleVacant(incident, { role, dueAt }, { clock }) {
      const isArmed = armedVacancies(incident).some(one => one.role === role && one.dueAt === dueAt)
      if (!isArmed || clock < dueAt) return []
      return [{ type: 'RequiredRoleVacant', data: { role, dueAt } }]
    },
  },
  evolve: {
    RequiredRoleVacant: (vacancies, { data }) => put(vacancies, data.role, data.dueAt),
  },
  narrate: {
    RequiredRoleVacant: ({ data }) =>
      fact(`Nobody had become ${roleWords[data.role]} by when one was needed`),
  },
  sensitive: { RequiredRoleVacant: { dueAt: 'PLAIN' } },
}

/** Roles that are still to be found vacant, unless somebody takes them before. */
export const armedVacancies = (incident: Incident): Vacancy[] =>
  vacantRoles(incident)
    .filter(({ role, dueAt }) => incident.vacancies.get(role) !== dueAt)
    .map(({ role, dueAt }) => ({ role, dueAt }))
