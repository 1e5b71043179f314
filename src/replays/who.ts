import type { Incident } from '../incident/incident.js'
import type { RoleKey } from '../incident/role-keys.js'
import type { CommandPeriod } from './command-history.js'

/** One person's hold of one role; the fields are those of the SDL, people as ids. */
export interface RoleHolding {
  readonly role: RoleKey
  readonly person: string
  readonly service: string | null
  readonly since: string
}
export interface Responder {
  readonly person: string
  readonly since: string
}

/** Who does what, the commander first. */
export function roleHoldings(
  { roles }: Incident,
  command: readonly CommandPeriod[],
): RoleHolding[] {
  const { commander = null, from = '' } = command.at(-1) ?? {}
  const commanding: RoleHolding[] =
    commander === null
      ? []
      : [{ role: 'INCIDENT_COMMANDER', person: commander, service: null, since: from }]
  return [...commanding, ...roles.held.map(held => ({ ...held, service: held.service ?? null }))]
}

/** Who has joined and not left, in the order they first came. */
export const responders = ({ roles }: Incident): Responder[] =>
  [...roles.presence].flatMap(([person, { on, at }]) => (on ? [{ person, since: at }] : []))
