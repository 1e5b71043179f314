import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Principal, Principals } from '../auth/principal.js'
import { Rates } from '../auth/rates.js'
import { errorBody } from './errors.js'
import { type Turned, limited, ratesOf, strangerAt } from './rated.js'

/**
 * Who asks on a path that is not GraphQL, having paid for it; undefined if they were answered that they
 * may not. Rejects with `Rejected` as `Principals.of` does.
 */
export async function admitted(
  app: INestApplicationContext,
  request: FastifyRequest,
  reply: FastifyReply,
  cost: number,
): Promise<Principal | undefined> {
  const rates = app.get(Rates)
  const principal = await app.get(Principals).of(request)
  if (!principal) return turned(reply, strangerAt(rates, request.ip))
  const allowance = rates.allowanceOf(principal)
  if (allowance?.isEmpty) return turned(reply, limited(rates, allowance))
  allowance?.take(cost)
  if (allowance) void reply.headers(Object.fromEntries(ratesOf(allowance)))
  return principal
}

function turned(reply: FastifyReply, { code, message, status, headers, details }: Turned) {
  void reply
    .headers(Object.fromEntries(headers))
    .code(status)
    .send(errorBody(code, message, details))
  return undefined
}
