import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { httpAdapter } from './api/http.js'
import { adminRoutes } from './api/admin.js'
import { exportRoute } from './api/export.js'
import { schemaRoute } from './api/schema-route.js'
import { AppModule, type Given } from './app.module.js'
import { adminKeyFile } from './auth/first-start.js'
import { Rates } from './auth/rates.js'
import { exitCodeOf, reasonOf } from './cli/reason.js'
import type { Config } from './config.js'
import { OperatedStore } from './event-store/operated-store.js'
import { holdsLog } from './event-store/sqlite/install-log.js'
import { feedRoutes } from './live/feed-routes.js'
import { openWebSockets } from './live/upgrades.js'
import { WebSockets } from './live/websockets.js'
import { firstLine } from './ops/first-query.js'
import { frontPage } from './ops/front-page.js'
import { NestLog, createLog, logRequests, logSocket } from './ops/logging.js'
import { Metrics } from './ops/metrics.js'
import { shedOperations, shedRequests } from './ops/shedding.js'
import { stopOnSignals } from './ops/stopping.js'
import { Watch } from './ops/watch.js'

/** The whole program, put together and not yet listening. */
export async function createApp(
  config: Config,
  given: Given = {},
): Promise<NestFastifyApplication> {
  const log = await createLog(config.log)
  const adapter = httpAdapter(config.limits, config.proxies)
  logRequests(adapter.getInstance(), log)
  frontPage(adapter.getInstance(), config)
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, given),
    adapter,
    {
      logger: new NestLog(log),
      // Fastify reads JSON itself, within the bound; Nest would add forms.
      bodyParser: false,
      abortOnError: false,
    },
  )
  adminRoutes(adapter.getInstance(), app)
  exportRoute(adapter.getInstance(), app)
  schemaRoute(adapter.getInstance(), app)
  const held = feedRoutes(adapter.getInstance(), app, config)
  const metrics = app.get(Metrics)
  metrics.gauge(
    'ledger_streams',
    'Answers of HTTP that stay open: feeds and operations.',
    () => held.count,
  )
  const { shed, requestEnded } = metrics
  adapter.getInstance().addHook('onResponse', async (_, reply) => requestEnded(reply.statusCode))
  const isBehind = shedRequests(adapter.getInstance(), config.shedding, shed)
  const sockets = app.get(WebSockets)
  sockets.overloaded = shedOperations(isBehind, shed)
  const { closed } = sockets
  sockets.closed = ended => (closed(ended), logSocket(log, ended))
  const { live, proxies } = config
  openWebSockets(adapter.getInstance(), sockets, app.get(Rates), { ...live, proxies })
  return app
}

/** Listens, and tells on stdout what to do next. Rejects if it cannot; nothing then stays open. */
export async function serve(config: Config): Promise<NestFastifyApplication> {
  const isNew = config.store === 'sqlite' && !holdsLog(config.data)
  const app = await createApp(config)
  stopOnSignals(app)
  try {
    await app.init()
    // Not Nest's `listen`, which logs what it throws: an operator reads one line, not two.
    const url = await app
      .getHttpAdapter()
      .getInstance()
      .listen({ host: config.host, port: config.port })
    app.get(OperatedStore).announce(url)
    app.get(Watch).tell()
    console.log(welcome(config, url, isNew))
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

const welcome = ({ data, store }: Config, url: string, isNew: boolean) => {
  const file = adminKeyFile(data)
  const isHere = existsSync(file)
  const elsewhere =
    store === 'sqlite'
      ? 'not in this folder; the README says how to get another'
      : 'in the data folder of the replica that first reached the store'
  return `Incident Ledger is listening on ${url}
  GraphQL    ${url}/graphql
  Admin key  ${isHere ? file : elsewhere}${isNew ? `\n  New        there was no ledger in ${data}, so one was begun` : ''}
  Next       curl -s ${url}/graphql -H "Authorization: Bearer $(cat ${isHere ? file : 'admin.key'})" \\
               -H 'content-type: application/json' -d '{"query":"${firstLine}"}'`
}

/** The program: 78 if its configuration is wrong, 1 if it cannot start, 0 after a signal. */
export async function main(configured: () => Config): Promise<void> {
  try {
    await serve(configured())
  } catch (error) {
    console.error(`Cannot start. ${reasonOf(error)}`)
    process.exit(exitCodeOf(error))
  }
}
