import { createRequire } from 'node:module'
import fastifyStatic from '@fastify/static'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { answerTo } from '../api/refusals.js'
import { firstQuery } from './first-query.js'

/** Where Altair's files are; its page is at `/`. */
const prefix = '/console/'
const start = 'start.js'

/** As little as Altair runs under. Everything it asks for is served from here. */
const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'frame-src': "'self'",
  'base-uri': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'self'",
}
const page = {
  'content-security-policy': Object.entries(policy)
    .map(([what, whom]) => `${what} ${whom}`)
    .join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

type Altair = typeof import('altair-static')
/** It is CommonJS, and its types name packages that it does not bring. */
const { getDistDirectory, isSandboxFrame, renderAltair, renderInitSnippet, SANDBOX_FRAME_CSP } =
  createRequire(import.meta.url)('altair-static') as Altair

const options = {
  baseURL: prefix,
  serveInitialOptionsInSeperateRequest: start,
  endpointURL: '/graphql',
  disableAccount: true,
  instanceStorageNamespace: 'incident-ledger_',
  initialName: 'First look',
  initialQuery: firstQuery,
  initialHeaders: { Authorization: 'Bearer {{key}}' },
  initialEnvironments: {
    activeSubEnvironment: 'ledger',
    base: { title: 'Global' },
    subEnvironments: [
      { id: 'ledger', title: 'Your key', variables: { key: 'PASTE-YOUR-KEY-HERE' } },
    ],
  },
}

/** Altair advertises a service that would be sent what is typed here. */
const withoutBanner = '<style>app-banner { display: none }</style>'

/** The GraphQL console, whole: an HTTP application of its own that nothing else is served by. */
export async function createConsole(): Promise<FastifyInstance> {
  const http = fastify()
  http.addHook('onRequest', async (_, reply) => void reply.headers(page))
  http.setNotFoundHandler((_, reply) => void reply.code(404).send(answerTo(404)))
  // Only files are served here: whatever is wrong with an address, there is none at it.
  http.setErrorHandler((_, __, reply) => void reply.code(404).send(answerTo(404)))
  const html = renderAltair(options).replace('</head>', `${withoutBanner}</head>`)
  http.get('/', async (_, reply) => sent(reply, 'text/html', html))
  http.get(prefix + start, async (_, reply) =>
    sent(reply, 'text/javascript', renderInitSnippet(options)),
  )
  await http.register(fastifyStatic, {
    root: getDistDirectory(),
    prefix,
    index: false,
    maxAge: '1h',
    setHeaders(reply, path) {
      // Scripts that a visitor writes in Altair run there, without the page's rights.
      if (isSandboxFrame(path)) reply.header('content-security-policy', SANDBOX_FRAME_CSP)
    },
  })
  await http.ready()
  return http
}

const sent = (reply: FastifyReply, type: string, text: string) =>
  reply.header('cache-control', 'no-store').type(`${type}; charset=utf-8`).send(text)
