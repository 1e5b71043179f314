import { CloseCode } from 'graphql-ws'

/** What a socket is closed with: RFC 6455's, the sub-protocol's, and one of our own. */
export const closes = {
  goingAway: 1001,
  tryAgainLater: 1013,
  invalidMessage: CloseCode.BadRequest,
  forbidden: CloseCode.Forbidden,
  tooMuch: CloseCode.TooManyInitialisationRequests,
  fault: CloseCode.InternalServerError,
  /** Not one that graphql-ws takes for final: with its last cursor a client may go on. */
  slowConsumer: 4410,
} as const
