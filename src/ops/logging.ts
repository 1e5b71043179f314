import type { LoggerService } from '@nestjs/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type DestinationStream, type Logger, destination, pino, stdTimeFunctions } from 'pino'
import type { LogLevel } from '../config.js'

/** What only a look at the machine asks for, often: logged as `debug`. */
const quiet = /^\/(health|metrics|console)(\/|$)/

/** The log, on stderr: JSON lines for programs, words and colours on a terminal. */
export async function createLog(level: LogLevel, to?: DestinationStream): Promise<Logger> {
  const options = { level, timestamp: stdTimeFunctions.isoTime, base: null }
  return pino(options, to ?? (process.stderr.isTTY ? await pretty() : destination(stderr)))
}

const stderr = { dest: 2, sync: false }

async function pretty(): Promise<DestinationStream> {
  const { default: pinoPretty } = await import('pino-pretty')
  return pinoPretty({ destination: 2, colorize: true, translateTime: 'HH:MM:ss.l' })
}

/** Nest's logger, on pino: `logger.error({ err, requestId }, 'text')` keeps its fields. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  /** Nest tells each of its steps; a start shall print a few lines. */
  log = (message: unknown, ...rest: unknown[]) => this.#write('debug', message, rest)
  fatal = (message: unknown, ...rest: unknown[]) => this.#write('fatal', message, rest)
  error = (message: unknown, ...rest: unknown[]) => this.#write('error', message, rest)
  warn = (message: unknown, ...rest: unknown[]) => this.#write('warn', message, rest)
  debug = (message: unknown, ...rest: unknown[]) => this.#write('debug', message, rest)
  verbose = (message: unknown, ...rest: unknown[]) => this.#write('trace', message, rest)

  /** Nest passes the name of who speaks last; an error's stack or a text may come before it. */
  #write(level: Exclude<LogLevel, 'silent'>, message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined
    // What keeps the program from starting is told once, in words, by whoever starts it.
    if (context === 'ExceptionHandler') level = 'debug'
    const [text] = rest.slice(0, -1)
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message)
    else if (typeof message === 'object' && message)
      this.pino[level]({ context, ...message }, typeof text === 'string' ? text : undefined)
    else this.pino[level]({ context, ...(text ? { detail: text } : {}) }, String(message))
  }
}

/**
 * One line per request, also of one whose client has gone before the end of its answer, as all do who follow a
 * stream: never its body, its headers or what stands after the `?`.
 */
export function logRequests(http: FastifyInstance, log: Logger): void {
  const tell = (request: FastifyRequest, reply: FastifyReply, more: object = {}) => {
    const path = request.url.split('?', 1)[0]!.slice(0, pathMax)
    const line = {
      requestId: request.id,
      method: request.method,
      path,
      status: reply.raw.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...more,
    }
    log[quiet.test(path) ? 'debug' : 'info'](line, 'request')
  }
  http.addHook('onRequest', async (request, reply) => {
    const { raw } = reply
    raw.once('close', () => raw.writableFinished || tell(request, reply, { cut: true }))
  })
  http.addHook('onResponse', async (request, reply) => tell(request, reply))
}

const pathMax = 200

/** One line per WebSocket, once it is over; of its operations only how many there were. */
export function logSocket(log: Logger, { ms, ...ended }: { readonly ms: number }): void {
  log.info({ ...ended, ms: Math.round(ms) }, 'socket')
}
