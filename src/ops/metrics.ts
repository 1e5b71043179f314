import { Controller, Get, Header } from '@nestjs/common'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** Different values that one label may take; what comes later is `other`. */
const labelsMax = 100
const other = 'other'

/** Seconds: a query from memory to the 5 s that an operation may take. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What is counted and timed, for Prometheus. */
export class Metrics {
  readonly registry = new Registry()
  readonly #operations = new Bounded(labelsMax)
  readonly #outcomes = new Bounded(labelsMax)
  readonly #durations = new Histogram({
    name: 'ledger_graphql_operation_duration_seconds',
    help: 'How long GraphQL operations took, by their first root field.',
    labelNames: ['operation'] as const,
    buckets,
    registers: [this.registry],
  })
  readonly #commands = new Counter({
    name: 'ledger_commands_total',
    help: 'Commands by what became of them: DONE, or the code of the refusal.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  })

  readonly #requests = new Counter({
    name: 'ledger_http_requests_total',
    help: 'Requests answered, by their HTTP status.',
    labelNames: ['status'] as const,
    registers: [this.registry],
  })
  readonly #appends = new Histogram({
    name: 'ledger_append_duration_seconds',
    help: 'How long appends to the log took, those that failed too.',
    buckets,
    registers: [this.registry],
  })
  readonly #batches = new Histogram({
    name: 'ledger_append_batch_appends',
    help: 'Appends that shared a commit of the embedded store.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000],
    registers: [this.registry],
  })
  readonly #shed = new Counter({
    name: 'ledger_shed_total',
    help: 'Requests refused as OVERLOADED, by what was behind: REQUESTS or WRITES.',
    labelNames: ['behind'] as const,
    registers: [this.registry],
  })

  readonly #sockets = new Counter({
    name: 'ledger_websocket_closed_total',
    help: 'WebSockets that ended, by the code they were closed with; `other` by the client or the network.',
    labelNames: ['code'] as const,
    registers: [this.registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  /** `operation` is undefined for what was refused before it was known what it is. */
  operationTook(seconds: number, operation: string | undefined): void {
    this.#durations.observe({ operation: this.#operations.label(operation) }, seconds)
  }

  commandEnded(outcome: string): void {
    this.#commands.inc({ outcome: this.#outcomes.label(outcome) })
  }

  readonly requestEnded = (status: number): void => this.#requests.inc({ status })
  readonly appendTook = (seconds: number): void => this.#appends.observe(seconds)
  readonly appendsTogether = (appends: number): void => this.#batches.observe(appends)
  readonly shed = (behind: 'REQUESTS' | 'WRITES'): void => this.#shed.inc({ behind })
  readonly socketClosed = (code: number | undefined): void =>
    this.#sockets.inc({ code: code ?? other })

  /** A number that is read when it is asked for: log position, lag, queue, quarantined events. */
  gauge(name: `ledger_${string}`, help: string, read: () => number | bigint): void {
    const collect = function (this: Gauge) {
      this.set(Number(read()))
    }
    new Gauge({ name, help, registers: [this.registry], collect })
  }

  /** A number that only grows, kept elsewhere and read when it is asked for. */
  counter(name: `ledger_${string}_total`, help: string, read: () => number): void {
    const collect = function (this: Counter) {
      this.reset()
      this.inc(read())
    }
    new Counter({ name, help, registers: [this.registry], collect })
  }
}

/** The first so many values stay themselves: a client must not be able to make a million series. */
class Bounded {
  readonly #known = new Set<string>()
  constructor(private readonly max: number) {}

  label(value: string | undefined): string {
    if (value === undefined) return other
    if (this.#known.size < this.max) this.#known.add(value)
    return this.#known.has(value) ? value : other
  }
}

/** Needs no key, so that a scraper needs none: it tells numbers, and no name or text of an incident. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  all(): Promise<string> {
    return this.metrics.registry.metrics()
  }
}
