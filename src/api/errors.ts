import { unwrapResolverError } from '@apollo/server/errors'
import { Logger } from '@nestjs/common'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { Rejected } from '../decider/facet.js'
import {
  OutcomeUnknown,
  StoreDamaged,
  StoreFull,
  StoreUnavailable,
} from '../event-store/event-store.js'
import type { RejectionCode } from '../schema.generated.js'

/** graphql quotes what it was sent, which may be long; a refusal stays within 2 KiB. */
const messageMax = 160
const locationsMax = 2

/** What who brings no key that is good is told; also who just began, and does not know of any. */
export const keyNeeded =
  'A valid key is needed, as “Authorization: Bearer <key>”. The first start puts one into admin.key in the data folder.'

/** An error that tells its code, and HTTP its status. */
export const refusal = (code: RejectionCode, message: string, status: number, details?: object) =>
  new GraphQLError(message, {
    extensions: { code, ...(details && { details }), http: { status } },
  })

/** What HTTP calls a refusal that concerns who asks, or all that could be asked now. */
export const statusOf = (code: RejectionCode): number => statuses[code] ?? 400
const statuses: Partial<Record<RejectionCode, number>> = {
  UNAUTHENTICATED: 401,
  SCOPE_MISSING: 403,
  UNKNOWN_SUBJECT: 403,
  REFRESH_REQUIRED: 410,
  STORE_DAMAGED: 503,
  STORE_UNAVAILABLE: 503,
}

/**
 * graphql's own complaint, about a document that does not get to run. A copy of it would look for
 * its line once more, which takes a millisecond in a document of nothing but lines.
 */
export const withCode = (error: GraphQLError, code: RejectionCode): GraphQLError =>
  Object.assign(error, { extensions: { code, http: { status: 400 } } })

/** The body of every answer that is no data: GraphQL's error shape, on every path. */
export const errorBody = (code: RejectionCode, message: string, details?: object) => ({
  errors: [{ message, extensions: { code, ...(details && { details }) } }],
})

/** Request ids of faults, noted where the request is known for the formatting, which does not. */
const requestOf = new WeakMap<object, string>()

/** Faults among these errors are logged once, with their cause and the id that the client is told. */
export function noteFaults(errors: readonly unknown[], requestId: string): void {
  for (const error of errors.filter(error => codeOf(error) === 'INTERNAL')) {
    const fault = faultOf(error)
    if (requestOf.has(fault)) continue
    requestOf.set(fault, requestId)
    new Logger('GraphQL').error({ err: fault, requestId }, 'A fault was masked')
  }
}

/** The thrown error itself, which Apollo wraps on its way. */
function faultOf(error: unknown): Error {
  const fault = (error instanceof GraphQLError && error.originalError) || error
  return fault instanceof Error ? fault : new Error(String(fault))
}

/** Refusals keep their code, graphql's own complaints too; all else is masked. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const cause = causeOf(error)
  const code = codeOf(error)
  if (code === 'INTERNAL') return masked(error)
  const details =
    cause instanceof Rejected ? cause.details : (formatted.extensions?.details as object)
  return {
    message: shortened((cause as Error).message),
    ...(formatted.locations && { locations: formatted.locations.slice(0, locationsMax) }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { code, ...(details && { details }) },
  }
}

/** An error that Apollo has not seen, in the shape that it gives to those it has. */
export const formattedOf = (error: unknown): GraphQLFormattedError =>
  formatError(error instanceof GraphQLError ? error.toJSON() : { message: '' }, error)

function masked(error: unknown): GraphQLFormattedError {
  noteFaults([error], 'none')
  const requestId = requestOf.get(faultOf(error))
  return errorBody('INTERNAL', 'Something went wrong here.', { requestId }).errors[0]!
}

function causeOf(error: unknown): unknown {
  const cause = unwrapResolverError(error)
  const inner = asRefusal(cause instanceof GraphQLError ? cause.originalError : cause)
  return inner instanceof Rejected ? inner : cause
}

/** What the store refuses is no fault of the program, and a client can do something about it. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof StoreDamaged)
    return new Rejected('STORE_DAMAGED', 'What is stored here is not what was written.')
  if (error instanceof StoreFull) return new Rejected('STORE_FULL', error.message)
  if (error instanceof StoreUnavailable)
    return new Rejected('STORE_UNAVAILABLE', error.message, {
      outcome: error instanceof OutcomeUnknown ? 'UNKNOWN' : 'NOT_DONE',
    })
  return error
}

function codeOf(error: unknown): RejectionCode {
  const cause = causeOf(error)
  if (cause instanceof Rejected) return cause.code
  if (!(cause instanceof GraphQLError)) return 'INTERNAL'
  const { code } = cause.extensions
  if (code === undefined)
    return isOfRequest(error as GraphQLError, cause) ? 'BAD_USER_INPUT' : 'INTERNAL'
  return code === 'INTERNAL_SERVER_ERROR' ? 'INTERNAL' : (code as RejectionCode)
}

/**
 * What graphql says without a code. Of an argument: it points into the document, while of a value
 * that a resolver gave it points nowhere. Of the variables: it is not the answer of a field.
 */
const isOfRequest = ({ path }: GraphQLError, cause: GraphQLError) =>
  Boolean(cause.nodes?.length) || (path === undefined && !cause.originalError)

function shortened(text: string): string {
  const characters = Array.from(text.slice(0, 4 * messageMax))
  if (characters.length <= messageMax) return characters.join('')
  return `${characters.slice(0, messageMax).join('')}…`
}
