import { constants } from 'node:os'
import { Injectable, Logger } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Condition } from '../event-store/operated-store.js'

/** How long what was asked may take to be answered, once the program shall end; then it is cut off. */
const drainMsMax = 5000
/** How long the store may then take to settle what it was given; then the program ends as it is. */
const closeMsMax = 5000

const log = new Logger('stopping')

/** Whether the program is on its way out: then it is not ready, however well it works. */
@Injectable()
export class Stopping implements Condition {
  readonly name = 'stopping'
  #begun = false

  begin(): void {
    this.#begun = true
  }

  check() {
    return this.#begun ? { ok: false, detail: 'It is stopping; ask another.' } : { ok: true }
  }
}

/** The first signal stops the program in order, with 0; a second one ends it at once. */
export function stopOnSignals(app: NestFastifyApplication): void {
  let isStopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) endAtOnce(signal)
      isStopping = true
      void stop(app).then(
        () => process.exit(0),
        err => {
          log.error({ err }, 'It did not stop in order')
          process.exit(1)
        },
      )
    })
}

/** An exit would wait for threads that wait for the disk; what was acknowledged is on it anyway. */
function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // Only the first process of a container is still here.
  process.exit(128 + constants.signals[signal])
}

/**
 * No new connection is taken, and what is idle is closed; what was asked is answered within the
 * bound. Only then does what the answers need end: GraphQL, the duties, the store.
 */
async function stop(app: NestFastifyApplication): Promise<void> {
  app.get(Stopping).begin()
  await drain(app)
  const late = setTimeout(() => {
    log.error(`The store did not close within ${closeMsMax} ms`)
    endAtOnce('SIGTERM')
  }, closeMsMax)
  await app.close()
  clearTimeout(late)
}

async function drain(app: NestFastifyApplication): Promise<void> {
  const http = app.getHttpAdapter().getInstance()
  const late = setTimeout(() => {
    log.warn(`Not everything was answered within ${drainMsMax} ms`)
    http.server.closeAllConnections()
  }, drainMsMax)
  await http.close()
  clearTimeout(late)
}
