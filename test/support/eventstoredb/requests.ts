import type { Expected } from './expected.js'
import { type Kept, type Proposed, sizeOf } from './log.js'
import type { shared, streams } from './protocol.js'

/** An append as it was asked, in one message or in many. */
export interface AppendRequest {
  stream: string
  expected: Expected
  events: Proposed[]
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Why the server does not even look at the append. */
export function problemWith({ events }: AppendRequest, maxBytes: number) {
  if (events.reduce((sum, event) => sum + sizeOf(event), 0) > maxBytes) return 'TOO_LARGE'
  return events.every(({ id }) => UUID.test(id)) ? undefined : 'BAD_ID'
}

export const streamName = (identifier?: shared.StreamIdentifier) =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')

/** The client says the id as text; the other form on the wire is for servers to send. */
export function proposed(
  message: streams.BatchAppendReq.ProposedMessage | streams.AppendReq.ProposedMessage,
): Proposed {
  const metadata = message.getMetadataMap()
  return {
    id: message.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

export function expectedOf(
  options: streams.BatchAppendReq.Options | streams.AppendReq.Options | streams.DeleteReq.Options,
): Expected {
  if (options.hasAny()) return 'any'
  if (options.hasNoStream()) return 'no_stream'
  if (options.hasStreamExists()) return 'stream_exists'
  return Number('getRevision' in options ? options.getRevision() : options.getStreamPosition())
}

/** Where a read or a subscription begins. */
export type From = 'start' | 'end' | number

/** A read or a subscription as it was asked. */
export interface ReadRequest {
  /** Undefined asks for $all. */
  stream: string | undefined
  from: From
  backwards: boolean
  count: number
  subscription: boolean
  matches: (event: Kept) => boolean
  /** After how many events looked at a checkpoint is due; infinite without a filter. */
  checkpointEvery: number
}

/** What the server looks through at once when the client names no window. */
const DEFAULT_SEARCH_WINDOW = 32

export function readRequest(request: streams.ReadReq): ReadRequest {
  const options = request.getOptions()!
  const stream = options.getStream()
  return {
    stream: stream && streamName(stream.getStreamIdentifier()),
    from: stream ? fromRevision(stream) : fromPosition(options.getAll()!),
    backwards: options.getReadDirection() === 1,
    count: Number(options.getCount()),
    subscription: options.hasSubscription(),
    matches: matcher(options.getFilter()),
    checkpointEvery: checkpointEvery(options.getFilter()),
  }
}

function fromRevision(options: streams.ReadReq.Options.StreamOptions): From {
  if (options.hasStart()) return 'start'
  return options.hasEnd() ? 'end' : Number(options.getRevision())
}

function fromPosition(options: streams.ReadReq.Options.AllOptions): From {
  if (options.hasStart()) return 'start'
  return options.hasEnd() ? 'end' : Number(options.getPosition()!.getCommitPosition())
}

function matcher(filter?: streams.ReadReq.Options.FilterOptions): (event: Kept) => boolean {
  if (filter === undefined) return () => true
  const byStream = filter.getStreamIdentifier()
  const expression = byStream ?? filter.getEventType()!
  const regex = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex())
  const prefixes = expression.getPrefixList()
  return event => {
    const name = byStream ? event.stream : event.type
    return regex ? regex.test(name) : prefixes.some(prefix => name.startsWith(prefix))
  }
}

function checkpointEvery(filter?: streams.ReadReq.Options.FilterOptions) {
  if (filter === undefined) return Infinity
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW
  return window * filter.getCheckpointintervalmultiplier()
}
