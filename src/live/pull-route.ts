import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { keyNeeded } from '../api/errors.js'
import { isKnown, tagOf } from '../api/schema-route.js'
import { Sight } from '../api/sight.js'
import { Rejected } from '../decider/facet.js'
import type { CloudEvents } from './cloud-events.js'
import { beginning, feedAsker, refused } from './feed-asker.js'
import { feedAsked, pullCost, pullNames } from './feed-query.js'
import { Feeds } from './feeds.js'
import type { HeldOpen } from './held-open.js'
import { publicUrlOf } from './public-url.js'
import { type Batch, pulled } from './pull.js'

/** Events as batches, for who asks again and again; the answer may wait until there is something to tell. */
export function pullRoute(
  http: FastifyInstance,
  app: INestApplicationContext,
  held: HeldOpen,
  events: CloudEvents,
  charactersMax: number,
  configured: string | undefined,
): void {
  http.get('/events', async (request, reply) => {
    try {
      const query = request.query as Record<string, string>
      const asker = await feedAsker(app, request, reply, pullCost(query))
      if (!asker) return reply
      const asked = feedAsked(query, pullNames)
      const publicUrl = publicUrlOf(configured, request)
      const feeds = app.get(Feeds)
      const wanted = await feeds.wanted(asked.filter, asker, 'GET /events')
      const start = await beginning(feeds, asked.after ?? 'beginning', wanted)
      const signal = held.hold(request, reply, asker.principal)
      const tell = (event: Parameters<CloudEvents['told']>[0]) => events.told(event, publicUrl).json
      const batch = await pulled(
        app.get(Sight),
        feeds,
        { start, wanted, asked, charactersMax, tell },
        signal,
      )
      if (signal.reason === 'UNAUTHENTICATED') throw new Rejected('UNAUTHENTICATED', keyNeeded)
      return told(request, reply, batch, publicUrl)
    } catch (error) {
      return refused(reply, error)
    }
  })
}

function told(request: FastifyRequest, reply: FastifyReply, batch: Batch, publicUrl: string) {
  const { texts, cursor } = batch
  const body = `[${texts.join(',\n')}]`
  const tag = tagOf(`${cursor} ${body}`)
  const query = new URLSearchParams(request.query as Record<string, string>)
  if (cursor !== undefined) query.set('after', cursor)
  void reply.headers({
    etag: tag,
    'cache-control': 'private, no-cache',
    link: `<${publicUrl}/events?${query}>; rel="next"`,
    ...(cursor !== undefined && { 'ledger-cursor': cursor }),
  })
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type('application/cloudevents-batch+json').send(body)
}
