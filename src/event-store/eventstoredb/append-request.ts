import { messages, shared } from './protocol.js'
import type { ServerEvent } from './recorded-event.js'
import { identifier } from './requests.js'

/** As much as the client itself puts into one message; a longer append takes several. */
const messageBytesMax = 3 * 1024 * 1024
/** More than an event takes besides its data and metadata, so that most need not be measured. */
const eventBytesBeside = 1024
/** As the client asks by default. Our own timers are shorter, and clocks may differ by some seconds. */
const serverDeadlineMs = 10_000

const { Options, ProposedMessage } = messages.BatchAppendReq

export interface AppendRequest {
  /** The server's name of the stream. */
  readonly stream: string
  /** The server's number of the last event before these; -1 for none. */
  readonly expected: bigint
  readonly events: readonly ServerEvent[]
}

/** The messages of one append, just as the client makes them. */
export function messagesOf(request: AppendRequest, correlation: string): messages.BatchAppendReq[] {
  const id = new shared.UUID().setString(correlation)
  const all = request.events.map(proposed)
  const parts = isSmall(request.events) ? [all] : split(all)
  return parts.map((part, i) => {
    const message = new messages.BatchAppendReq()
    if (i === 0) message.setOptions(optionsOf(request))
    message.setCorrelationId(id).setProposedMessagesList(part)
    return message.setIsFinal(i === parts.length - 1)
  })
}

export const sizeOf = (events: readonly ServerEvent[]) =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)

const isSmall = (events: readonly ServerEvent[]) =>
  sizeOf(events) + events.length * eventBytesBeside < messageBytesMax

function proposed({ id, type, data, metadata }: ServerEvent) {
  const message = new ProposedMessage().setId(new shared.UUID().setString(id))
  message.getMetadataMap().set('type', type).set('content-type', 'application/json')
  return message.setData(data).setCustomMetadata(metadata)
}

function split(all: ReturnType<typeof proposed>[]) {
  const parts = [[]] as (typeof all)[]
  let bytes = 0
  for (const message of all) {
    const size = message.serializeBinary().length
    if (bytes + size >= messageBytesMax) {
      parts.push([])
      bytes = 0
    }
    bytes += size
    parts.at(-1)!.push(message)
  }
  return parts
}

function optionsOf({ stream, expected }: AppendRequest) {
  const options = new Options().setStreamIdentifier(identifier(stream)).setDeadline(deadline())
  return expected < 0n
    ? options.setNoStream(new shared.Empty())
    : options.setStreamPosition(String(expected))
}

/** An empty deadline as it stands on the wire: a timestamp is a message of a package below. */
const emptyDeadline = Uint8Array.of(0x32, 0)

function deadline() {
  const at = Date.now() + serverDeadlineMs
  const timestamp = Options.deserializeBinary(emptyDeadline).getDeadline()!
  timestamp.setSeconds(Math.floor(at / 1000))
  timestamp.setNanos((at % 1000) * 1_000_000)
  return timestamp
}
