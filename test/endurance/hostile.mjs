import 'reflect-metadata'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { configFrom } from '../../dist/config.js'
import { createApp } from '../../dist/serve.js'
import {
  malformedBodies,
  malformedSockets,
  randomQueries,
  seeded,
} from '../support/hostile-run.mjs'

/**
 * G3, the full number: `npm run build && node test/endurance/hostile.mjs [count] [seed]`. Random valid
 * queries and malformed bodies through the whole of HTTP, and bytes on real sockets: no fault, no crash,
 * nothing unhandled. A seed makes the same requests again.
 */
const count = Number(process.argv[2] ?? 20_000)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32)
console.log(`${count} of each, seed ${seed}`)

const unhandled = []
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, error => unhandled.push(`${event}: ${error?.stack ?? error}`))

const data = mkdtempSync(join(tmpdir(), 'ledger-hostile-'))
// An allowance would refuse most of it before anything is looked at.
const rates = { perMinute: 0, burst: 1, wrongPerMinute: 0 }
const app = await createApp({ ...configFrom({}), data, port: 0, log: 'error', rates })
await app.listen(0, '127.0.0.1')
const url = await app.getUrl()
const authorization = `Bearer ${readFileSync(join(data, 'admin.key'), 'utf8').trim()}`
const ask = async (query, variables = {}) => {
  const headers = { 'content-type': 'application/json', authorization }
  const body = JSON.stringify({ query, variables })
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()
}
const pool = await seeded(ask)
const http = app.getHttpAdapter().getInstance()
/** Through all of HTTP but the socket. */
const send = async ({ body: payload, headers }) => {
  const sent = { method: 'POST', url: '/graphql', headers: { ...headers, authorization }, payload }
  const { statusCode, body } = await http.inject(sent)
  return { status: statusCode, text: body }
}
const { schema } = app.get(GraphQLSchemaHost)
let [passed, failed] = [0, 0]
const tell = (what, asked, faults) => {
  console.log(`${what}: ${asked}, of them faulty: ${faults.length}`)
  for (const fault of faults.slice(0, 5)) console.log(`  ${fault}`)
  passed += asked - faults.length
  failed += faults.length
}
const queries = await randomQueries(send, schema, pool, count, seed)
tell(`valid queries (${queries.answered} answered, the others refused)`, count, queries.faults)
tell('malformed bodies', count, await malformedBodies(send, schema, pool, count, seed + 1))
tell('malformed sockets', 500, await malformedSockets(url, authorization, 500, seed + 2))
tell('unhandled errors', unhandled.length, unhandled)
await app.close()
rmSync(data, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
