import { randomUUID } from 'node:crypto'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import { badRequest, batchAnswer, batchResult, refusals, tooLarge } from './answers.js'
import type { Turn } from './faults.js'
import { halfFrame } from './half-frame.js'
import { shared, type streams } from './protocol.js'
import { type AppendRequest, expectedOf, problemWith, proposed, streamName } from './requests.js'
import type { TestServer } from './server.js'

export type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>

/** Many appends on one call; each may come in several messages, told apart by correlation id. */
export function batchAppend(server: TestServer, call: BatchCall) {
  const unfinished = new Map<string, AppendRequest>()
  call.on('data', (message: streams.BatchAppendReq) => {
    server.hooks.received(message)
    const request = gather(unfinished, message)
    if (!message.getIsFinal()) return
    unfinished.delete(correlationOf(message))
    server.calls.append++
    const turn = batchTurn(server, call, message.getCorrelationId()!, request)
    // A refusal ends the call, and so everything that is pending on it.
    const refusal = server.refusal(call)
    if (refusal) turn.fail(refusal)
    else void server.faults.meet('append', turn)
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

function batchTurn(
  server: TestServer,
  call: BatchCall,
  correlation: shared.UUID,
  request: AppendRequest,
): Turn {
  const perform = once(() => batchVerdict(server, request))
  const answer = (to: shared.UUID, result = perform()) => batchAnswer(to, request.stream, result)
  const write = (message: streams.BatchAppendResp) => {
    if (!call.cancelled && !call.writableEnded) call.write(message)
  }
  return {
    port: server.port,
    perform,
    answer: async () => write(answer(correlation)),
    answerHalf: async () => halfFrame(call, answer(correlation).serializeBinary()),
    answerNobody: () => write(answer(new shared.UUID().setString(randomUUID()))),
    refuse: reason => write(answer(correlation, refusals[reason]())),
    end: () => call.end(),
    fail: error => void call.emit('error', error),
    reset: () => server.drop(call),
  }
}

/** The work is done once, however often the answer is asked for. */
export function once<T>(work: () => T): () => T {
  let done: { result: T } | undefined
  return () => (done ??= { result: work() }).result
}

function batchVerdict({ log, maxAppendBytes, leaderPort }: TestServer, request: AppendRequest) {
  const { stream, expected, events } = request
  if (leaderPort === undefined) return refusals.NOT_READY()
  const problem = problemWith(request, maxAppendBytes)
  if (problem === 'TOO_LARGE') return tooLarge(maxAppendBytes)
  if (problem === 'BAD_ID') return badRequest('Unrecognized Guid format.')
  return batchResult(log.append(stream, expected, events), expected)
}
