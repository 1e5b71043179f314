import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { type GraphQLSchema, getIntrospectionQuery, isEnumType } from 'graphql'
import { keyNeeded } from '../../src/api/errors.js'
import { startApp } from '../support/app.js'
import { type Hostile, hostile } from './hostile-documents.js'

/** What is slow is so each time; a machine that is busy with other tests is, now and then. */
const triesMax = 10
const bytesMax = 2048

let app: Awaited<ReturnType<typeof startApp>>
let schema: GraphQLSchema
beforeAll(async () => {
  app = await startApp()
  schema = app.app.get(GraphQLSchemaHost).schema
})
afterAll(() => app.close())

const send = (
  { method = 'POST', headers, body }: Pick<Hostile, 'method' | 'headers' | 'body'>,
  key: string | undefined = 'alice',
  path = '/graphql',
) =>
  fetch(app.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(key && { authorization: `Bearer ${app.secrets[key] ?? key}` }),
      ...headers,
    },
    ...(method !== 'GET' && { body }),
  })

async function refusedIn(response: Response) {
  const text = await response.text()
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytesMax)
  expect(text).not.toMatch(/node_modules|\/src\/|\/dist\/|stack|\.[jt]s:\d+/)
  const { errors, ...rest } = JSON.parse(text)
  expect(rest).toEqual({})
  const codes = schema.getType('RejectionCode')
  for (const { extensions } of errors)
    expect(isEnumType(codes) && codes.getValue(extensions.code)).toBeTruthy()
  return { status: response.status, code: errors[0].extensions.code, text }
}

test.each(hostile.map(one => [one.what, one] as const))('%s is refused', async (_, one) => {
  const { status, code } = await refusedIn(await send(one))
  expect({ status, code }).toEqual({ status: one.status, code: one.code })
})

test('refusing any of them takes less CPU than answering an introspection, on the same machine', async () => {
  const introspection = { body: JSON.stringify({ query: getIntrospectionQuery() }) }
  const cpuMsOfSending = (one: Pick<Hostile, 'body'>) =>
    cpuMsOf(async () => (await send(one)).text())
  // The first ones are slow on new code.
  for (let warm = 0; warm < 5; warm++) await cpuMsOfSending(introspection)
  let answeredMs = await cpuMsOfSending(introspection)
  const slow = []
  for (const one of hostile) {
    const ms = []
    for (let tries = 0; tries < triesMax; tries++) {
      ms.push(await cpuMsOfSending(one))
      if (ms.at(-1)! <= answeredMs) break
      answeredMs = await cpuMsOfSending(introspection)
    }
    if (ms.length === triesMax) slow.push({ what: one.what, ms, answeredMs })
  }
  expect(slow).toEqual([])
})

async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

describe('without a key', () => {
  test.each([
    ['a document that is fine', '{ incidents { id } }'],
    ['introspection', getIntrospectionQuery()],
    ['a field that is nearly right', '{ incidentz { id } }'],
    ['no GraphQL at all', '}}}'],
    ['an empty document', ''],
    ['a document of 65 KiB', '#'.repeat(65 * 1024)],
  ])('%s teaches nothing of the schema', async (_, query) => {
    for (const key of ['', 'mallory'])
      expect(await refusedIn(await send({ body: JSON.stringify({ query }) }, key))).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        text: `{"errors":[{"message":"${keyNeeded}","extensions":{"code":"UNAUTHENTICATED"}}]}\n`,
      })
  })
})

test('who has a key may introspect, is helped with a typing error, and is told a scope they lack', async () => {
  const ask = async (query: string, key = 'alice') =>
    (await send({ body: JSON.stringify({ query }) }, key)).json()
  expect(await ask(getIntrospectionQuery())).toHaveProperty('data.__schema')
  expect(await ask('{ incidentz { id } }')).toHaveProperty(
    'errors.0.message',
    expect.stringMatching(/Did you mean "incident/),
  )
  const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
  expect(await ask(declare, 'rob')).toHaveProperty('errors.0.extensions', {
    code: 'SCOPE_MISSING',
    details: { needs: 'INCIDENTS_WRITE' },
  })
})

test.each([
  ['GET', '/graphql?query=%7B__typename%7D', 405, 'METHOD_NOT_ALLOWED'],
  ['GET', '/graphql?query=mutation%7Bx%7D', 405, 'METHOD_NOT_ALLOWED'],
  ['OPTIONS', '/graphql', 405, 'METHOD_NOT_ALLOWED'],
  ['GET', '/nothing/here', 404, 'NOT_FOUND'],
  ['GET', '/../../etc/passwd', 404, 'NOT_FOUND'],
  ['GET', '/%zz', 400, 'BAD_REQUEST'],
  ['POST', '/graphql/', 404, 'NOT_FOUND'],
])('%s %s is answered %i %s', async (method, path, status, code) => {
  const response = await send({ method, body: '{}' }, 'alice', path)
  expect(await refusedIn(response)).toMatchObject({ status, code })
})

test.each<[string, string, number, string]>([
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
  ['headers of 20 KiB', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'TOO_LARGE'],
])('%s is refused in the same shape', async (_, sent, status, code) => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.end(sent)
  let answer = ''
  for await (const piece of socket.setEncoding('utf8')) answer += piece
  const [head, body] = answer.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(body!).errors[0].extensions.code).toBe(code)
})

test('every answer says what it is and nothing about who made it', async () => {
  for (const path of ['/graphql', '/health/live', '/nothing']) {
    const { headers } = await send({ method: 'GET', body: '' }, undefined, path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
    })
    expect(headers.has('x-powered-by') || headers.has('server')).toBe(false)
  }
  const given = (id: string) => send({ body: plain, headers: { 'x-request-id': id } })
  expect((await given('from-the-proxy')).headers.get('x-request-id')).toBe('from-the-proxy')
  expect((await given('"><script>')).headers.get('x-request-id')).not.toMatch('script')
})
const plain = '{"query":"{ __typename }"}'
