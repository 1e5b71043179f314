import { identifier } from './answers.js'
import type { Kept } from './log.js'
import { shared, streams } from './protocol.js'

/** The server tells the time in steps of 100 ns. */
const TICKS_PER_MS = 10_000n
/** What stands for "not known" where a position should be. */
const NO_POSITION = String(2n ** 64n - 1n)

/** An event as reads and subscriptions give it out. Reads of a stream know no position. */
export function recordOf(event: Kept, fromAll: boolean) {
  const answer = new streams.ReadResp.ReadEvent().setEvent(recorded(event, fromAll))
  return fromAll
    ? answer.setCommitPosition(String(event.position))
    : answer.setNoPosition(new shared.Empty())
}

function recorded(event: Kept, fromAll: boolean) {
  const position = fromAll ? String(event.position) : NO_POSITION
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
