import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { boundAnswers } from './answer-size.js'
import { boundJson } from './json-body.js'
import type { Limits } from './limits.js'
import { rawAnswer } from './raw-answer.js'
import { answerTo } from './refusals.js'

/** How long a client may take to send a request. */
const requestMsMax = 30_000
const urlParameterMax = 200

/** Said with every answer; a page that is meant to be shown says otherwise of itself. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** HTTP with its bounds. Every answer has a request id, and an error GraphQL's shape. */
export function httpAdapter(limits: Limits, proxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    trustProxy: proxies.length > 0 && [...proxies],
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: 'idle',
    // What was asked on a connection that is about to close is answered like everything else.
    return503OnClosing: false,
    requestTimeout: requestMsMax,
    routerOptions: { maxParamLength: urlParameterMax },
    genReqId: requestId,
    clientErrorHandler: unreadable,
    // No route has a schema: what would compile one is not even loaded.
    schemaController: { compilersFactory: { buildValidator: compiled, buildSerializer: compiled } },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      welcome(request, reply)
      const status = error.statusCode ?? 400
      void reply.code(status).send(answerTo(status))
    },
  })
  const http: FastifyInstance = adapter.getInstance()
  // Taken as text, a form from a foreign page could be sent without asking for permission.
  http.removeContentTypeParser('text/plain')
  http.addHook('onRequest', async (request, reply) => {
    welcome(request, reply)
    if (request.routeOptions.url === '/graphql') return refusedMethod(request, reply)
  })
  boundJson(http, limits)
  boundAnswers(http, limits)
  endConnections(http)
  return adapter
}

function compiled(): never {
  throw new Error('GraphQL’s schema is checked, and no route has another one')
}

/**
 * Kept open for a next request, the connection of the last answer would hold up a shutdown for seconds;
 * and so would one on which nothing was sent yet, which Node does not count as idle.
 */
function endConnections(http: FastifyInstance): void {
  let isClosing = false
  const open = new Set<Socket>()
  http.server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  http.addHook('preClose', async () => {
    isClosing = true
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  })
  http.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close')
    done()
  })
}

/** The id that a proxy in front has given, if it looks like one, so that both logs can be joined. */
function requestId({ headers }: { headers: IncomingMessage['headers'] }): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}

function welcome(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(headers).header('x-request-id', request.id)
}

const acceptable = /application\/(json|graphql-response\+json|\*)|\*\/\*/i

/** Documents do not belong into addresses, which are logged; and a 406 must come before the deed. */
function refusedMethod({ method, headers: { accept } }: FastifyRequest, reply: FastifyReply) {
  if (method !== 'POST') return reply.code(405).header('allow', 'POST').send(answerTo(405))
  if (accept && !acceptable.test(accept)) return reply.code(406).send(answerTo(406))
  return undefined
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

/** What is not HTTP has no request to answer to, only a socket. */
function unreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
  const status = statuses[error.code ?? ''] ?? 400
  rawAnswer(socket, status, answerTo(status))
}
