import type { GraphQLRequest } from '@apollo/server'
import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { admitted } from '../api/admitted.js'
import { ratesOf } from '../api/rated.js'
import { answerTo } from '../api/refusals.js'
import { traced } from '../api/traced.js'
import type { Principal } from '../auth/principal.js'
import { Rates } from '../auth/rates.js'
import { Rejected } from '../decider/facet.js'
import { EventStream } from './event-stream.js'
import { refused } from './feed-asker.js'
import type { HeldOpen } from './held-open.js'
import { Operations } from './operations.js'
import type { Failed, Outlet } from './outlet.js'
import { credentialOver } from './stream-route.js'

const path = '/graphql/stream'
const acceptable = /text\/(event-stream|\*)|\*\/\*/i

/**
 * GraphQL over server-sent events: the graphql-sse protocol, in its mode of distinct connections. Whoever
 * is unknown or asks too much is refused as HTTP does; an operation is refused in its stream, where clients
 * of the protocol look for it and do not try again.
 */
export function graphqlStreamRoute(
  http: FastifyInstance,
  app: INestApplicationContext,
  held: HeldOpen,
): void {
  // Documents do not belong into addresses, and nothing is reserved here.
  http.get(path, (_, reply) => reply.code(405).header('allow', 'POST').send(answerTo(405)))
  http.post(path, async (request, reply) => {
    try {
      // What it costs is taken when it is judged.
      const principal = await admitted(app, request, reply, 0)
      if (!principal) return reply
      const { accept, 'content-length': length } = request.headers
      if (accept && !acceptable.test(accept)) return reply.code(406).send(answerTo(406))
      const asked = requestIn(request.body)
      const signal = held.hold(request, reply, principal)
      const answer = new Answer(reply, signal, () => ratesNow(app, principal))
      const bytes = Number(length ?? 0)
      const running = { requestId: request.id, ...traced(request, reply), end: () => {} }
      await app.get(Operations).run(asked, bytes, principal, answer, signal, running)
    } catch (error) {
      return refused(reply, error)
    }
    return reply
  })
}

/** One operation's stream: what it answers, and how it ended. */
class Answer implements Outlet {
  readonly #stream: EventStream
  /** Whether it answered after all, although it was to end. */
  #answered = false

  constructor(
    private readonly reply: FastifyReply,
    private readonly over: AbortSignal,
    private readonly rates: () => Record<string, string>,
  ) {
    this.#stream = new EventStream(reply)
  }

  send(json: string): void {
    this.#answered = this.over.aborted
    if (!this.#stream.isBegun) this.reply.headers(this.rates())
    this.#stream.send('event: next', `data: ${json}`)
  }

  get pendingBytes(): number {
    return this.#stream.pendingBytes
  }

  drained(): Promise<void> {
    return this.#stream.drained()
  }

  end(failed: Failed | undefined): void {
    const wait = failed?.map(retryAfterOf).find(seconds => seconds !== undefined)
    if (wait !== undefined && !this.#stream.isBegun) {
      void this.reply.code(429).header('retry-after', wait).headers(this.rates())
      void this.reply.send({ errors: failed })
      return
    }
    const why = this.over.aborted && !this.#answered ? this.over.reason : undefined
    const errors = why === 'UNAUTHENTICATED' ? credentialOver.errors : failed
    if (errors) this.send(JSON.stringify({ errors }))
    // Without this a client comes back, as it shall when the server only stops.
    if (why !== 'STOPPING') this.#stream.send('event: complete', 'data:')
    this.#stream.end()
  }
}
const retryAfterOf = ({ extensions }: Failed[number]) =>
  extensions?.['code'] === 'RATE_LIMITED'
    ? String((extensions['details'] as { retryAfterSeconds: number }).retryAfterSeconds)
    : undefined

const ratesNow = (app: INestApplicationContext, principal: Principal) => {
  const allowance = app.get(Rates).allowanceOf(principal)
  return allowance ? Object.fromEntries(ratesOf(allowance)) : {}
}

const members = {
  query: 'string',
  operationName: 'string',
  variables: 'object',
  extensions: 'object',
}

/** `null` is allowed for what is left out. Throws `Rejected('BAD_REQUEST')` for what is no request of GraphQL. */
function requestIn(body: unknown): GraphQLRequest {
  const given = Object.entries((body ?? {}) as object).filter(
    ([name, value]) => Object.hasOwn(members, name) && value !== null,
  )
  const isOfKind = ([name, value]: [string, unknown]) =>
    typeof value === members[name as keyof typeof members] && !Array.isArray(value)
  if (typeof body !== 'object' || Array.isArray(body) || !given.every(isOfKind))
    throw new Rejected('BAD_REQUEST', 'This request cannot be read.')
  return Object.fromEntries(given)
}
