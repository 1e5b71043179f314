import type { FastifyInstance } from 'fastify'
import { errorBody } from './errors.js'
import type { Limits } from './limits.js'

/** An answer may be so many times as large as its request, where that is more than the bound. */
const timesMax = 100
/** Of one UTF-16 unit in UTF-8: a text this many times shorter than the bound is within it. */
const bytesPerUnitMax = 3

/** Sends no answer of GraphQL that is larger than it may be; what was asked has been done by then. */
export function boundAnswers(http: FastifyInstance, limits: Limits): void {
  http.addHook<unknown>('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || request.routeOptions.url !== '/graphql')
      return done(null, payload)
    const requestBytes = Number(request.headers['content-length'] ?? 0)
    const refused = tooLarge(payload, requestBytes, limits)
    if (!refused) return done(null, payload)
    void reply.code(400).removeHeader('content-length')
    done(null, JSON.stringify(refused))
  })
}

/** What is answered instead of an answer that is larger than it may be; undefined if it is not. */
export function tooLarge(answer: string, requestBytes: number, { answerBytes }: Limits) {
  const max = Math.max(answerBytes, timesMax * requestBytes)
  if (answer.length * bytesPerUnitMax <= max) return undefined
  const bytes = Buffer.byteLength(answer)
  if (bytes <= max) return undefined
  const message = `The answer is larger than ${max} bytes: ask for less. A command is done nevertheless.`
  return errorBody('ANSWER_TOO_LARGE', message, { max, bytes })
}
