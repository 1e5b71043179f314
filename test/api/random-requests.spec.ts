import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import type { GraphQLSchema } from 'graphql'
import { newFolder, startApp } from '../support/app.js'
import {
  type Send,
  malformedBodies,
  malformedSockets,
  randomQueries,
  seeded,
} from '../support/hostile-run.mjs'
import type { Pool } from '../support/random-requests.mjs'
import { startServer } from '../support/server.js'

/** The full number of G3 is asked by hand: `node test/endurance/hostile.mjs`. */
const count = 200
const seed = Date.now() % 2 ** 32
const bearer = (secret: string) => `Bearer ${secret}`

let app: Awaited<ReturnType<typeof startApp>>
let schema: GraphQLSchema
let pool: Pool
beforeAll(async () => {
  app = await startApp()
  schema = app.app.get(GraphQLSchemaHost).schema
  pool = await seeded((query, variables) => app.ask('root', query, variables))
})
afterAll(() => app.close())

const send: Send = async ({ body, headers }) => {
  const authorization = bearer(app.secrets['root']!)
  const sent = {
    method: 'POST',
    headers: { ...headers, authorization },
    body: new Uint8Array(Buffer.from(body)),
  }
  const answer = await fetch(`${app.url}/graphql`, sent)
  return { status: answer.status, text: await answer.text() }
}

test(`random queries that the schema allows are answered or refused, and never a fault (seed ${seed})`, async () => {
  const run = await randomQueries(send, schema, pool, count, seed)
  expect(run.faults).toEqual([])
  // Most of them say something: else their refusals would be all that is tested.
  expect(run.answered).toBeGreaterThan(count / 2)
})

test(`malformed bodies are refused in a few words (seed ${seed})`, async () => {
  expect(await malformedBodies(send, schema, pool, 3 * count, seed)).toEqual([])
})

test(`the program outlives what is hardly HTTP, and logs no fault (seed ${seed})`, async () => {
  const server = await startServer(newFolder())
  let said = ''
  server.process.stderr!.on('data', data => (said += data))
  expect(await malformedSockets(server.url, bearer(server.key), count / 2, seed)).toEqual([])
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  expect(await server.end('SIGTERM')).toEqual([0, null])
  expect(said).toBe('')
})
