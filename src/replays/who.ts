import type { Incident } from '../incident/incident.js'
import type { Participation } from '../incident/presence.js'
import type { RoleKey } from '../incident/role-keys.js'
import type { CommandPeriod } from './command-history.js'

/** One person's hold of one role; the fields are those of the SDL, people as ids. */
export interface RoleHolding {
  readonly role: RoleKey
  readonly person: string
  readonly service: string | null
  readonly since: string
}
export interface Responder extends Told {
  readonly person: string
  readonly since: string
}
/** What somebody said of how they take part, nothing being null. */
export type Told = { readonly [F in keyof Participation]-?: NonNullable<Participation[F]> | null }

/** As the SDL has it. */
export const toldOf = (said: Participation): Told => ({
  team: said.team ?? null,
  function: said.function ?? null,
  place: said.place ?? null,
  timeZone: said.timeZone ?? null,
  channel: said.channel ?? null,
})

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
export const responders = ({ presence }: Incident): Responder[] =>
  [...presence].flatMap(([person, { on, at, ...said }]) =>
    on ? [{ person, since: at, ...toldOf(said) }] : [],
  )
