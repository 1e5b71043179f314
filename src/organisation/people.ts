import {
  ArrayMaxSize,
  IsArray,
  IsOptional,
  IsTimeZone,
  IsUUID,
  ValidateNested,
} from 'class-validator'
import { Line } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { Handle, handleTaken } from './handle.js'
import { handleFor, importedPerson } from './imported-people.js'
import type { Organisation } from './organisation.js'

export interface Person {
  readonly handle: string
  readonly name: string
  /** IANA, such as `Europe/Zurich`. */
  readonly timeZone?: string
  readonly identities: readonly Identity[]
  /** Known only from history that was imported. */
  readonly imported?: true
  readonly registeredAt: string
}
export type People = ReadonlyMap<string, Person>

const peopleMax = 10_000
const identitiesMax = 20

/** As whom another system knows a person: `slack` / `U024BE7LH`, or an issuer and a subject. */
export class Identity {
  @Line(200) provider!: string
  @Line(200) subject!: string
}
const Identities = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMaxSize(identitiesMax)(target, field)
  ValidateNested()(target, field)
}
export class RegisterPerson {
  static readonly nested = { identities: Identity }
  @Handle() handle!: string
  @Line(200) name!: string
  @IsOptional() @IsTimeZone() timeZone?: string
  @IsOptional() @Identities() identities?: Identity[]
}
export class UpdatePerson {
  static readonly nested = { identities: Identity }
  @IsUUID() personId!: string
  @IsOptional() @Handle() handle?: string
  @IsOptional() @Line(200) name?: string
  @IsOptional() @IsTimeZone() timeZone?: string
  @IsOptional() @Identities() identities?: Identity[]
}
export interface PeopleCommands {
  RegisterPerson: RegisterPerson
  UpdatePerson: UpdatePerson
}
interface Known {
  handle: string
  name: string
  timeZone?: string
  identities?: readonly { readonly provider: string; readonly subject: string }[]
}
export interface PeopleEvents {
  PersonRegistered: Known & { personId: string; imported?: true }
  PersonUpdated: Partial<Known> & { personId: string }
}

/** What an import needs: somebody of this name, whom a history speaks of. */
export interface PeopleDuties {
  ImportPerson: { name: string }
}

export const people: Facet<
  Organisation,
  People,
  PeopleCommands,
  PeopleEvents,
  PeopleEvents,
  PeopleDuties
> = {
  initial: new Map(),
  payloads: { RegisterPerson, UpdatePerson },
  may: { RegisterPerson: () => {}, UpdatePerson: () => {}, ImportPerson: () => {} },
  after: {
    RegisterPerson: () => undefined,
    UpdatePerson: () => undefined,
    ImportPerson: () => undefined,
  },
  decide: {
    RegisterPerson(organisation, command, { newId }) {
      requireRoom(organisation)
      const personId = newId()
      requireUnique(organisation, personId, command)
      return [{ type: 'PersonRegistered', data: { personId, ...plain(command) } }]
    },
    UpdatePerson(organisation, { personId, ...change }) {
      const person = organisation.people.get(personId)
      if (!person) throw new Rejected('UNKNOWN_PERSON', 'There is no such person.', { personId })
      requireUnique(organisation, personId, change)
      const same = JSON.stringify({ ...person, ...plain(change) }) === JSON.stringify(person)
      return same ? [] : [{ type: 'PersonUpdated', data: { personId, ...plain(change) } }]
    },
    ImportPerson(organisation, { name }, { newId }) {
      if (importedPerson(organisation.people, name) !== undefined) return []
      requireRoom(organisation)
      const handle = handleFor(name, organisation)
      return [
        { type: 'PersonRegistered', data: { personId: newId(), handle, name, imported: true } },
      ]
    },
  },
  evolve: {
    PersonRegistered: (people, { data: { personId, ...data }, occurredAt }) =>
      put(people, personId, {
        identities: [],
        ...readable(data),
        registeredAt: occurredAt,
      }),
    PersonUpdated(people, { data: { personId, ...change } }) {
      const person = people.get(personId)
      return person ? put(people, personId, { ...person, ...readable(change) }) : people
    },
  },
  narrate: {
    PersonRegistered: ({ data, actor }, name) =>
      fact(
        `${name(actor)} registered ${data.name} (${data.handle})${
          data.imported ? ', known from history' : ''
        }`,
      ),
    PersonUpdated: ({ data, actor }, name) =>
      fact(`${name(actor)} changed what is known of ${name(data.personId)}`),
  },
  sensitive: {
    PersonRegistered: {
      personId: 'PERSON',
      handle: 'PERSON',
      name: 'PERSON',
      timeZone: 'PERSON',
      identities: 'PERSON',
    },
    PersonUpdated: {
      personId: 'PERSON',
      handle: 'PERSON',
      name: 'PERSON',
      timeZone: 'PERSON',
      identities: 'PERSON',
    },
  },
}

/** Stored as plain objects, without what was left out. */
function plain<Given extends { identities?: Identity[] }>(given: Given) {
  const { identities, ...rest } = given
  return {
    ...rest,
    ...(identities && {
      identities: identities.map(({ provider, subject }) => ({ provider, subject })),
    }),
  }
}

/** An erased list reads as a string: then nothing is known of it. */
function readable<Given extends Partial<Known>>({ identities, ...rest }: Given) {
  return { ...rest, ...(identities && { identities: Array.isArray(identities) ? identities : [] }) }
}

function requireRoom({ people }: Organisation): void {
  if (people.size >= peopleMax)
    throw new Rejected('LIMIT_REACHED', `At most ${peopleMax} people can be registered.`)
}

function requireUnique(
  { people, groups }: Organisation,
  personId: string,
  { handle, identities = [] }: { handle?: string; identities?: readonly Identity[] },
): void {
  const keyOf = ({ provider, subject }: Identity) => JSON.stringify([provider, subject])
  const claimed = new Set(identities.map(keyOf))
  if (handle !== undefined && groups.has(handle)) throw handleTaken(handle)
  for (const [id, person] of people) {
    if (id === personId) continue
    if (person.handle === handle) throw handleTaken(handle)
    const taken = person.identities.find(one => claimed.has(keyOf(one)))
    if (taken)
      throw new Rejected('IDENTITY_TAKEN', 'This identity is somebody else’s.', { identity: taken })
  }
}
