import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.js'
import { isLoopback } from '../loopback.js'

/** A GraphQL console at `/` where only this machine can open it; elsewhere a pointer to the API. */
export function frontPage(http: FastifyInstance, { host }: Config): void {
  if (!isLoopback(host)) {
    http.get('/', async () => ({ name: 'Incident Ledger', graphql: '/graphql' }))
    return
  }
  let console: Promise<FastifyInstance> | undefined
  for (const url of ['/', '/console/*'])
    http.get(url, async (request, reply) => {
      // Not before somebody looks: a start must not wait for it.
      console ??= import('./console.js').then(({ createConsole }) => createConsole())
      const { routing } = await console
      reply.hijack()
      reply.raw.setHeader('x-request-id', request.id)
      routing(request.raw, reply.raw)
    })
}
