import { IsIn } from 'class-validator'
import { Line } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { type ChannelKind, channelKinds, channelWords } from './channel-kinds.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'

/** Where people talk about the incident (domain row 42), by whatever that system calls it. */
export interface Channel {
  readonly kind: ChannelKind
  readonly ref: string
  readonly at: string
}
export type Channels = readonly Channel[]

const channelsMax = 50

export class LinkChannel {
  @IsIn(channelKinds) kind!: ChannelKind
  @Line(500) ref!: string
}
export interface ChannelCommands {
  LinkChannel: LinkChannel
}
export interface ChannelEvents {
  ChannelLinked: { kind: ChannelKind; ref: string }
}

export const channels: Facet<Incident, Channels, ChannelCommands, ChannelEvents> = {
  initial: [],
  payloads: { LinkChannel },
  may: { LinkChannel: requireDeclared },
  after: { LinkChannel: ({ declaration }) => declaration.declaredAt },
  decide: {
    LinkChannel({ channels }, { kind, ref }) {
      if (channels.some(channel => channel.kind === kind && channel.ref === ref)) return []
      if (channels.length >= channelsMax)
        throw new Rejected('LIMIT_REACHED', `An incident has at most ${channelsMax} channels.`)
      return [{ type: 'ChannelLinked', data: { kind, ref } }]
    },
  },
  evolve: {
    ChannelLinked: (channels, { data, occurredAt: at }) => [...channels, { ...data, at }],
  },
  narrate: {
    ChannelLinked: ({ data, actor }, name) =>
      fact(`${name(actor)} linked ${data.ref} by ${channelWords[data.kind]}`),
  },
  sensitive: { ChannelLinked: { ref: 'TEXT' } },
}
