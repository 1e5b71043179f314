import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { admitted } from '../api/admitted.js'
import { answerTo } from '../api/refusals.js'
import { schemaCost } from '../api/rated.js'
import { isKnown, tagOf } from '../api/schema-route.js'
import { schemaUrl } from './event-schemas.js'
import { publicUrlOf } from './public-url.js'

/** Of one schema, which is some 1 KiB. */
const oneCost = 1

/** What each type of event holds, for whoever reads them; told to whom the rest of the contract is. */
export function eventSchemasRoute(
  http: FastifyInstance,
  app: INestApplicationContext,
  schemas: ReadonlyMap<string, object>,
  publicUrl: string | undefined,
): void {
  http.get('/schemas', async (request, reply) => {
    if (!(await admitted(app, request, reply, schemaCost))) return reply
    const at = publicUrlOf(publicUrl, request)
    const types = [...schemas.keys()].map(type => ({ type, schema: schemaUrl(at, type) }))
    return told(request, reply, 'application/json', { schemas: types })
  })
  http.get<{ Params: { file: string } }>('/schemas/:file', async (request, reply) => {
    if (!(await admitted(app, request, reply, oneCost))) return reply
    const type = /^(.+)\.json$/.exec(request.params.file)?.[1] ?? ''
    const schema = schemas.get(type)
    if (!schema) return reply.code(404).send(answerTo(404))
    // A validator finds it under the name that events give in `dataschema`.
    const $id = schemaUrl(publicUrlOf(publicUrl, request), type)
    return told(request, reply, 'application/schema+json', { ...schema, $id })
  })
}

function told(request: FastifyRequest, reply: FastifyReply, type: string, answer: object) {
  const text = JSON.stringify(answer)
  const tag = tagOf(text)
  void reply.header('etag', tag).header('cache-control', 'private, no-cache')
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type(type).send(text)
}
