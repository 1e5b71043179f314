import { IsIn, IsUUID } from 'class-validator'
import { PersonRef } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { openRooms, whereOf } from './meeting.js'
import { callNotFound, requireCalled } from './whom-to-call.js'

export const pageChannels = ['PUSH', 'SMS', 'PHONE', 'EMAIL', 'CHAT', 'PAGER'] as const
export type PageChannel = (typeof pageChannels)[number]

/** That somebody on call was alerted (domain row 40). The ledger records it; delivering is an integration's. */
export interface Page {
  readonly person: string
  readonly channel: PageChannel
  readonly by: Actor
  readonly at: string
  readonly acknowledged?: { readonly by: Actor; readonly at: string }
}
/** By id, in the order in which they were sent. */
export type Pages = ReadonlyMap<string, Page>

/** All of them are kept in the folded incident. */
const pagesMax = 500

export class PageResponder {
  @PersonRef() person!: string
  @IsIn(pageChannels) channel!: PageChannel
}
export class AcknowledgePage {
  @IsUUID() pageId!: string
}
export interface PageCommands {
  PageResponder: PageResponder
  AcknowledgePage: AcknowledgePage
}
export interface PageEvents {
  /** With where to find more, so that whatever delivers it has to look nothing up. */
  ResponderPaged: {
    pageId: string
    person: string
    channel: PageChannel
    reference: string
    warRoom?: string
  }
  PageAcknowledged: { pageId: string }
}

export const pages: Facet<Incident, Pages, PageCommands, PageEvents> = {
  initial: new Map(),
  payloads: { PageResponder, AcknowledgePage },
  may: {
    PageResponder(incident) {
      requireRunning(incident)
      if (incident.pages.size >= pagesMax)
        throw new Rejected('LIMIT_REACHED', `An incident has at most ${pagesMax} pages.`)
    },
    AcknowledgePage(incident) {
      requireRunning(incident)
      if (incident.pages.size === 0) throw callNotFound()
    },
  },
  after: {
    PageResponder: ({ declaration }) => declaration.declaredAt,
    AcknowledgePage: ({ declaration, pages }, { pageId }) =>
      latest(declaration.declaredAt, pages.get(pageId)?.at),
  },
  decide: {
    PageResponder(incident, { person, channel }, context) {
      const { reference } = incident.declaration
      const room = openRooms(incident).at(-1)
      const data = { pageId: context.newId(), person: context.person(person), channel, reference }
      const warRoom = room && whereOf(room)
      return [{ type: 'ResponderPaged', data: { ...data, ...(warRoom && { warRoom }) } }]
    },
    AcknowledgePage(incident, { pageId }, context) {
      const page = incident.pages.get(pageId)
      if (!page) throw callNotFound(pageId)
      requireCalled(incident, [page.person], context)
      return page.acknowledged ? [] : [{ type: 'PageAcknowledged', data: { pageId } }]
    },
  },
  evolve: {
    ResponderPaged: (pages, { data: { pageId, person, channel }, actor: by, occurredAt: at }) =>
      put(pages, pageId, { person, channel, by, at }),
    PageAcknowledged(pages, { data: { pageId }, actor: by, occurredAt: at }) {
      const page = pages.get(pageId)
      return page ? put(pages, pageId, { ...page, acknowledged: { by, at } }) : pages
    },
  },
  narrate: {
    ResponderPaged: ({ data, actor }, name) =>
      fact(`${name(actor)} paged ${name(data.person)} by ${words[data.channel]}`),
    PageAcknowledged: ({ actor }, name) => fact(`${name(actor)} acknowledged being paged`),
  },
  sensitive: {
    ResponderPaged: { pageId: 'PLAIN', person: 'PERSON', reference: 'PLAIN', warRoom: 'TEXT' },
    PageAcknowledged: { pageId: 'PLAIN' },
  },
}

const words: Record<PageChannel, string> = {
  PUSH: 'push message',
  SMS: 'text message',
  PHONE: 'phone',
  EMAIL: 'e-mail',
  CHAT: 'chat',
  PAGER: 'pager',
}
