import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { admitted } from '../api/admitted.js'
import { asRefusal, errorBody, statusOf } from '../api/errors.js'
import type { OperationContext } from '../api/pipeline.js'
import { traced } from '../api/traced.js'
import { lacking } from '../auth/scopes.js'
import { Rejected } from '../decider/facet.js'
import type { RejectionCode, Scope } from '../schema.generated.js'
import type { Feeds } from './feeds.js'
import type { Start, Wanted } from './follower.js'

/** As the subscription of events needs them. */
const needed: readonly Scope[] = ['EVENTS_SUBSCRIBE', 'INCIDENTS_READ']

/**
 * Who asks a feed, having paid for it; undefined if they were answered already. Rejects with `Rejected`
 * if they may not.
 */
export async function feedAsker(
  app: INestApplicationContext,
  request: FastifyRequest,
  reply: FastifyReply,
  cost: number,
): Promise<OperationContext | undefined> {
  const principal = await admitted(app, request, reply, cost)
  if (!principal) return undefined
  const missing = needed.find(scope => !principal.scopes.has(scope))
  if (missing) throw lacking(missing)
  return { principal, requestId: request.id, ...traced(request, reply) }
}

/** What HTTP calls refusals that it has no other word for where one asks for an answer to stay open. */
const statuses: Partial<Record<RejectionCode, number>> = { LIMIT_REACHED: 429 }

/** Tells a refusal; throws what is none. */
export function refused(reply: FastifyReply, error: unknown) {
  const refusal = asRefusal(error)
  if (!(refusal instanceof Rejected)) throw refusal
  const { code, message, details } = refusal
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer')
  return reply.code(statuses[code] ?? statusOf(code)).send(errorBody(code, message, details))
}

/** Where a feed of what is wanted begins: behind a cursor, `now`, or at the `beginning`, which is undefined. Rejects as `Feeds.begin` does. */
export async function beginning(
  feeds: Feeds,
  after: string,
  wanted: Wanted,
): Promise<Start | undefined> {
  const isWord = after === 'beginning' || after === 'now'
  const start = await feeds.begin(isWord ? undefined : after, wanted)
  return after === 'beginning' ? undefined : start
}
