import { IsIn, IsOptional } from 'class-validator'
import { Instant, PersonRef, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import type { Qualification, Qualifications } from '../incident/qualification.js'
import { type RoleKey, roleKeys, roleWords } from '../incident/role-keys.js'
import { knownPerson } from './known-person.js'
import type { Organisation } from './organisation.js'

export class GrantQualification {
  @PersonRef() person!: string
  @IsIn(roleKeys) role!: RoleKey
  @IsOptional() @Instant() expiresAt?: string
}
export class RevokeQualification {
  @PersonRef() person!: string
  @IsIn(roleKeys) role!: RoleKey
  @IsOptional() @Reason() reason?: string
}
export interface QualificationCommands {
  GrantQualification: GrantQualification
  RevokeQualification: RevokeQualification
}
export interface QualificationEvents {
  QualificationGranted: { person: string; role: RoleKey; expiresAt?: string }
  QualificationRevoked: { person: string; role: RoleKey; reason?: string }
}

/** At most one of a person for each role, so people and roles bound them. */
export const qualifications: Facet<
  Organisation,
  Qualifications,
  QualificationCommands,
  QualificationEvents
> = {
  initial: new Map(),
  payloads: { GrantQualification, RevokeQualification },
  may: { GrantQualification: () => {}, RevokeQualification: () => {} },
  after: {
    GrantQualification: (organisation, command) => heldOf(organisation, command)?.grantedAt,
    RevokeQualification: (organisation, command) => heldOf(organisation, command)?.grantedAt,
  },
  decide: {
    GrantQualification(organisation, { role, expiresAt, ...command }, { now }) {
      if (expiresAt !== undefined && expiresAt <= now)
        throw new Rejected('INVALID_INPUT', 'A qualification expires after it was granted.', {
          fields: ['expiresAt'],
        })
      const person = knownPerson(organisation, command.person)
      const held = heldOf(organisation, { person, role })
      if (held && held.expiresAt === expiresAt) return []
      const data = { person, role, ...(expiresAt !== undefined && { expiresAt }) }
      return [{ type: 'QualificationGranted', data }]
    },
    RevokeQualification(organisation, { role, reason, ...command }) {
      const person = knownPerson(organisation, command.person)
      if (!heldOf(organisation, { person, role })) return []
      const data = { person, role, ...(reason !== undefined && { reason }) }
      return [{ type: 'QualificationRevoked', data }]
    },
  },
  evolve: {
    QualificationGranted: (all, { data, occurredAt: grantedAt }) =>
      put(all, data.person, put(all.get(data.person) ?? none, data.role, { ...data, grantedAt })),
    QualificationRevoked: (all, { data: { person, role } }) =>
      put(all, person, new Map([...(all.get(person) ?? none)].filter(([key]) => key !== role))),
  },
  narrate: {
    QualificationGranted: ({ data, actor }, name) =>
      fact(
        `${name(actor)} noted that ${name(data.person)} is qualified as ${roleWords[data.role]}${
          data.expiresAt ? ` until ${data.expiresAt}` : ''
        }`,
      ),
    QualificationRevoked: ({ data, actor }, name) =>
      fact(
        `${name(actor)} noted that ${name(data.person)} is no longer qualified as ${roleWords[data.role]}${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    QualificationGranted: { person: 'PERSON', expiresAt: 'PLAIN' },
    QualificationRevoked: { person: 'PERSON', reason: 'TEXT' },
  },
}

const none: ReadonlyMap<RoleKey, Qualification> = new Map()

const heldOf = (organisation: Organisation, { person, role }: { person: string; role: RoleKey }) =>
  organisation.qualifications.get(knownPerson(organisation, person))?.get(role)
