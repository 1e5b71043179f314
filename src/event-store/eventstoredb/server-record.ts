import type { Answer } from './answers.js'
import { tooOld } from './failure.js'
import type { ServerPosition } from './requests.js'
import { uuidIn } from './uuid.js'

/** An event as the server has it, whoever wrote it. */
export interface ServerRecord {
  /** The server's name of it. */
  readonly stream: string
  readonly id: string
  readonly type: string
  readonly isJson: boolean
  readonly revision: bigint
  readonly position: ServerPosition
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** What a server before 22.6 says of an event's place when it is read from its stream. */
const unknownPosition = 2n ** 64n - 1n

/** Undefined if the message brings no event. */
export function recordIn(answer: Answer): ServerRecord | undefined {
  const event = answer.getEvent()?.getEvent()
  if (!event) return undefined
  const told = event.getMetadataMap()
  const position = placeOf(event)
  if (position.commit === unknownPosition) throw tooOld()
  return {
    stream: Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8'),
    id: uuidIn(event.getId()),
    type: told.get('type') ?? '',
    isJson: told.get('content-type') === 'application/json',
    revision: BigInt(event.getStreamRevision()),
    position,
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
  }
}

const placeOf = (told: { getCommitPosition(): string; getPreparePosition(): string }) => ({
  commit: BigInt(told.getCommitPosition()),
  prepare: BigInt(told.getPreparePosition()),
})
