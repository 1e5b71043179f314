import { hash as digest } from 'node:crypto'
import { canonical } from './canonical.js'
import type { Actor, Timing } from '../decider/facet.js'
import { type Position, StoreDamaged } from './event-store.js'

/** How an incident is meant; events of the organisation are always LIVE. */
export type Mode = 'LIVE' | 'DRILL' | 'TABLETOP' | 'TEST' | 'RETROSPECTIVE'

/** What is known of an event besides its place in the whole log. The hash covers all of it, for ever. */
export interface Envelope {
  /** The logical name: `incident-<uuid>`, `organisation`, `reference`. */
  readonly stream: string
  /** From 0, without a gap. */
  readonly revision: number
  readonly type: string
  readonly schemaVersion: number
  readonly data: object
  /** When it happened, as claimed: `YYYY-MM-DDTHH:mm:ss.sssZ`, as all instants here. */
  readonly occurredAt: string
  /** Absent when `occurredAt` is exact. */
  readonly timing?: Timing
  /** When it ended, if it lasted; set by import alone. */
  readonly occurredUntil?: string
  /** The server's clock; never decreases within a stream. */
  readonly recordedAt: string
  readonly actor: Actor
  /** Why an administrator decided over others' heads; only where that was needed. */
  readonly overrideReason?: string
  readonly mode: Mode
  /** Revision of `organisation` that it was decided under; absent there. */
  readonly policyRevision?: number
  /** 32 lower-case hex digits. */
  readonly correlationId: string
  /** Id of the event that caused it, if one did. */
  readonly causationId?: string
  /** The client's own name for the command, unique within the stream. */
  readonly commandId?: string
  /** What that name stood for; only with a `commandId`. */
  readonly commandDigest?: string
}

/** An event in its final bytes: a retry sends the very same ones. */
export interface SealedEvent {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly type: string
  readonly hash: string
  /** Of the event before it in the stream; what the first follows is made of the stream's name. */
  readonly previousHash: string
  readonly bytes: string
}
export interface StoredEvent extends Envelope {
  readonly id: string
  readonly hash: string
  readonly position: Position
}

/** One event may not be larger than this in its canonical bytes. */
export const eventBytesMax = 256 * 1024

/** A member that is not here was written by a newer version. */
const members: ReadonlySet<string> = new Set<keyof Envelope>([
  'stream',
  'revision',
  'type',
  'schemaVersion',
  'data',
  'occurredAt',
  'timing',
  'occurredUntil',
  'recordedAt',
  'actor',
  'overrideReason',
  'mode',
  'policyRevision',
  'correlationId',
  'causationId',
  'commandId',
  'commandDigest',
])
const places: ReadonlySet<string> = new Set<keyof StoredEvent>(['id', 'hash', 'position'])

/** Whether the envelope says more than this version understands: then nothing may be decided on it. */
export const isNewer = (event: Omit<StoredEvent, 'position'>): boolean =>
  Object.keys(event).some(member => !members.has(member) && !places.has(member))

/** What the first event of a stream follows. */
export const firstHash = (stream: string) => digest('sha256', `\x03${stream}`)
/** SHA-256 of the canonical JSON (RFC 8785), in hex. */
export const digestOf = (value: unknown) => digest('sha256', canonical(value))

/** Makes the final bytes (canonical JSON, RFC 8785) and links them to the event before. */
export function seal(previousHash: string, envelope: Envelope): SealedEvent {
  const bytes = canonical(envelope)
  const hash = chain(previousHash, bytes)
  const { stream, revision, type } = envelope
  return { id: uuidOf(hash), stream, revision, type, hash, previousHash, bytes }
}

/** The final bytes of an event that was read; StoreDamaged if they are not what its hash is of. */
export function resealed(previousHash: string, event: StoredEvent): SealedEvent {
  const { id: _, hash, position, ...envelope } = event
  const sealed = seal(previousHash, envelope)
  if (sealed.hash !== hash) throw changed(position)
  return sealed
}

/** Whether these continue a stream whose last event has this revision and hash, one following the other. */
export const areNext = (
  stream: string,
  revision: number,
  hash: string,
  events: readonly SealedEvent[],
): boolean =>
  events.every(
    (event, i) =>
      event.stream === stream &&
      event.revision === revision + 1 + i &&
      event.previousHash === (i === 0 ? hash : events[i - 1]!.hash),
  )

/**
 * Reads stored bytes back; StoreDamaged for what is not the next link of its stream's chain. Damage
 * can turn a column into anything, so nothing is assumed of their types.
 */
export function unseal(
  previousHash: string,
  row: { bytes: string; hash: string; position: Position },
): StoredEvent {
  const hash = typeof row.bytes === 'string' ? chain(previousHash, row.bytes) : undefined
  if (hash === undefined || hash !== row.hash) throw changed(row.position)
  const envelope = JSON.parse(row.bytes) as Envelope
  return Object.assign(envelope, { id: uuidOf(hash), hash, position: row.position })
}

/** Where and as what an event was found must be what its bytes say; StoreDamaged if not. */
export function assertPlace(
  event: StoredEvent,
  place: { stream: string; revision: number; id: string; type: string },
): void {
  const fits =
    event.stream === place.stream &&
    event.revision === place.revision &&
    event.id === place.id &&
    event.type === place.type
  if (!fits) throw changed(event.position)
}

const changed = (position: Position) =>
  new StoreDamaged(`The event at position ${position} was changed`)

/** SHA-256(0x02 ‖ previous hash ‖ SHA-256(bytes)). */
export const chain = (previous: string, bytes: string | Uint8Array) =>
  digest('sha256', Buffer.from(`02${previous}${digest('sha256', bytes)}`, 'hex'))

/** The first 16 bytes of the hash as a UUIDv8: the same bytes have the same id, others another. */
export function uuidOf(hash: string): string {
  const variant = ((parseInt(hash[16]!, 16) & 0x3) | 0x8).toString(16)
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ]
  return parts.join('-')
}
