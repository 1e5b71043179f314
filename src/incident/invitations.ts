import { IsOptional } from 'class-validator'
import { type Actor, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { ServiceKeys, sorted } from './service-keys.js'
import { ownersOf } from './whom-to-call.js'

/** The owners of services who were asked to come (domain row 36). */
export interface Invitation {
  readonly person: string
  readonly service: string
  readonly by: Actor
  readonly at: string
}
export type Invitations = readonly Invitation[]

/** All of them are kept in the folded incident. */
const invitationsMax = 500

export class InviteServiceOwners {
  @IsOptional() @ServiceKeys() services?: string[]
}
export interface InvitationCommands {
  InviteServiceOwners: InviteServiceOwners
}
export interface InvitationEvents {
  ResponderInvited: { person: string; service: string }
}

export const invitations: Facet<Incident, Invitations, InvitationCommands, InvitationEvents> = {
  initial: [],
  payloads: { InviteServiceOwners },
  may: { InviteServiceOwners: requireRunning },
  after: { InviteServiceOwners: ({ declaration }) => declaration.declaredAt },
  decide: { InviteServiceOwners: invited },
  evolve: {
    ResponderInvited: (invitations, { data, actor: by, occurredAt: at }) => [
      ...invitations,
      { ...data, by, at },
    ],
  },
  narrate: {
    ResponderInvited: ({ data, actor }, name) =>
      fact(`${name(actor)} invited ${name(data.person)}, owner of ${data.service}`),
  },
  sensitive: { ResponderInvited: { person: 'PERSON', service: 'PLAIN' } },
}

/** Each owner of each service once; who does not say which services means those affected. */
function invited(
  { invitations, ...incident }: Incident,
  { services = [...incident.services.keys] }: InviteServiceOwners,
  { policy }: Context,
) {
  if (services.length === 0)
    throw new Rejected('INVALID_INPUT', 'No service is named as affected: say whose owners.', {
      fields: ['services'],
    })
  const isInvited = (person: string, service: string) =>
    invitations.some(one => one.person === person && one.service === service)
  const missing = sorted(services).flatMap(service =>
    ownersOf(policy, service)
      .filter(person => !isInvited(person, service))
      .map(person => ({ type: 'ResponderInvited', data: { person, service } }) as const),
  )
  if (invitations.length + missing.length > invitationsMax)
    throw new Rejected('LIMIT_REACHED', `An incident has at most ${invitationsMax} invitations.`)
  return missing
}
