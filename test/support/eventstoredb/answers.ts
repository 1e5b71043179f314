import type { Expected, Stored, Verdict } from './expected.js'
import type { Kept } from './log.js'
import { any, googleEmpty, shared, status, streams } from './protocol.js'
import { recordOf } from './recorded.js'
import type { AppendRequest } from './requests.js'

const empty = () => new googleEmpty.Empty()

export function identifier(stream: string) {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream))
}

/** What the batch append answers: always on the stream, under the correlation id of the request. */
export function batchAnswer(
  correlation: shared.UUID,
  stream: string,
  result: streams.BatchAppendResp.Success | status.Status,
) {
  const answer = new streams.BatchAppendResp()
    .setCorrelationId(correlation)
    .setStreamIdentifier(identifier(stream))
  return result instanceof status.Status ? answer.setError(result) : answer.setSuccess(result)
}

export function batchResult(verdict: Verdict, expected: Expected) {
  return 'wrong' in verdict ? wrongRevision(verdict.current, expected) : batchSuccess(verdict)
}

function batchSuccess({ revision, position }: Stored) {
  const success = new streams.BatchAppendResp.Success()
  if (revision === undefined) success.setNoStream(empty())
  else success.setCurrentRevision(String(revision))
  if (position === undefined) return success.setNoPosition(empty())
  const place = new shared.AllStreamPosition()
  place.setCommitPosition(String(position)).setPreparePosition(String(position))
  return success.setPosition(place)
}

function wrongRevision(current: number | undefined, expected: Expected) {
  const wrong = new shared.WrongExpectedVersion()
  if (current === undefined) wrong.setCurrentNoStream(empty())
  else wrong.setCurrentStreamRevision(String(current))
  if (expected === 'any') wrong.setExpectedAny(empty())
  else if (expected === 'no_stream') wrong.setExpectedNoStream(empty())
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(empty())
  else wrong.setExpectedStreamPosition(String(expected))
  return packed('WrongExpectedVersion', 6, wrong.serializeBinary())
}

export function tooLarge(maxBytes: number) {
  const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxBytes)
  return packed('MaximumAppendSizeExceeded', 3, details.serializeBinary())
}

/** The client has no name for it, and makes an UnknownError of it. */
export function badRequest(why: string) {
  const details = new shared.BadRequest().setMessage(why)
  return packed('BadRequest', 3, details.serializeBinary())
}

/** How the batch append says that it cannot. "Not ready" is nothing the client knows either. */
export const refusals = {
  NOT_READY: () => {
    const details = new any.Any()
    details.pack(empty().serializeBinary(), 'google.protobuf.Empty')
    return new status.Status().setMessage('Server Is Not Ready').setDetails(details)
  },
  TIMED_OUT: () => packed('Timeout', 4, new shared.Timeout().serializeBinary()),
}

/** The client reads the name of the packed message only; the code is for people. */
function packed(name: string, code: number, bytes: Uint8Array) {
  const details = new any.Any()
  details.pack(bytes, `event_store.client.${name}`)
  return new status.Status().setCode(code).setMessage(name).setDetails(details)
}

/** What the unary append answers. */
export function unaryAnswer(verdict: Verdict, { expected }: AppendRequest) {
  const answer = new streams.AppendResp()
  if ('wrong' in verdict)
    return answer.setWrongExpectedVersion(unaryWrong(verdict.current, expected))
  return answer.setSuccess(unarySuccess(verdict))
}

function unarySuccess({ revision, position }: Stored) {
  const success = new streams.AppendResp.Success()
  if (revision === undefined) success.setNoStream(new shared.Empty())
  else success.setCurrentRevision(String(revision))
  if (position === undefined) return success.setNoPosition(new shared.Empty())
  const place = new streams.AppendResp.Position()
  place.setCommitPosition(String(position)).setPreparePosition(String(position))
  return success.setPosition(place)
}

function unaryWrong(current: number | undefined, expected: Expected) {
  const wrong = new streams.AppendResp.WrongExpectedVersion()
  if (current === undefined) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(current))
  if (expected === 'any') return wrong.setExpectedAny(new shared.Empty())
  if (expected === 'no_stream') return wrong.setExpectedNoStream(new shared.Empty())
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(new shared.Empty())
  return wrong.setExpectedRevision(String(expected))
}

export const confirmed = (id: string) =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
  )

export const streamNotFound = (stream: string) =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)),
  )

export function checkpoint(position: number) {
  const reached = new streams.ReadResp.Checkpoint()
  reached.setCommitPosition(String(position)).setPreparePosition(String(position))
  return new streams.ReadResp().setCheckpoint(reached)
}

export const eventAnswer = (event: Kept) => new streams.ReadResp().setEvent(recordOf(event))
