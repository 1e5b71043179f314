import { canonical } from '../canonical.js'
import { StoreDamaged } from '../event-store.js'
import {
  type Envelope,
  type SealedEvent,
  type StoredEvent,
  chain,
  uuidOf,
} from '../stored-event.js'
import type { ServerRecord } from './server-record.js'

/** An event as the server is given it; both parts are JSON. */
export interface ServerEvent {
  readonly id: string
  readonly type: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** An event of ours as it was found, and what it says it follows. */
export interface Recorded {
  readonly event: StoredEvent
  readonly previousHash: string
  /** The server's number of it in the stream; greater than ours behind an event that is not ours. */
  readonly serverRevision: bigint
}

/** Names in the metadata that are not the envelope's. */
const taken = ['hash', 'previousHash', '$correlationId', '$causationId']

/**
 * As the server's users expect to see it: the data on its own, the rest of the envelope as metadata,
 * the correlation where the server looks for it. The canonical bytes are made again on reading.
 */
export function toServer({ id, type, hash, previousHash, bytes }: SealedEvent): ServerEvent {
  const envelope = JSON.parse(bytes) as Envelope
  const { stream: _, type: __, data, correlationId, causationId, ...rest } = envelope
  const clash = taken.find(name => Object.hasOwn(rest, name))
  if (clash) throw new TypeError(`An event with a member ${clash} cannot be stored here`)
  const server = { $correlationId: correlationId, $causationId: causationId }
  const metadata = { ...rest, ...server, hash, previousHash }
  return { id, type, data: json(data), metadata: json(metadata) }
}

/**
 * The event of the ledger's stream again, or undefined if somebody else wrote it; StoreDamaged if it
 * is ours, and not what was written.
 */
export function fromServer(stream: string, record: ServerRecord): Recorded | undefined {
  const metadata = record.isJson ? parsed(record.metadata) : undefined
  if (!isOurs(metadata)) return undefined
  const { hash, previousHash, $correlationId, $causationId, ...rest } = metadata
  const named = {
    ...($correlationId !== undefined && { correlationId: $correlationId }),
    ...($causationId !== undefined && { causationId: $causationId }),
  }
  const envelope = { ...rest, ...named, type: record.type, data: parsed(record.data) } as Envelope
  const isOf = (name: string) =>
    chain(previousHash, canonical({ ...envelope, stream: name })) === hash
  const position = record.position.commit
  if (!isOf(stream) || record.id !== uuidOf(hash)) {
    if (endsOf(stream).some(isOf)) return undefined
    throw new StoreDamaged(`The event at position ${position} was changed`)
  }
  const event = { ...envelope, stream, id: record.id, hash, position }
  return { event, previousHash, serverRevision: record.revision }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8')

/** Undefined for what is no JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
  } catch {
    return undefined
  }
}

interface OurMetadata {
  readonly hash: string
  readonly previousHash: string
  readonly $correlationId?: unknown
  readonly $causationId?: unknown
}

function isOurs(metadata: unknown): metadata is OurMetadata {
  const { hash, previousHash } = Object(metadata) as Partial<OurMetadata>
  return [hash, previousHash].every(it => typeof it === 'string' && /^[0-9a-f]{64}$/.test(it))
}

/**
 * A ledger whose prefix begins with ours writes into what looks like our streams; its events are whole
 * under its own shorter names.
 */
const endsOf = (stream: string) =>
  Array.from({ length: stream.length }, (_, i) => stream.slice(i + 1))
