import 'reflect-metadata'
import { join } from 'node:path'
import { Logger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { httpAdapter } from './api/http.js'
import { AppModule } from './app.module.js'
import { type Config, Misconfigured, configFrom } from './config.js'
import { firstLine } from './ops/first-query.js'
import { frontPage } from './ops/front-page.js'
import { NestLog, createLog, logRequests } from './ops/logging.js'

/** How long what was asked may take to end, once the program shall; then it is cut off. */
const drainMsMax = 15_000
/** sysexits.h: something was found wrong in the configuration. */
const misconfigured = 78

/** The whole program, put together and not yet listening. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const log = await createLog(config.log)
  const adapter = httpAdapter()
  logRequests(adapter.getInstance(), log)
  frontPage(adapter.getInstance(), config)
  return NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    logger: new NestLog(log),
    // Fastify reads JSON itself, within the bound; Nest would add forms.
    bodyParser: false,
    abortOnError: false,
  })
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
    console.log(welcome(config, url))
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

const welcome = ({ data }: Config, url: string) => {
  const key = join(data, 'admin.key')
  return `Incident Ledger is listening on ${url}
  GraphQL    ${url}/graphql
  Admin key  ${key}
  Next       curl -s ${url}/graphql -H "Authorization: Bearer $(cat ${key})" \\
               -H 'content-type: application/json' -d '{"query":"${firstLine}"}'`
}

/** The program from its environment: 78 if that is wrong, 1 if it cannot start, 0 after a signal. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = configFrom(env)
    endInTime()
    await serve(config)
  } catch (error) {
    console.error(reason(error))
    process.exit(error instanceof Misconfigured ? misconfigured : 1)
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

/** What the operator can mend is one clear line; of all else the stack tells more. */
function reason(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (error instanceof Misconfigured) return message
  if (code === undefined) return `Cannot start. ${stack ?? message}`
  return `Cannot start. ${remedies[code] ?? 'The system refused it:'} (${message})`
}

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'That port is in use: stop what holds it, or set LEDGER_PORT.',
  EACCES: 'Not allowed: the port or the data folder belongs to somebody else.',
  EADDRNOTAVAIL: 'LEDGER_HOST is not an address of this machine.',
  ENOTFOUND: 'LEDGER_HOST is not known.',
  ENOTDIR: 'LEDGER_DATA leads through a file.',
}
