import { randomUUID } from 'node:crypto'
import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import { batchAnswer, batchResult, tooLarge, unaryAnswer } from './answers.js'
import { appendTooLarge } from './errors.js'
import type { Verdict } from './expected.js'
import type { Turn } from './faults.js'
import { halfFrame } from './half-frame.js'
import { sizeOf } from './log.js'
import { shared, streams } from './protocol.js'
import { type AppendRequest, expectedOf, proposed, streamName } from './requests.js'
import type { TestServer } from './server.js'

export type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>
export type UnaryCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>

/** Many appends on one call; each may come in several messages, told apart by correlation id. */
export function batchAppend(server: TestServer, call: BatchCall) {
  const refusal = server.refusal(call)
  if (refusal) return void call.emit('error', refusal)
  const unfinished = new Map<string, AppendRequest>()
  call.on('data', (message: streams.BatchAppendReq) => {
    server.hooks.received(message)
    const request = gather(unfinished, message)
    if (!message.getIsFinal()) return
    unfinished.delete(correlationOf(message))
    server.calls.append++
    void server.faults.meet('append', batchTurn(server, call, message.getCorrelationId()!, request))
  })
  call.on('end', () => call.end())
}

const correlationOf = (message: streams.BatchAppendReq) =>
  message.getCorrelationId()?.getString() ?? ''

/** Adds the message's events to what came before under its correlation id. */
function gather(unfinished: Map<string, AppendRequest>, message: streams.BatchAppendReq) {
  const id = correlationOf(message)
  const options = message.getOptions()
  if (options) {
    const stream = streamName(options.getStreamIdentifier())
    unfinished.set(id, { stream, expected: expectedOf(options), events: [] })
  }
  const request = unfinished.get(id)!
  request.events.push(...message.getProposedMessagesList().map(proposed))
  return request
}

const totalSize = ({ events }: AppendRequest) =>
  events.reduce((sum, event) => sum + sizeOf(event), 0)

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function batchTurn(
  server: TestServer,
  call: BatchCall,
  correlation: shared.UUID,
  request: AppendRequest,
): Turn {
  const { stream, expected, events } = request
  const large = totalSize(request) > server.maxAppendBytes
  const perform = once(() =>
    large
      ? tooLarge(server.maxAppendBytes)
      : batchResult(server.log.append(stream, expected, events), expected),
  )
  const answer = (to: shared.UUID) => batchAnswer(to, stream, perform())
  const write = (to: shared.UUID) => {
    const message = answer(to)
    if (!call.cancelled && !call.writableEnded) call.write(message)
  }
  return {
    port: server.port,
    perform,
    answer: async () => write(correlation),
    answerHalf: async () => halfFrame(call, answer(correlation).serializeBinary()),
    answerNobody: () => write(new shared.UUID().setString(randomUUID())),
    end: () => call.end(),
    fail: error => void call.emit('error', error),
    reset: () => server.drop(call),
  }
}

/** One append on a call of its own: what the client does when it is given credentials. */
export function unaryAppend(
  server: TestServer,
  call: UnaryCall,
  done: sendUnaryData<streams.AppendResp>,
) {
  const refusal = server.refusal(call)
  if (refusal) return done(refusal)
  const request: AppendRequest = { stream: '', expected: 'any', events: [] }
  call.on('data', (message: streams.AppendReq) => addUnary(request, message))
  call.on('end', () => {
    server.calls.append++
    void server.faults.meet('append', unaryTurn(server, call, done, request))
  })
}

function addUnary(request: AppendRequest, message: streams.AppendReq) {
  const options = message.getOptions()
  if (options) {
    request.stream = streamName(options.getStreamIdentifier())
    request.expected = expectedOf(options)
  }
  if (message.hasProposedMessage()) request.events.push(proposed(message.getProposedMessage()!))
}

function unaryTurn(
  server: TestServer,
  call: UnaryCall,
  done: sendUnaryData<streams.AppendResp>,
  request: AppendRequest,
): Turn {
  const large = totalSize(request) > server.maxAppendBytes
  const perform = once((): Verdict | undefined =>
    large ? undefined : server.log.append(request.stream, request.expected, request.events),
  )
  const answer = async () => {
    const verdict = perform()
    if (verdict === undefined) done(appendTooLarge(server.maxAppendBytes))
    else done(null, unaryAnswer(verdict, request))
  }
  return {
    port: server.port,
    perform,
    answer,
    answerHalf: async () => {
      const verdict = perform()
      if (verdict) halfFrame(call, unaryAnswer(verdict, request).serializeBinary())
    },
    answerNobody: perform,
    // An end without an answer is what the status OK alone says.
    end: () => done({ code: 0, details: '' }),
    fail: error => done(error),
    reset: () => server.drop(call),
  }
}
