import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errorBody, formattedOf, noteFaults } from '../api/errors.js'
import type { CloudEvents } from './cloud-events.js'
import { EventStream } from './event-stream.js'
import { beginning, feedAsker, refused } from './feed-asker.js'
import { feedAsked, streamNames } from './feed-query.js'
import { Feeds } from './feeds.js'
import type { HeldOpen } from './held-open.js'
import { publicUrlOf } from './public-url.js'
import { toldOf } from './subscriptions.js'

/** It reads what there is and stays open. */
const streamCost = 100
/** When a client comes back; spread, so that not all come at once after a restart. */
const retryMs = () => 1000 + Math.round(Math.random() * 2000)

/** Events as they happen, as server-sent events. */
export function streamRoute(
  http: FastifyInstance,
  app: INestApplicationContext,
  held: HeldOpen,
  events: CloudEvents,
  configured: string | undefined,
): void {
  // Only what is told makes it an answer.
  http.get('/events/stream', { exposeHeadRoute: false }, async (request, reply) => {
    const stream = new EventStream(reply)
    try {
      const asker = await feedAsker(app, request, reply, streamCost)
      if (!asker) return reply
      const { after, filter } = feedAsked(request.query as Record<string, string>, streamNames)
      const publicUrl = publicUrlOf(configured, request)
      const feeds = app.get(Feeds)
      const wanted = await feeds.wanted(filter, asker, 'GET /events/stream')
      const start = await beginning(feeds, lastIdOf(request) ?? after ?? 'now', wanted)
      const signal = held.hold(request, reply, asker.principal)
      stream.send(`retry: ${retryMs()}`, ...(start ? [`id: ${start.cursor}`] : []))
      const ended = await feeds.follow(
        start ?? { position: 0n, cursor: '' },
        wanted,
        {
          take(event, cursor) {
            const { type, json } = events.told(event, publicUrl)
            stream.send(`id: ${cursor}`, `event: ${type}`, `data: ${json}`)
          },
          scanned: cursor => stream.send(`id: ${cursor}`),
          get pendingBytes() {
            return stream.pendingBytes
          },
          drained: () => stream.drained(),
        },
        signal,
      )
      const errors = signal.reason === 'UNAUTHENTICATED' ? credentialOver.errors : toldOf(ended)
      if (errors) fail(stream, errors)
    } catch (error) {
      if (!stream.isBegun) return refused(reply, error)
      noteFaults([error], request.id)
      fail(stream, [formattedOf(error)])
    }
    stream.end()
    return reply
  })
}

/** The last that is told; a client that can go on finds in it where. */
const fail = (stream: EventStream, errors: readonly object[]) =>
  stream.send('event: error', `data: ${JSON.stringify({ errors })}`)

/** What a stream that outlives its credential ends with. */
export const credentialOver = errorBody(
  'UNAUTHENTICATED',
  'The credential is no longer what it was.',
)

/** A browser that connects again says so where it was, at an address that still says where it began. */
function lastIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id']
  return typeof id === 'string' && id !== '' ? id : undefined
}
