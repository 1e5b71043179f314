import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Logger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { httpAdapter } from './api/http.js'
import { adminRoutes } from './api/admin.js'
import { AppModule, type Given } from './app.module.js'
import { exitCodeOf, reasonOf } from './cli/reason.js'
import type { Config } from './config.js'
import { OperatedStore } from './event-store/operated-store.js'
import { firstLine } from './ops/first-query.js'
import { frontPage } from './ops/front-page.js'
import { NestLog, createLog, logRequests } from './ops/logging.js'

/** How long what was asked may take to end, once the program shall; then it is cut off. */
const drainMsMax = 15_000

/** The whole program, put together and not yet listening. */
export async function createApp(
  config: Config,
  given: Given = {},
): Promise<NestFastifyApplication> {
  const log = await createLog(config.log)
  const adapter = httpAdapter()
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
  return app
}

/** Listens, and tells on stdout what to do next. Rejects if it cannot; nothing then stays open. */
export async function serve(config: Config): Promise<NestFastifyApplication> {
  const app = await createApp(config)
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true })
  try {
    await app.init()
    // Not Nest's `listen`, which logs what it throws: an operator reads one line, not two.
    const url = await app
      .getHttpAdapter()
      .getInstance()
      .listen({ host: config.host, port: config.port })
    app.get(OperatedStore).announce(url)
    console.log(welcome(config, url))
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

const welcome = ({ data, store }: Config, url: string) => {
  const key = join(data, 'admin.key')
  const isElsewhere = store !== 'sqlite' && !existsSync(key)
  return `Incident Ledger is listening on ${url}
  GraphQL    ${url}/graphql
  Admin key  ${isElsewhere ? 'in the data folder of the replica that first reached the store' : key}
  Next       curl -s ${url}/graphql -H "Authorization: Bearer $(cat ${key})" \\
               -H 'content-type: application/json' -d '{"query":"${firstLine}"}'`
}

/** The program: 78 if its configuration is wrong, 1 if it cannot start, 0 after a signal. */
export async function main(configured: () => Config): Promise<void> {
  try {
    const config = configured()
    endInTime()
    await serve(config)
  } catch (error) {
    console.error(`Cannot start. ${reasonOf(error)}`)
    process.exit(exitCodeOf(error))
  }
}

/** Nest drains after the first signal; a second Ctrl-C, or too long a wait, ends at once. */
function endInTime(): void {
  let asked = 0
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (++asked > 1 && signal === 'SIGINT') process.exit(130)
      setTimeout(() => {
        new Logger('serve').error(`Not drained within ${drainMsMax} ms`)
        process.exit(1)
      }, drainMsMax).unref()
    })
}
