import { messages, shared } from './protocol.js'

/** A place in the server's whole log. */
export interface ServerPosition {
  readonly commit: bigint
  readonly prepare: bigint
}

const { Options } = messages.ReadReq
const { AllOptions, FilterOptions, Position, StreamOptions, SubscriptionOptions, UUIDOption } =
  Options

/** So that an idle ledger on a busy server is told of its place now and then, not all the time. */
const checkpointInterval = 1000

export const identifier = (name: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8'))

/** The stream from a revision on, or backwards from its end. */
export function streamRead(name: string, from: bigint | 'end', count: number) {
  const stream = new StreamOptions().setStreamIdentifier(identifier(name))
  if (from === 'end') stream.setEnd(new shared.Empty())
  else stream.setRevision(String(from))
  const options = counted(count, from === 'end')
    .setStream(stream)
    .setNoFilter(new shared.Empty())
  return new messages.ReadReq().setOptions(options)
}

/**
 * The whole log from a position on (the event there is the first, if it is wanted at all), or
 * backwards from its end; only the streams that the filter lets through, if there is one.
 */
export function allRead(from: ServerPosition | 'end', count: number, filter?: RegExp) {
  const options = counted(count, from === 'end').setAll(placeOf(from))
  return new messages.ReadReq().setOptions(filtered(options, filter))
}

/** What comes after a position, for ever. */
export function subscription(after: ServerPosition, filter: RegExp) {
  const options = plain().setAll(placeOf(after)).setSubscription(new SubscriptionOptions())
  return new messages.ReadReq().setOptions(filtered(options, filter))
}

const plain = () =>
  new Options().setResolveLinks(false).setUuidOption(new UUIDOption().setString(new shared.Empty()))

const counted = (count: number, backwards: boolean) =>
  plain()
    .setCount(String(count))
    .setReadDirection(backwards ? 1 : 0)

function placeOf(from: ServerPosition | 'end') {
  if (from === 'end') return new AllOptions().setEnd(new shared.Empty())
  if (from.commit === 0n) return new AllOptions().setStart(new shared.Empty())
  const position = new Position().setCommitPosition(String(from.commit))
  return new AllOptions().setPosition(position.setPreparePosition(String(from.prepare)))
}

/** The client's own `readAll` has none, but the server knows it as it does for subscriptions. */
function filtered(options: InstanceType<typeof Options>, filter?: RegExp) {
  if (!filter) return options.setNoFilter(new shared.Empty())
  const names = new FilterOptions.Expression().setRegex(filter.source)
  const how = new FilterOptions().setStreamIdentifier(names).setCount(new shared.Empty())
  return options.setFilter(how.setCheckpointintervalmultiplier(checkpointInterval))
}
