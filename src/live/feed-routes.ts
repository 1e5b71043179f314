import type { INestApplicationContext } from '@nestjs/common'
import type { FastifyInstance } from 'fastify'
import type { Limits } from '../api/limits.js'
import type { LiveSettings } from '../settings.js'
import { CloudEvents } from './cloud-events.js'
import { eventSchemasRoute } from './event-schemas-route.js'
import { graphqlStreamRoute } from './graphql-stream-route.js'
import { HeldOpen } from './held-open.js'
import { pullRoute } from './pull-route.js'
import { streamRoute } from './stream-route.js'
import { WatchedPrincipals } from './watched-principals.js'

export interface FeedSettings {
  /** Where clients reach the ledger; left out: where each one asks. */
  readonly publicUrl?: string
  readonly live: Pick<LiveSettings, 'streamsMax'>
  /** One batch is hardly longer than `answerBytes`. */
  readonly limits: Limits
}

/** Events out over plain HTTP: pulled, streamed, and what they hold. */
export function feedRoutes(
  http: FastifyInstance,
  app: INestApplicationContext,
  { publicUrl, live, limits }: FeedSettings,
): HeldOpen {
  const events = new CloudEvents()
  const held = new HeldOpen(live.streamsMax, app.get(WatchedPrincipals))
  http.addHook('preClose', async () => held.stop())
  eventSchemasRoute(http, app, events.schemas, publicUrl)
  pullRoute(http, app, held, events, limits.answerBytes, publicUrl)
  streamRoute(http, app, held, events, publicUrl)
  graphqlStreamRoute(http, app, held)
  return held
}
