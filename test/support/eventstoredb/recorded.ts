import { identifier } from './answers.js'
import type { Kept } from './log.js'
import { shared, streams } from './protocol.js'

/** The server tells the time in steps of 100 ns. */
const TICKS_PER_MS = 10_000n

/** An event as reads and subscriptions give it out; since 22.6 reads of a stream know positions too. */
export const recordOf = (event: Kept) =>
  new streams.ReadResp.ReadEvent()
    .setEvent(recorded(event))
    .setCommitPosition(String(event.position))

function recorded(event: Kept) {
  const position = String(event.position)
  const record = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(event.data)
    .setCustomMetadata(event.metadata)
  record
    .getMetadataMap()
    .set('type', event.type)
    .set('created', String(BigInt(event.created) * TICKS_PER_MS))
    .set('content-type', event.contentType)
  return record
}
