import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import proxyAddress from '@fastify/proxy-addr'
import type { FastifyInstance } from 'fastify'
import { errorBody } from '../api/errors.js'
import { limited } from '../api/rated.js'
import { rawAnswer } from '../api/raw-answer.js'
import type { Rates } from '../auth/rates.js'
import type { RejectionCode } from '../schema.generated.js'
import type { WebSockets } from './websockets.js'

type Refused = readonly [
  status: number,
  code: RejectionCode,
  message: string,
  details?: object | undefined,
]
const notHere: Refused = [404, 'NOT_FOUND', 'There is nothing here.']
const foreign: Refused = [403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin open no sockets here.']
const tooMany: Refused = [
  503,
  'OVERLOADED',
  'Too much is asked at once; try again.',
  { behind: 'REQUESTS' },
]

interface Upgraded {
  readonly request: IncomingMessage
  readonly stream: Duplex
  readonly head: Buffer
}

/** Opens WebSockets at /graphql, and nowhere else; whatever else is asked for is refused at once. */
export function openWebSockets(
  http: FastifyInstance,
  sockets: WebSockets,
  rates: Rates,
  {
    origins,
    proxies,
  }: { readonly origins: readonly string[]; readonly proxies: readonly string[] },
): void {
  const trusted = proxyAddress.compile([...proxies])
  let isStopping = false
  http.addHook('preClose', async () => {
    isStopping = true
    sockets.stop()
  })
  Object.assign(http.server, { shouldUpgradeCallback: isWebSocket })
  http.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const upgraded = { request, stream, head }
    if (!isWebSocket(request)) return asPlainRequest(http.server, upgraded)
    // Who has gone already has none.
    const address = proxyAddress(request, trusted) ?? ''
    const [path] = request.url!.split('?', 1)
    if (path !== '/graphql') return refuse(upgraded, notHere)
    if (!isWelcome(request, origins)) return refuse(upgraded, foreign)
    if (isStopping || sockets.overloaded() || !sockets.mayOpen(address))
      return refuse(upgraded, tooMany, [['retry-after', '1']])
    // A stranger who has used up all tries is not given a socket to try with; a key may be valid.
    const allowance = rates.allowanceAt(address)
    if (allowance?.isEmpty && request.headers.authorization === undefined) {
      const { status, code, message, details, headers } = limited(rates, allowance)
      return refuse(upgraded, [status, code, message, details], headers)
    }
    sockets.open(request, stream, head, address)
  })
}

/** Where Node asks before it hands over a request, as later versions do, it keeps all others. */
const isWebSocket = ({ headers: { upgrade } }: IncomingMessage) =>
  upgrade?.toLowerCase() === 'websocket'

/** Programs send none; the pages that are served from here send theirs, and so do all others. */
function isWelcome({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const origin = headers.origin ?? headers['sec-websocket-origin']
  if (origin === undefined) return true
  if (typeof origin !== 'string' || !URL.canParse(origin)) return false
  return origins.includes(origin) || new URL(origin).host === headers.host?.toLowerCase()
}

function refuse(
  { stream }: Upgraded,
  [status, ...answer]: Refused,
  headers: readonly (readonly [string, string])[] = [],
): void {
  // Who has gone, or goes on sending, does not keep the connection.
  stream.on('error', () => {})
  stream.once('finish', () => stream.destroy())
  rawAnswer(stream, status, errorBody(...answer), headers)
}

/**
 * Some clients offer another HTTP with their first request, and mean it all the same if nobody takes
 * the offer. Node 20 hands over all that is offered once anybody listens, so they are sent in again without.
 */
function asPlainRequest(server: Server, { request, stream, head }: Upgraded): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!/^(upgrade|connection|http2-settings)$/i.test(rawHeaders[i]!))
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', stream)
}
