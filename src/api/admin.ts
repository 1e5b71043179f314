import { Readable } from 'node:stream'
import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lacking } from '../auth/scopes.js'
import { Rejected } from '../decider/facet.js'
import { OperatedStore, type Rebuilding } from '../event-store/operated-store.js'
import { Importer } from '../intake/importer.js'
import type { RejectionCode, Scope } from '../schema.generated.js'
import { admitted } from './admitted.js'
import { asRefusal, errorBody } from './errors.js'
import { adminCost } from './rated.js'

/** A file of 10,000 facts fits. */
const importBytesMax = 8 * 1024 * 1024

/** What the command line asks of a ledger that holds the folder: no part of the API for clients. */
export function adminRoutes(http: FastifyInstance, app: INestApplicationContext): void {
  const importing = { bodyLimit: importBytesMax, onRequest: only(app, 'INCIDENTS_ADMIN') }
  http.post('/admin/import', importing, async (request, reply) => {
    if (typeof request.body !== 'object' || request.body === null)
      return refused(reply, 400, 'BAD_REQUEST', 'Send the file as JSON.')
    try {
      return await app.get(Importer).import(request.body)
    } catch (error) {
      const refusal = asRefusal(error)
      if (!(refusal instanceof Rejected)) throw error
      const status = refusal.code.startsWith('STORE_') ? 503 : 400
      return refused(reply, status, refusal.code, refusal.message, refusal.details)
    }
  })
  const rebuilding = { onRequest: only(app, 'ORGANISATION_MANAGE') }
  http.post('/admin/rebuild', rebuilding, async (_request, reply) => {
    const store = app.get(OperatedStore)
    return reply.type('application/x-ndjson').send(progressOf(store))
  })
}

/** Judged before the body is read, which may be large. */
const only =
  (app: INestApplicationContext, scope: Scope) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const principal = await admitted(app, request, reply, adminCost)
    if (!principal) return reply
    if (principal.scopes.has(scope)) return undefined
    const { code, message, details } = lacking(scope)
    return refused(reply, 403, code, message, details)
  }

const refused = (
  reply: FastifyReply,
  status: number,
  code: RejectionCode,
  message: string,
  details?: object,
) => reply.code(status).send(errorBody(code, message, details))

/** A line of JSON for every step, until it is done. */
function progressOf(store: OperatedStore): Readable {
  const lines = new Readable({ read: () => {} })
  const told = ({ state, position, error }: Rebuilding) => {
    const line = {
      at: String(position),
      head: String(store.lastPosition),
      done: state === 'DONE',
      error,
    }
    lines.push(`${JSON.stringify(line)}\n`)
  }
  store.rebuildViews(told).then(
    () => lines.push(null),
    (error: Error) => lines.destroy(error),
  )
  return lines
}
