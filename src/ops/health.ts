import { Controller, Get, Inject, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Condition } from '../event-store/operated-store.js'
import { Metrics } from './metrics.js'
import { answerOf } from './telling.js'

/** The checks of this program: `{ provide: healthChecks, useValue: [...] }`. */
export const healthChecks = Symbol('healthChecks')

/** For whoever restarts the program, or sends it requests. Needs no key and tells no secret. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(healthChecks) private readonly all: readonly Condition[],
    metrics: Metrics,
  ) {
    metrics.gauge(
      'ledger_checks_failing',
      'Checks of /health/ready that fail.',
      () => all.map(answerOf).filter(({ ok }) => !ok).length,
    )
  }

  /** It runs; only a restart would help what does not answer this. */
  @Get('live')
  live() {
    return { status: 'ok' }
  }

  /** 200 if requests can be taken, else 503 and what is in the way. */
  @Get('ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const checks = this.all.map(answerOf)
    const isReady = checks.every(({ ok }) => ok)
    void reply.code(isReady ? 200 : 503)
    return { status: isReady ? 'ok' : 'not ready', checks }
  }
}
