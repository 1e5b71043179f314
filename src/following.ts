import { GraphQLSchemaHost } from '@nestjs/graphql'
import type { Config } from './config.js'
import { connecting } from './connecting.js'
import { Audiences } from './live/audience.js'
import { Feeds } from './live/feeds.js'
import { LiveLog } from './live/live-log.js'
import { SubscriptionFields } from './live/subscription-fields.js'
import { Subscriptions } from './live/subscriptions.js'
import { WatchedPrincipals } from './live/watched-principals.js'

/** What follows the log, and tells events as they happen. */
export const following = (config: Config) => [
  ...connecting(config),
  Audiences,
  LiveLog,
  Feeds,
  WatchedPrincipals,
  SubscriptionFields,
  {
    provide: Subscriptions,
    useFactory: (host: GraphQLSchemaHost, feeds: Feeds) =>
      new Subscriptions(host, feeds, config.limits),
    inject: [GraphQLSchemaHost, Feeds],
  },
]
