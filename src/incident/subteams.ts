import { IsOptional, IsUUID } from 'class-validator'
import { Line, PersonRef, PersonRefs, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import {
  added,
  formed,
  lastOfTheirs,
  partedWith,
  requireLead,
  standing,
  unknown,
} from './forming.js'
import { requireCommander, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { requireLetIn } from './let-in.js'

/** Some who work together under a lead, when they are too many for one commander (domain row 31). */
export interface Subteam {
  readonly name: string
  readonly lead: string
  /** Without the lead. */
  readonly members: readonly string[]
  /** The subteam that it is a part of. */
  readonly within?: string
  readonly formedAt: string
  readonly changedAt: string
  readonly dissolvedAt?: string
}
/** By id; the dissolved ones too. */
export type Subteams = ReadonlyMap<string, Subteam>

/** In an incident, ever. */
const subteamsMax = 100
const membersMax = 50

export class CreateSubteam {
  @Line(100) name!: string
  @PersonRef() lead!: string
  @IsOptional() @PersonRefs(membersMax) members?: string[]
  @IsOptional() @IsUUID() within?: string
}
export class AddToSubteam {
  @IsUUID() subteamId!: string
  @PersonRef() person!: string
}
export class RemoveFromSubteam extends AddToSubteam {}
export class DissolveSubteam {
  @IsUUID() subteamId!: string
  @IsOptional() @Reason() reason?: string
}
export interface SubteamCommands {
  CreateSubteam: CreateSubteam
  AddToSubteam: AddToSubteam
  RemoveFromSubteam: RemoveFromSubteam
  DissolveSubteam: DissolveSubteam
}
export interface SubteamEvents {
  SubteamFormed: {
    subteamId: string
    name: string
    lead: string
    members?: readonly string[]
    within?: string
  }
  SubteamMemberAdded: { subteamId: string; person: string }
  SubteamMemberRemoved: { subteamId: string; person: string }
  SubteamDissolved: { subteamId: string; reason?: string }
}

const lastOf = ({ declaration, subteams }: Incident, { subteamId }: { subteamId: string }) =>
  latest(declaration.declaredAt, subteams.get(subteamId)?.changedAt)

export const subteams: Facet<Incident, Subteams, SubteamCommands, SubteamEvents> = {
  initial: new Map(),
  payloads: { CreateSubteam, AddToSubteam, RemoveFromSubteam, DissolveSubteam },
  may: {
    CreateSubteam(incident, context) {
      requireRunning(incident)
      requireCommander(incident, context)
      if (incident.subteams.size >= subteamsMax)
        throw new Rejected('LIMIT_REACHED', `At most ${subteamsMax} subteams can be formed.`)
    },
    AddToSubteam: requireRunning,
    RemoveFromSubteam: requireRunning,
    DissolveSubteam(incident, context) {
      requireRunning(incident)
      requireCommander(incident, context)
    },
  },
  after: {
    CreateSubteam: (incident, { members = [] }, { person }) =>
      latest(incident.declaration.declaredAt, lastOfTheirs(incident, members.map(person))),
    AddToSubteam: (incident, command, { person }) =>
      latest(lastOf(incident, command), lastOfTheirs(incident, [person(command.person)])),
    RemoveFromSubteam: lastOf,
    DissolveSubteam: lastOf,
  },
  decide: {
    CreateSubteam: formed,
    AddToSubteam(incident, { subteamId, ...command }, context) {
      const person = context.person(command.person)
      const team = standing(incident, subteamId)
      requireLead(incident, team, context)
      if (team.lead === person || team.members.includes(person)) return []
      requireLetIn(incident, person)
      if (team.members.length >= membersMax)
        throw new Rejected('LIMIT_REACHED', `At most ${membersMax} people belong to a subteam.`)
      return [...partedWith(incident, person), added(subteamId, person)]
    },
    RemoveFromSubteam(incident, { subteamId, ...command }, context) {
      const person = context.person(command.person)
      const team = standing(incident, subteamId)
      if (person !== context.actor.id) requireLead(incident, team, context)
      if (!team.members.includes(person)) return []
      return [{ type: 'SubteamMemberRemoved', data: { subteamId, person } }]
    },
    DissolveSubteam({ subteams }, { subteamId, reason }) {
      const team = subteams.get(subteamId)
      if (!team) throw unknown()
      if (team.dissolvedAt !== undefined) return []
      const data = { subteamId, ...(reason !== undefined && { reason }) }
      return [{ type: 'SubteamDissolved', data }]
    },
  },
  evolve: {
    SubteamFormed: (subteams, { data: { subteamId, members = [], ...team }, occurredAt: at }) =>
      put(subteams, subteamId, { ...team, members: [...members], formedAt: at, changedAt: at }),
    SubteamMemberAdded: (subteams, { data, occurredAt }) =>
      changed(subteams, data.subteamId, occurredAt, ({ members }) => ({
        members: [...members, data.person],
      })),
    SubteamMemberRemoved: (subteams, { data, occurredAt }) =>
      changed(subteams, data.subteamId, occurredAt, ({ members }) => ({
        members: members.filter(member => member !== data.person),
      })),
    SubteamDissolved: (subteams, { data, occurredAt }) =>
      changed(subteams, data.subteamId, occurredAt, () => ({ dissolvedAt: occurredAt })),
  },
  narrate: {
    SubteamFormed: ({ data, actor }, name) =>
      fact(`${name(actor)} formed the subteam “${data.name}”, led by ${name(data.lead)}`),
    SubteamMemberAdded: ({ data, actor }, name, { subteams }) =>
      fact(`${name(actor)} added ${name(data.person)} to ${called(subteams, data)}`),
    SubteamMemberRemoved: ({ data, actor }, name, { subteams }) =>
      fact(`${name(actor)} took ${name(data.person)} out of ${called(subteams, data)}`),
    SubteamDissolved: ({ data, actor }, name, { subteams }) =>
      fact(
        `${name(actor)} dissolved ${called(subteams, data)}${data.reason ? `: ${data.reason}` : ''}`,
      ),
  },
  sensitive: {
    SubteamFormed: {
      subteamId: 'PLAIN',
      name: 'TEXT',
      lead: 'PERSON',
      members: 'PERSON',
      within: 'PLAIN',
    },
    SubteamMemberAdded: { subteamId: 'PLAIN', person: 'PERSON' },
    SubteamMemberRemoved: { subteamId: 'PLAIN', person: 'PERSON' },
    SubteamDissolved: { subteamId: 'PLAIN', reason: 'TEXT' },
  },
}

function changed(
  subteams: Subteams,
  id: string,
  changedAt: string,
  change: (team: Subteam) => Partial<Subteam>,
): Subteams {
  const team = subteams.get(id)
  return team ? put(subteams, id, { ...team, ...change(team), changedAt }) : subteams
}

const called = (subteams: Subteams, { subteamId }: { subteamId: string }) =>
  `the subteam “${subteams.get(subteamId)?.name ?? subteamId}”`
