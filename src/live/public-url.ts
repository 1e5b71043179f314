import type { FastifyRequest } from 'fastify'
import { Rejected } from '../decider/facet.js'

/**
 * Where clients reach this ledger, without a slash at its end: as the operator says, else where this
 * one asked. Throws `Rejected('BAD_REQUEST')` if its `Host` is none.
 */
export function publicUrlOf(
  configured: string | undefined,
  { protocol, host }: FastifyRequest,
): string {
  if (configured !== undefined) return configured
  const url = `${protocol}://${host}`
  if (!URL.canParse(url) || new URL(url).host === '')
    throw new Rejected('BAD_REQUEST', 'The host of this request is none.')
  return new URL(url).origin
}
