import type { Position } from '../event-store.js'
import type { Envelope } from '../stored-event.js'

/** A row as it lies on disk: damage can turn a column into anything. */
export interface LogRow {
  readonly position: Position
  readonly stream: unknown
  readonly revision: unknown
  readonly id: unknown
  readonly type: unknown
  readonly hash: unknown
  readonly running: unknown
  readonly bytes: Buffer | null
}

/** The bytes as they are: reading them as text would mend what is not UTF-8. */
export const rowColumns =
  'position, stream, revision, id, type, hash, running, cast(bytes as blob) as bytes'

/** Undefined for what cannot have been written as an event. */
export function envelopeIn(bytes: Buffer): Envelope | undefined {
  try {
    const envelope = JSON.parse(bytes.toString()) as Envelope | null
    return typeof envelope?.stream === 'string' ? envelope : undefined
  } catch {
    return undefined
  }
}
