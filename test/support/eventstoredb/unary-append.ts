import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import { unaryAnswer } from './answers.js'
import { once } from './appends.js'
import { appendTooLarge, invalidArgument, refusals } from './errors.js'
import type { Turn } from './faults.js'
import { halfFrame } from './half-frame.js'
import type { streams } from './protocol.js'
import { type AppendRequest, expectedOf, problemWith, proposed, streamName } from './requests.js'
import type { TestServer } from './server.js'

export type UnaryCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>
type Done = sendUnaryData<streams.AppendResp>

/** One append on a call of its own: what the client does when the append is given credentials. */
export function unaryAppend(server: TestServer, call: UnaryCall, done: Done) {
  const refusal = server.refusal(call)
  if (refusal) return done(refusal)
  const request: AppendRequest = { stream: '', expected: 'any', events: [] }
  call.on('data', (message: streams.AppendReq) => gather(request, message))
  call.on('end', () => {
    server.calls.append++
    void server.faults.meet('append', unaryTurn(server, call, done, request))
  })
}

/** The first message says where to append, each other one brings an event. */
function gather(request: AppendRequest, message: streams.AppendReq) {
  const options = message.getOptions()
  if (options) {
    request.stream = streamName(options.getStreamIdentifier())
    request.expected = expectedOf(options)
  }
  if (message.hasProposedMessage()) request.events.push(proposed(message.getProposedMessage()!))
}

function unaryTurn(server: TestServer, call: UnaryCall, done: Done, request: AppendRequest): Turn {
  const perform = once(() => unaryVerdict(server, request))
  const answer = async () => {
    const verdict = perform()
    if (verdict instanceof Error) done(verdict)
    else done(null, unaryAnswer(verdict, request))
  }
  return {
    port: server.port,
    perform,
    answer,
    answerHalf: async () => {
      const verdict = perform()
      if (verdict instanceof Error) return done(verdict)
      halfFrame(call, unaryAnswer(verdict, request).serializeBinary())
    },
    // There is no correlation id here, so nobody is whom the answer does not reach.
    answerNobody: perform,
    refuse: reason => done(refusals[reason]()),
    // The status OK without a message before it.
    end: () => done({ code: 0, details: '' }),
    fail: error => done(error),
    reset: () => server.drop(call),
  }
}

function unaryVerdict({ log, maxAppendBytes, leaderPort }: TestServer, request: AppendRequest) {
  if (leaderPort === undefined) return refusals.NOT_READY()
  const problem = problemWith(request, maxAppendBytes)
  if (problem === 'TOO_LARGE') return appendTooLarge(maxAppendBytes)
  if (problem === 'BAD_ID') return invalidArgument('Unrecognized Guid format.')
  return log.append(request.stream, request.expected, request.events)
}
