import { IsOptional, IsUUID, Matches } from 'class-validator'
import { Line, WebAddress } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { requireEntry } from './entry.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'

/** What shows an entry, given after it; taken back, it is a retracted entry of its own. */
export interface Attachment {
  /** Of the event that attached it. */
  readonly id: string
  readonly url: string
  /** Of what was at the address then, in hex. */
  readonly sha256?: string
  readonly caption: string
}
export interface Attachments {
  /** By the event id of the entry that they show. */
  readonly of: ReadonlyMap<string, readonly Attachment[]>
  readonly count: number
}

/** At one entry and at a time: who shows more shows nothing. */
const perEntryMax = 20
/** In one incident, those that were taken back counted. */
export const attachmentsMax = 1000

export class AttachEvidence {
  @IsUUID() eventId!: string
  @WebAddress() url!: string
  @IsOptional() @Matches(/^[0-9a-f]{64}$/) sha256?: string
  @Line(200) caption!: string
}
export interface AttachmentCommands {
  AttachEvidence: AttachEvidence
}
export interface AttachmentEvents {
  EvidenceAttached: { eventId: string; url: string; sha256?: string; caption: string }
}

export const attachments: Facet<Incident, Attachments, AttachmentCommands, AttachmentEvents> = {
  initial: { of: new Map(), count: 0 },
  payloads: { AttachEvidence },
  may: { AttachEvidence: requireDeclared },
  after: { AttachEvidence: ({ declaration }) => declaration.declaredAt },
  decide: {
    AttachEvidence(incident, { eventId, url, sha256, caption }, context) {
      requireEntry(incident, eventId, context)
      const { attachments, notes } = incident
      const there = (attachments.of.get(eventId) ?? []).filter(
        ({ id }) => !notes.amended.get(id)?.retracted,
      )
      const isSame = (one: Attachment) =>
        one.url === url && one.sha256 === sha256 && one.caption === caption
      if (there.some(isSame)) return []
      if (there.length >= perEntryMax || attachments.count >= attachmentsMax)
        throw new Rejected(
          'LIMIT_REACHED',
          `At most ${perEntryMax} pieces of evidence can be attached to an entry, ${attachmentsMax} in an incident.`,
        )
      return [
        {
          type: 'EvidenceAttached',
          data: { eventId, url, ...(sha256 !== undefined && { sha256 }), caption },
        },
      ]
    },
  },
  evolve: {
    EvidenceAttached: ({ of, count }, { id, data: { eventId, ...shown } }) => ({
      of: put(of, eventId, [...(of.get(eventId) ?? []), { id, ...shown }]),
      count: count + 1,
    }),
  },
  narrate: {
    EvidenceAttached: ({ data, actor }, name) =>
      fact(`${name(actor)} attached evidence to an entry: ${data.caption}`),
  },
  sensitive: {
    EvidenceAttached: { eventId: 'PLAIN', url: 'TEXT', sha256: 'PLAIN', caption: 'TEXT' },
  },
}
