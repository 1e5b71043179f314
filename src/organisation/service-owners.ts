import { ArrayMaxSize, IsArray, IsIn, IsOptional, ValidateNested } from 'class-validator'
import { Line, PersonRefs, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { ServiceKey } from '../incident/service-keys.js'
import {
  type ContactKind,
  type ServiceOwner,
  type ServiceOwners,
  contactKinds,
} from '../incident/service-owner.js'
import {
  EscalationTierInput,
  EscalationTiers,
  readableTiers,
  settledTiers,
} from './escalation-tiers.js'
import { knownPeople } from './known-person.js'
import type { Organisation } from './organisation.js'
import { isSame } from './versions.js'

/** Retired ones count. */
const servicesMax = 5_000
const ownersMax = 50
/** Who has to choose among more calls nobody. */
const contactsMax = 20

/** One way to reach who looks after a service. */
export class ContactInput {
  @IsIn(contactKinds) kind!: ContactKind
  @Line(500) value!: string
}
const Contacts = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMaxSize(contactsMax)(target, field)
  ValidateNested()(target, field)
}

export class RegisterServiceOwner {
  static readonly nested = { contacts: ContactInput, escalation: EscalationTierInput }
  @ServiceKey() service!: string
  @Line(100) name!: string
  @IsOptional() @Line(100) team?: string
  @IsOptional() @PersonRefs(ownersMax) owners?: string[]
  @IsOptional() @Contacts() contacts?: ContactInput[]
  @IsOptional() @EscalationTiers() escalation?: EscalationTierInput[]
}
export class RetireServiceOwner {
  @ServiceKey() service!: string
  @IsOptional() @Reason() reason?: string
}
export interface ServiceOwnerCommands {
  RegisterServiceOwner: RegisterServiceOwner
  RetireServiceOwner: RetireServiceOwner
}
export interface ServiceOwnerEvents {
  ServiceOwnerRegistered: { service: string } & Omit<ServiceOwner, 'retiredAt'>
  ServiceOwnerRetired: { service: string; reason?: string }
}

export const serviceOwners: Facet<
  Organisation,
  ServiceOwners,
  ServiceOwnerCommands,
  ServiceOwnerEvents
> = {
  initial: new Map(),
  payloads: { RegisterServiceOwner, RetireServiceOwner },
  may: { RegisterServiceOwner: () => {}, RetireServiceOwner: () => {} },
  after: { RegisterServiceOwner: () => undefined, RetireServiceOwner: () => undefined },
  decide: {
    RegisterServiceOwner(organisation, { service, ...command }) {
      const { serviceOwners } = organisation
      const before = serviceOwners.get(service)
      if (!before && serviceOwners.size >= servicesMax)
        throw new Rejected('LIMIT_REACHED', `At most ${servicesMax} services can be registered.`)
      const content = contentOf(organisation, command)
      if (before && isSame(before, content)) return []
      return [{ type: 'ServiceOwnerRegistered', data: { service, ...content } }]
    },
    RetireServiceOwner({ serviceOwners }, { service, reason }) {
      const owner = serviceOwners.get(service)
      if (!owner)
        throw new Rejected('NO_SERVICE_OWNER', 'Nobody is registered for this service.', {
          service,
        })
      if (owner.retiredAt !== undefined) return []
      const data = { service, ...(reason !== undefined && { reason }) }
      return [{ type: 'ServiceOwnerRetired', data }]
    },
  },
  evolve: {
    ServiceOwnerRegistered: (services, { data: { service, ...owner } }) =>
      put(services, service, {
        ...owner,
        owners: readable(owner.owners),
        contacts: readable(owner.contacts),
        escalation: readableTiers(owner.escalation),
      }),
    ServiceOwnerRetired(services, { data: { service }, occurredAt: retiredAt }) {
      const owner = services.get(service)
      return owner ? put(services, service, { ...owner, retiredAt }) : services
    },
  },
  narrate: {
    ServiceOwnerRegistered: ({ data, actor }, name) => {
      const owners = readable(data.owners).map(name).join(', ')
      return fact(
        `${name(actor)} registered who looks after “${data.name}” (${data.service}): ${
          [data.team, owners].filter(Boolean).join(', ') || 'see its contacts'
        }`,
      )
    },
    ServiceOwnerRetired: ({ data, actor }, name, { serviceOwners }) =>
      fact(
        `${name(actor)} noted that nobody looks after “${
          serviceOwners.get(data.service)?.name ?? data.service
        }” any more${data.reason ? `: ${data.reason}` : ''}`,
      ),
  },
  sensitive: {
    ServiceOwnerRegistered: {
      service: 'PLAIN',
      name: 'TEXT',
      team: 'TEXT',
      owners: 'PERSON',
      contacts: 'PERSON',
      escalation: 'PERSON',
    },
    ServiceOwnerRetired: { service: 'PLAIN', reason: 'TEXT' },
  },
}

/** As it is stored; whoever asks whom to call gets an answer, so there is somebody or some way. */
function contentOf(
  organisation: Organisation,
  { owners = [], contacts = [], escalation = [], ...rest }: Omit<RegisterServiceOwner, 'service'>,
): Omit<ServiceOwner, 'retiredAt'> {
  if (owners.length + contacts.length === 0)
    throw new Rejected('INVALID_INPUT', 'Name an owner or a contact.', {
      fields: ['owners', 'contacts'],
    })
  if (contacts.some(({ kind, value }) => kind === 'LINK' && !/^https?:\/\/\S+$/.test(value)))
    throw new Rejected('INVALID_INPUT', 'A link begins with http:// or https://.', {
      fields: ['contacts'],
    })
  return {
    ...rest,
    owners: knownPeople(organisation, owners),
    contacts: contacts.map(({ kind, value }) => ({ kind, value })),
    escalation: settledTiers(organisation, escalation),
  }
}

/** An erased list reads as a string: then it holds nothing. */
const readable = <One>(list: readonly One[]): readonly One[] => (Array.isArray(list) ? list : [])
