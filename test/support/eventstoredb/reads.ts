import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerErrorResponse, ServerWritableStream } from '@grpc/grpc-js'
import { confirmed, eventAnswer, streamNotFound } from './answers.js'
import { invalidPosition, refusals } from './errors.js'
import type { Turn } from './faults.js'
import type { Kept } from './log.js'
import type { streams } from './protocol.js'
import { type ReadRequest, readRequest } from './requests.js'
import type { TestServer } from './server.js'
import { follow, followStream } from './subscriptions.js'
import type { View } from './view.js'

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>
/** Undefined stands for a place no reader may start from. */
type Messages = AsyncIterable<streams.ReadResp> | Iterable<streams.ReadResp> | undefined

/** Reads and subscriptions are one call of the protocol. */
export function read(server: TestServer, call: ReadCall) {
  const refusal = server.refusal(call)
  if (refusal) return void call.emit('error', refusal)
  const request = readRequest(call.request)
  const kind = request.subscription ? 'subscribe' : 'read'
  server.calls[kind]++
  const gone = untilGone(call)
  void server.faults.meet(kind, readTurn(server, call, request, gone))
}

/** Aborts when nobody listens any more, however the call ended. */
function untilGone(call: ReadCall): AbortSignal {
  const gone = new AbortController()
  for (const event of ['cancelled', 'close', 'finish']) call.on(event, () => gone.abort())
  return gone.signal
}

function readTurn(
  server: TestServer,
  call: ReadCall,
  request: ReadRequest,
  gone: AbortSignal,
): Turn {
  const messages = () => messagesFor(server, request, gone)
  const answer = async (events = Infinity) => {
    const asked = messages()
    if (asked === undefined) return void call.emit('error', invalidPosition())
    if ((await send(server, call, asked, events, gone)) === 'ALL') call.end()
  }
  const fail = (error: ServerErrorResponse) => {
    if (!call.writableEnded) call.emit('error', error)
  }
  return {
    port: server.port,
    perform: () => undefined,
    answer,
    answerHalf: () => answer(Math.max(1, Math.floor(count(server.view, request) / 2))),
    answerNobody: () => undefined,
    refuse: reason => fail(refusals[reason]()),
    end: () => call.end(),
    fail,
    reset: () => server.drop(call),
  }
}

/** Sends one message after the other, and waits whenever the consumer is slower than we are. */
async function send(
  server: TestServer,
  call: ReadCall,
  messages: NonNullable<Messages>,
  events: number,
  gone: AbortSignal,
): Promise<'ALL' | 'CUT'> {
  let left = events
  for await (const message of messages) {
    if (gone.aborted || (left === 0 && message.hasEvent())) return 'CUT'
    if (!call.write(message)) await once(call, 'drain', { signal: gone }).catch(() => undefined)
    if (message.hasEvent()) {
      server.sent++
      left--
    }
    if (left === 0) return 'CUT'
  }
  return 'ALL'
}

function messagesFor(server: TestServer, request: ReadRequest, gone: AbortSignal): Messages {
  if (request.subscription) return subscription(server, request, gone)
  const { view } = server
  return request.stream === undefined ? readAll(view, request) : readStream(view, request)
}

function subscription(server: TestServer, request: ReadRequest, gone: AbortSignal): Messages {
  const { stream, from } = request
  const { view, checkpoints } = server
  if (stream !== undefined) return confirmedFirst(followStream(view, stream, from, gone))
  const index = typeof from === 'number' ? view.indexAt(from) : 0
  if (index === undefined) return undefined
  return confirmedFirst(follow(view, request, checkpoints, gone))
}

async function* confirmedFirst(messages: AsyncIterable<streams.ReadResp>) {
  yield confirmed(randomUUID())
  yield* messages
}

/** Forwards from the position on, backwards from the one before it. */
function readAll(view: View, request: ReadRequest): Messages {
  const { from, backwards, count: max, matches } = request
  const start = from === 'start' ? 0 : from === 'end' ? view.length : view.indexAt(from)
  if (start === undefined) return undefined
  const all = view.log.all.slice(0, view.length)
  const asked = backwards ? all.slice(0, start).reverse() : all.slice(start)
  return answers(asked.filter(matches).slice(0, max))
}

/** In a stream both directions begin with the revision itself. */
function readStream(view: View, { stream, from, backwards, count: max }: ReadRequest): Messages {
  const kept = view.stream(stream!)
  if (kept === undefined) return [streamNotFound(stream!)]
  const start = from === 'start' ? 0 : from === 'end' ? Infinity : from
  const asked = backwards
    ? kept.filter(({ revision }) => revision <= start).reverse()
    : kept.filter(({ revision }) => revision >= start)
  return answers(asked.slice(0, max))
}

function* answers(events: readonly Kept[]) {
  for (const event of events) yield eventAnswer(event)
}

/** How many events there are to send at the moment. */
function count(view: View, request: ReadRequest) {
  const { stream } = request
  const there = stream === undefined ? view.log.all.filter(request.matches) : view.stream(stream)
  return Math.min(there?.length ?? 0, request.subscription ? Infinity : request.count)
}
