import { IsIn, IsOptional } from 'class-validator'
import { Line, WebAddress } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'

export const linkKinds = ['WAR_ROOM', 'CHAT_CHANNEL', 'DASHBOARD', 'OTHER'] as const
export type LinkKind = (typeof linkKinds)[number]
export interface Link {
  readonly kind: LinkKind
  readonly url: string
  readonly label?: string
}
export type Links = readonly Link[]

const linksMax = 100

export class AddLink {
  @IsIn(linkKinds) kind!: LinkKind
  @WebAddress() url!: string
  @IsOptional() @Line(200) label?: string
}
export interface LinkCommands {
  AddLink: AddLink
}
export interface LinkEvents {
  LinkAdded: { kind: LinkKind; url: string; label?: string }
}

export const links: Facet<Incident, Links, LinkCommands, LinkEvents> = {
  initial: [],
  payloads: { AddLink },
  may: { AddLink: requireDeclared },
  after: { AddLink: ({ declaration }) => declaration.declaredAt },
  decide: {
    AddLink({ links }, { kind, url, label }) {
      if (links.some(link => link.kind === kind && link.url === url && link.label === label))
        return []
      if (links.length >= linksMax)
        throw new Rejected('LIMIT_REACHED', `An incident holds at most ${linksMax} links.`)
      return [{ type: 'LinkAdded', data: { kind, url, ...(label !== undefined && { label }) } }]
    },
  },
  evolve: { LinkAdded: (links, { data }) => [...links, data] },
  narrate: {
    LinkAdded: ({ data, actor }, name) =>
      fact(`${name(actor)} linked the ${words[data.kind]}${data.label ? ` “${data.label}”` : ''}`),
  },
  sensitive: { LinkAdded: { url: 'TEXT', label: 'TEXT' } },
}

const words: Record<LinkKind, string> = {
  WAR_ROOM: 'war room',
  CHAT_CHANNEL: 'chat channel',
  DASHBOARD: 'dashboard',
  OTHER: 'page',
}
