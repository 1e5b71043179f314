import { Readable } from 'node:stream'
import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Principals } from '../auth/principal.js'
import { Rates } from '../auth/rates.js'
import { Rejected } from '../decider/facet.js'
import { OperatedStore, type Rebuilding } from '../event-store/operated-store.js'
import { Importer } from '../intake/importer.js'
import type { RejectionCode, Scope } from '../schema.generated.js'
import { asRefusal, errorBody } from './errors.js'
import { type Turned, adminCost, limited, ratesOf, strangerAt } from './rated.js'

/** A file of 10,000 facts fits. */
const importBytesMax = 8 * 1024 * 1024

/** What the command line asks of a ledger that holds the folder: no part of the API for clients. */
export function adminRoutes(http: FastifyInstance, app: INestApplicationContext): void {
  http.post('/admin/import', { bodyLimit: importBytesMax }, async (request, reply) => {
    if (!(await permitted(app, request, reply, 'INCIDENTS_ADMIN'))) return reply
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
  http.post('/admin/rebuild', async (request, reply) => {
    if (!(await permitted(app, request, reply, 'ORGANISATION_MANAGE'))) return reply
    const store = app.get(OperatedStore)
    return reply.type('application/x-ndjson').send(progressOf(store))
  })
}

async function permitted(
  app: INestApplicationContext,
  request: FastifyRequest,
  reply: FastifyReply,
  scope: Scope,
): Promise<boolean> {
  const rates = app.get(Rates)
  const principal = await app.get(Principals).of(request)
  if (!principal) return turned(reply, strangerAt(rates, request.ip))
  const allowance = rates.allowanceOf(principal)
  if (allowance?.isEmpty) return turned(reply, limited(rates, allowance))
  allowance?.take(adminCost)
  if (allowance) void reply.headers(Object.fromEntries(ratesOf(allowance)))
  if (principal.scopes.has(scope)) return true
  refused(reply, 403, 'SCOPE_MISSING', `This needs ${scope}.`)
  return false
}

function turned(reply: FastifyReply, { code, message, status, headers, details }: Turned): false {
  refused(reply.headers(Object.fromEntries(headers)), status, code, message, details)
  return false
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
