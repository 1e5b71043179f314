import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { errorBody } from '../api/errors.js'
import type { Appends } from '../event-store/appends.js'
import type { Shedding } from '../settings.js'
import type { Metrics } from './metrics.js'

/** Over so long the delay of the event loop is averaged. */
const sampleMs = 500
const retryAfterSeconds = '1'
/** Whoever watches or mends the program must reach it when it has most to do. */
const neverShed = /^\/(health|metrics|admin)(\/|\?|$)/

const refusal = (behind: 'REQUESTS' | 'WRITES') =>
  ['OVERLOADED', 'Too much is asked at once; try again.', { behind }] as const

/**
 * Refuses requests before anything of them is read while the event loop is too slow; what it returns tells so.
 * One late sample is not enough: a start, or one long answer, may have filled it alone.
 */
export function shedRequests(
  http: FastifyInstance,
  { loopMsMax }: Shedding,
  shed: Metrics['shed'],
): () => boolean {
  if (loopMsMax === 0) return () => false
  let lateSinceMs = Infinity
  const isBehind = () => {
    const nowMs = performance.now()
    lateSinceMs = http.isUnderPressure() ? Math.min(lateSinceMs, nowMs) : Infinity
    return nowMs - lateSinceMs > sampleMs
  }
  // Each request asks, so that an earlier late sample is forgotten: the library asks only while it is late.
  http.addHook('onRequest', (_request, _reply, done) => (isBehind(), done()))
  http.register(underPressure, {
    maxEventLoopDelay: loopMsMax,
    sampleInterval: sampleMs,
    pressureHandler({ url }: FastifyRequest, reply: FastifyReply) {
      if (!isBehind() || neverShed.test(url)) return undefined
      shed('REQUESTS')
      void reply.code(503).header('retry-after', retryAfterSeconds)
      // What is returned is sent, which its types do not say.
      return errorBody(...refusal('REQUESTS')) as unknown as void
    },
  })
  return isBehind
}

/** The same for what is begun on a connection that is there already; undefined while it may be. */
export const shedOperations =
  (isBehind: () => boolean, shed: Metrics['shed']) => (): GraphQLError | undefined => {
    if (!isBehind()) return undefined
    shed('REQUESTS')
    const [code, message, details] = refusal('REQUESTS')
    return new GraphQLError(message, { extensions: { code, details } })
  }

/** Refuses commands while what was asked before still waits to be written; reading goes on. */
export const shedWrites = (
  { writeMsMax, appendsMax }: Shedding,
  appends: Appends,
  shed: Metrics['shed'],
): ApolloServerPlugin => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'mutation') return
        const isBehind =
          (writeMsMax > 0 && appends.oldestMs > writeMsMax) || appends.waiting > appendsMax
        if (!isBehind) return
        shed('WRITES')
        const [code, message, details] = refusal('WRITES')
        const headers = new HeaderMap([['retry-after', retryAfterSeconds]])
        throw new GraphQLError(message, {
          extensions: { code, details, http: { status: 503, headers } },
        })
      },
    }
  },
})
