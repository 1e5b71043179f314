import { IsOptional } from 'class-validator'
import { Line, PersonRefs, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import type { Group, Groups } from '../incident/group.js'
import { Handle, handleTaken, isFree } from './handle.js'
import { knownPeople } from './known-person.js'
import type { Organisation } from './organisation.js'

/** Retired ones count: their handles stay taken, so that an old word never comes to mean a person. */
const groupsMax = 1_000
/** Who pages more at once needs a list of them elsewhere. */
const membersMax = 200

export class DefineGroup {
  @Handle() handle!: string
  @Line(100) name!: string
  @PersonRefs(membersMax) members!: string[]
}
export class RetireGroup {
  @Handle() handle!: string
  @IsOptional() @Reason() reason?: string
}
export interface GroupCommands {
  DefineGroup: DefineGroup
  RetireGroup: RetireGroup
}
export interface GroupEvents {
  GroupDefined: { handle: string; name: string; members: readonly string[] }
  GroupRetired: { handle: string; reason?: string }
}

export const groups: Facet<Organisation, Groups, GroupCommands, GroupEvents> = {
  initial: new Map(),
  payloads: { DefineGroup, RetireGroup },
  may: { DefineGroup: () => {}, RetireGroup: () => {} },
  after: { DefineGroup: () => undefined, RetireGroup: () => undefined },
  decide: {
    DefineGroup(organisation, { handle, name, members }) {
      const { groups } = organisation
      const before = groups.get(handle)
      if (!before && !isFree(organisation, handle)) throw handleTaken(handle)
      if (!before && groups.size >= groupsMax)
        throw new Rejected('LIMIT_REACHED', `At most ${groupsMax} groups can be defined.`)
      const group = { name, members: knownPeople(organisation, members).toSorted() }
      if (JSON.stringify(before) === JSON.stringify(group)) return []
      return [{ type: 'GroupDefined', data: { handle, ...group } }]
    },
    RetireGroup({ groups }, { handle, reason }) {
      const group = groups.get(handle)
      if (!group) throw new Rejected('UNKNOWN_GROUP', 'No group has this handle.', { handle })
      if (group.retiredAt !== undefined) return []
      return [{ type: 'GroupRetired', data: { handle, ...(reason !== undefined && { reason }) } }]
    },
  },
  evolve: {
    GroupDefined: (groups, { data: { handle, name, members } }) =>
      put(groups, handle, { name, members: readable(members) }),
    GroupRetired(groups, { data: { handle }, occurredAt }) {
      const group = groups.get(handle)
      return group ? put(groups, handle, { ...group, retiredAt: occurredAt }) : groups
    },
  },
  narrate: {
    GroupDefined: ({ data, actor }, name) => {
      const members = readable(data.members).map(name).join(', ')
      return fact(
        `${name(actor)} defined the group “${data.name}” (${data.handle}): ${members || 'nobody'}`,
      )
    },
    GroupRetired: ({ data, actor }, name, { groups }) =>
      fact(
        `${name(actor)} retired the group “${groups.get(data.handle)?.name ?? data.handle}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    GroupDefined: { handle: 'PLAIN', name: 'TEXT', members: 'PERSON' },
    GroupRetired: { handle: 'PLAIN', reason: 'TEXT' },
  },
}

/** An erased list reads as a string: then it holds nobody. */
const readable = (members: Group['members']) => (Array.isArray(members) ? members : [])
