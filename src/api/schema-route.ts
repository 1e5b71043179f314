import { createHash } from 'node:crypto'
import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance } from 'fastify'
import { admitted } from './admitted.js'
import { schemaCost } from './rated.js'
import { schemaText } from './sdl.js'

/** The schema for whoever writes a client, to whom introspection would answer too. */
export function schemaRoute(http: FastifyInstance, app: INestApplicationContext): void {
  let file: { readonly text: string; readonly tag: string } | undefined
  http.get('/schema.graphql', async (request, reply) => {
    if (!(await admitted(app, request, reply, schemaCost))) return reply
    file ??= withTag(schemaText())
    void reply.header('etag', file.tag).header('cache-control', 'private, no-cache')
    if (isKnown(request.headers['if-none-match'], file.tag)) return reply.code(304).send()
    return reply.type('application/graphql; charset=utf-8').send(file.text)
  })
}

const withTag = (text: string) => ({ text, tag: tagOf(text) })

export const tagOf = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url')}"`

/** `If-None-Match` is a list, of which weak ones count too; `*` is any. */
export const isKnown = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some(one => ['*', tag].includes(one.trim().replace(/^W\//, ''))) ?? false
