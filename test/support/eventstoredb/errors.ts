import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js'
import type { Expected } from './expected.js'

/** An error as it ends a call: what the client makes of it depends on code and metadata alone. */
function serviceError(code: status, details: string, metadata: Record<string, string> = {}) {
  const described = new Metadata()
  for (const [key, value] of Object.entries(metadata)) described.set(key, value)
  return Object.assign(new Error(details), { code, details, metadata: described })
}

/** Answered by a node that starts, stops, or has too much to do. */
export const unavailable = (): ServerErrorResponse =>
  serviceError(status.UNAVAILABLE, 'Server Is Not Ready')

/** The real server says where the leader is, and the client connects there. */
export const notLeader = (port: number, host = '127.0.0.1'): ServerErrorResponse =>
  serviceError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  })

/** No credentials, where the stream may not be read or written without. */
export const accessDenied = (): ServerErrorResponse =>
  serviceError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })

/** Credentials that are wrong. */
export const unauthenticated = (): ServerErrorResponse =>
  serviceError(status.UNAUTHENTICATED, 'Bad HTTP response, status code: 401')

/** The unary append says it so; the batch append has a message for it. */
export const appendTooLarge = (maxBytes: number): ServerErrorResponse =>
  serviceError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  })

/** A read from a place where no record begins. */
export const invalidPosition = (): ServerErrorResponse =>
  serviceError(status.UNKNOWN, 'Unexpected ReadAllResult: Error')

/** The server gave up on its own; whether it stored the events is not said. */
export const timedOut = (): ServerErrorResponse =>
  serviceError(status.ABORTED, 'Operation timed out: Append')

/** How everything but the batch append says that it cannot. */
export const refusals = { NOT_READY: unavailable, TIMED_OUT: timedOut }

/** Anything that was asked in a way no client of ours asks it. */
export const invalidArgument = (why: string): ServerErrorResponse =>
  serviceError(status.INVALID_ARGUMENT, why)

/** What the server's numbers say of the expectations that are none. */
const EXPECTED = { no_stream: '-1', any: '-2', stream_exists: '-4' }

/** Appends have a message for it; a delete ends with it. */
export const wrongRevisionOnDelete = (
  stream: string,
  expected: Expected,
  current: number | undefined,
): ServerErrorResponse =>
  serviceError(status.FAILED_PRECONDITION, 'Delete failed due to WrongExpectedVersion.', {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': typeof expected === 'number' ? String(expected) : EXPECTED[expected],
    'actual-version': current === undefined ? '' : String(current),
  })
