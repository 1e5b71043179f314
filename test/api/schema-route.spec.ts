import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { keyNeeded } from '../../src/api/errors.js'
import { type App, startApp } from '../support/app.js'
import { undescribed } from '../support/undescribed.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${app.url}/schema.graphql`, {
    method,
    headers: { authorization: `Bearer ${app.secrets['rob']}`, ...headers },
  })
const sorted = (text: string) => printSchema(lexicographicSortSchema(buildSchema(text)))

test('whoever has a key gets the schema that is served, whole and described', async () => {
  const answer = await get()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/graphql; charset=utf-8',
  ])
  const text = await answer.text()
  const { schema } = app.app.get(GraphQLSchemaHost)
  expect(sorted(text)).toBe(printSchema(lexicographicSortSchema(schema)))
  expect(text).not.toMatch(/^extend /m)
  expect(text).toMatch(/@scope\(needs: INCIDENTS_WRITE\)/)
  expect(undescribed(buildSchema(text))).toEqual([])
})

test('what is known is not sent again', async () => {
  const tag = (await get()).headers.get('etag')!
  expect(tag).toMatch(/^"[\w-]{43}"$/)
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const answer = await get({ 'if-none-match': known })
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag])
  }
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
  const head = await get({}, 'HEAD')
  expect([head.status, head.headers.get('etag')]).toEqual([200, tag])
})

test('without a key it is not told, nor whether it is known', async () => {
  const answer = await get({ authorization: 'Bearer nobody', 'if-none-match': '*' })
  expect([answer.status, (await answer.json()) as object]).toEqual([
    401,
    { errors: [{ message: keyNeeded, extensions: { code: 'UNAUTHENTICATED' } }] },
  ])
})
