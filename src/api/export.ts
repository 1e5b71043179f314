import { Readable } from 'node:stream'
import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Principal } from '../auth/principal.js'
import { lacking } from '../auth/scopes.js'
import { type AccessEntry, AccessLog } from '../commands/access-log.js'
import { newCorrelationId } from '../commands/attempt.js'
import { Rejected } from '../decider/facet.js'
import { EventStore } from '../event-store/event-store.js'
import { type Exporting, exportLines } from '../event-store/export.js'
import type { RejectionCode } from '../schema.generated.js'
import { admitted } from './admitted.js'
import { asRefusal, errorBody } from './errors.js'
import { type ExportAsked, exportingOf } from './exporting.js'
import { sightOf } from './export-sight.js'
import { adminCost } from './rated.js'

/** Each reads the whole log, on the thread that answers everybody. */
const atATimeMax = 2
/** A reader that takes nothing for so long holds up others. */
const stalledMsMax = 60_000

/** History to take away, as it is read: no deadline, and never more of it in memory than a page. */
export function exportRoute(http: FastifyInstance, app: INestApplicationContext): void {
  const underWay = new Set<FastifyReply['raw']>()
  // One that is cut off has no end, and so does not look whole.
  http.addHook('preClose', async () => underWay.forEach(answer => answer.destroy()))
  http.get('/export', async (request, reply) => {
    try {
      const principal = await admitted(app, request, reply, adminCost)
      if (!principal) return reply
      needing(principal, 'AUDIT_EXPORT')
      const asked = askedIn(request.query as Record<string, unknown>, principal)
      if (underWay.size >= atATimeMax) throw tooMany()
      underWay.add(reply.raw)
      reply.raw.once('close', () => underWay.delete(reply.raw))
      const store = app.get(EventStore)
      const exporting = await exportingOf(store, asked, sightOf(principal, store))
      await app.get(AccessLog).noted(entryOf(principal, asked, exporting))
      return await streamed(store, exporting, reply)
    } catch (error) {
      return refused(reply, asRefusal(error))
    }
  })
}

/**
 * Noted before anything is given out, by the id of what was found: a name as it was given, or a cursor,
 * would tell readers of the access log of incidents that are not there for them.
 */
const entryOf = (
  { actor }: Principal,
  { at, organisation }: ExportAsked,
  { upTo, about: { incident } }: Exporting,
): AccessEntry => ({
  kind: 'EXPORT',
  actor,
  correlationId: newCorrelationId(),
  operation: 'export',
  ...(incident !== null && { incidentId: incident }),
  detail: `${at === undefined ? 'all' : `up to event ${upTo} of the log`}${organisation ? ', with the organisation' : ''}`,
})

const tooMany = () =>
  new Rejected('OVERLOADED', `${atATimeMax} exports are under way; ask again later.`, {
    behind: 'EXPORTS',
  })

function needing(principal: Principal, scope: 'AUDIT_EXPORT' | 'AUDIT_READ'): Principal {
  if (principal.scopes.has(scope)) return principal
  throw lacking(scope)
}

/** What is not understood is refused: a name written wrong would export all. */
function askedIn(query: Record<string, unknown>, principal: Principal): ExportAsked {
  const { incident, at, organisation = 'false', ...unknown } = query
  const isText = (value: unknown) => value === undefined || typeof value === 'string'
  const wrong = [
    ...Object.keys(unknown),
    ...(isText(incident) ? [] : ['incident']),
    ...(isText(at) ? [] : ['at']),
    ...(organisation === 'true' || organisation === 'false' ? [] : ['organisation']),
  ]
  if (wrong.length > 0)
    throw new Rejected('INVALID_INPUT', 'It takes `incident`, `at` and `organisation=true`.', {
      fields: wrong.slice(0, 10),
    })
  if (organisation === 'true') needing(principal, 'AUDIT_READ')
  return {
    ...(incident !== undefined && { incident: incident as string }),
    ...(at !== undefined && { at: at as string }),
    organisation: organisation === 'true',
  }
}

/** The first lines are made before the answer begins, so that a store that fails is told as such. */
async function streamed(store: EventStore, exporting: Exporting, reply: FastifyReply) {
  const lines = exportLines(store, exporting)
  const first = await lines.next()
  async function* all() {
    if (!first.done) yield first.value
    yield* lines
  }
  const { socket } = reply.raw
  socket?.setTimeout(stalledMsMax, () => socket.destroy())
  return reply
    .header('connection', 'close')
    .header('content-disposition', 'attachment; filename="incident-ledger.ndjson"')
    .type('application/x-ndjson')
    .send(Readable.from(all(), { objectMode: false }))
}

const statuses: Partial<Record<RejectionCode, number>> = {
  UNAUTHENTICATED: 401,
  SCOPE_MISSING: 403,
  INCIDENT_NOT_FOUND: 404,
  OVERLOADED: 503,
  STORE_UNAVAILABLE: 503,
  STORE_DAMAGED: 503,
}

function refused(reply: FastifyReply, refusal: unknown) {
  if (!(refusal instanceof Rejected)) throw refusal
  const { code, message, details } = refusal
  if (code === 'OVERLOADED') void reply.header('retry-after', '30')
  return reply.code(statuses[code] ?? 400).send(errorBody(code, message, details))
}
