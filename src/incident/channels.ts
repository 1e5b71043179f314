import { IsIn } from 'class-validator'
import { Line } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
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
export class UnlinkChannel extends LinkChannel {}
export interface ChannelCommands {
  LinkChannel: LinkChannel
  UnlinkChannel: UnlinkChannel
}
interface Named {
  kind: ChannelKind
  ref: string
}
export interface ChannelEvents {
  ChannelLinked: Named
  ChannelUnlinked: Named
}

export const channels: Facet<Incident, Channels, ChannelCommands, ChannelEvents> = {
  initial: [],
  payloads: { LinkChannel, UnlinkChannel },
  may: { LinkChannel: requireDeclared, UnlinkChannel: requireDeclared },
  after: {
    LinkChannel: ({ declaration }) => declaration.declaredAt,
    UnlinkChannel: ({ declaration, channels }, named) =>
      latest(declaration.declaredAt, channels.find(is(named))?.at),
  },
  decide: {
    LinkChannel({ channels }, { kind, ref }) {
      if (channels.some(is({ kind, ref }))) return []
      if (channels.length >= channelsMax)
        throw new Rejected('LIMIT_REACHED', `An incident has at most ${channelsMax} channels.`)
      return [{ type: 'ChannelLinked', data: { kind, ref } }]
    },
    UnlinkChannel: ({ channels }, { kind, ref }) =>
      channels.some(is({ kind, ref })) ? [{ type: 'ChannelUnlinked', data: { kind, ref } }] : [],
  },
  evolve: {
    ChannelLinked: (channels, { data, occurredAt: at }) => [...channels, { ...data, at }],
    ChannelUnlinked: (channels, { data }) => channels.filter(channel => !is(data)(channel)),
  },
  narrate: {
    ChannelLinked: ({ data, actor }, name) =>
      fact(`${name(actor)} linked ${data.ref} by ${channelWords[data.kind]}`),
    ChannelUnlinked: ({ data, actor }, name) =>
      fact(`${name(actor)} unlinked ${data.ref} by ${channelWords[data.kind]}`),
  },
  sensitive: { ChannelLinked: { ref: 'TEXT' }, ChannelUnlinked: { ref: 'TEXT' } },
}

const is = (named: Named) => (channel: Channel) =>
  channel.kind === named.kind && channel.ref === named.ref
