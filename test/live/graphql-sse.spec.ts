import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ClientOptions, createClient } from 'graphql-sse'
import { hostile } from '../api/hostile-documents.js'
import { type App, PushedClock, configOf, newFolder, startApp } from '../support/app.js'
import { refusalIn, streamed } from '../support/feeds.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const clientOf = (of: App, who: string, more: Partial<ClientOptions> = {}) =>
  createClient({
    url: `${of.url}/graphql/stream`,
    headers: { authorization: `Bearer ${of.secrets[who] ?? who}` },
    retryAttempts: 0,
    ...more,
  })
/** All that an operation answers. */
async function answers(who: string, query: string, variables: Record<string, unknown> = {}) {
  const all = []
  for await (const one of clientOf(app, who).iterate<any>({ query, variables })) all.push(one)
  return all
}
const events = `subscription ($after: Cursor) {
  incidentEvents(after: $after) { cursor event { id type incidentId data } } }`

describe('the client of the protocol', () => {
  test('is answered a query, and a mutation', async () => {
    const [declared] = await answers(
      'alice',
      'mutation { declareIncident(input: { title: "Down" }) { incident { id } } }',
    )
    const { id } = declared!.data.declareIncident.incident
    const query = 'query ($id: ID!) { incident(id: $id) { title } }'
    expect(await answers('rob', query, { id })).toEqual([{ data: { incident: { title: 'Down' } } }])
  })

  test('follows events from where it was, then live, as over every transport', async () => {
    const id = await app.declared({ title: 'Checkout is slow' })
    const told: any[] = []
    let cursor: string | undefined
    for (const text of ['one', 'two', 'three']) {
      const following = clientOf(app, 'partner').iterate<any>({
        query: events,
        variables: { after: cursor },
      })
      const { value } = await following.next()
      cursor ??= value.data.incidentEvents.cursor
      expect(value.data.incidentEvents).toEqual({ cursor, event: null })
      // What is recorded while nobody listens is told then.
      await app.act('alice', 'recordObservation', id, { text })
      const next = (await following.next()).value.data.incidentEvents
      told.push(next.event.data.text)
      cursor = next.cursor
      await following.return!()
      await app.act('alice', 'recordObservation', id, { text: `${text}, away` })
      const caughtUp = clientOf(app, 'partner').iterate<any>({
        query: events,
        variables: { after: cursor },
      })
      await caughtUp.next()
      const away = (await caughtUp.next()).value.data.incidentEvents
      told.push(away.event.data.text)
      cursor = away.cursor
      await caughtUp.return!()
    }
    expect(told).toEqual(['one', 'one, away', 'two', 'two, away', 'three', 'three, away'])
  })

  test('is told in its stream what is refused, and does not try again', async () => {
    const [refused] = await answers('rob', events)
    expect(refused!.errors![0]).toMatchObject({ extensions: { code: 'SCOPE_MISSING' } })
    const [wrong] = await answers('rob', '{ incidnet { id } }')
    expect(wrong!.errors![0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
    const [cursor] = await answers('partner', events, { after: 'abc' })
    expect(cursor!.errors![0]).toMatchObject({ extensions: { code: 'INVALID_CURSOR' } })
  })

  test('is not told that it is complete when the server only stops, so it comes back', async () => {
    const other = await startApp()
    const following = clientOf(other, 'partner').iterate({ query: events })
    await following.next()
    const ended = expect(following.next()).rejects.toThrow('Connection closed')
    await other.close()
    await ended
  })
})

/** What comes back at once, be it an answer of HTTP or the stream of an operation. */
async function sent(
  body: string,
  who = 'alice',
  headers: Record<string, string> = {},
  method = 'POST',
) {
  const answer = await fetch(`${app.url}/graphql/stream`, {
    method,
    headers: {
      authorization: `Bearer ${app.secrets[who] ?? who}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...headers,
    },
    ...(method !== 'GET' && { body }),
  })
  const text = await answer.text()
  const data = /^event: next\ndata: (.+)\n\nevent: complete\ndata:\n\n$/.exec(text)?.[1]
  return { answer, text, told: data ?? text, isStreamed: data !== undefined }
}

describe('whatever is refused over HTTP is refused here, by the same code', () => {
  test.each(hostile.map(one => [one.what, one] as const))('%s', async (_, one) => {
    const { answer, text, told, isStreamed } = await sent(
      one.body,
      'alice',
      one.headers,
      one.method,
    )
    expect(refusalIn(told).code).toBe(one.code)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
    if (!isStreamed) expect(answer.status).toBe(one.status)
    if (one.query !== undefined && one.status === 400) expect(isStreamed).toBe(true)
  })

  test.each([
    ['nobody', 401, 'UNAUTHENTICATED'],
    ['', 401, 'UNAUTHENTICATED'],
  ])('without a key: %s', async (who, status, code) => {
    const { answer, told } = await sent('{"query":"{"}', who)
    expect([answer.status, refusalIn(told).code]).toEqual([status, code])
  })
})

test('an operation is told as the protocol says, with what it left of the allowance', async () => {
  const { answer, text } = await sent('{"query":"{ __typename }"}')
  expect([answer.status, answer.headers.get('content-type'), text]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n',
  ])
})

describe('a stream is over', () => {
  test('when the key is revoked, with the reason', async () => {
    const input = { label: 'short', scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'] }
    const { createApiKey } = await app.told(
      'local',
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id } } }',
      { input },
    )
    const { messages } = await streamed(
      app,
      '/graphql/stream',
      createApiKey.secret,
      {},
      { query: events },
    )
    await messages.next()
    await app.told(
      'root',
      'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revision } }',
      { input: { keyId: createApiKey.key.id } },
    )
    const { value: last } = await messages.next()
    expect([last!['event'], refusalIn(last!['data']!).code]).toEqual(['next', 'UNAUTHENTICATED'])
    expect((await messages.next()).value).toEqual({ event: 'complete', data: '' })
    expect(await messages.next()).toMatchObject({ done: true })
  })

  test('at once when its operation is', async () => {
    const query =
      'subscription { incidentChanged(id: "01890000-0000-7000-8000-000000000000") { cursor } }'
    const { messages } = await streamed(app, '/graphql/stream', 'partner', {}, { query })
    const { value } = await messages.next()
    expect(refusalIn(value!['data']!).code).toBe('INCIDENT_NOT_FOUND')
    expect((await messages.next()).value).toMatchObject({ event: 'complete' })
  })
})

describe('as it is set', () => {
  let other: App
  beforeAll(async () => {
    const rates = { perMinute: 60, burst: 1000, wrongPerMinute: 0 }
    other = await startApp(newFolder(), new PushedClock(), {
      live: { ...configOf('').live, streamsMax: 1 },
      rates,
    })
  })
  afterAll(() => other.close())

  test('one who asks has only so many streams', async () => {
    const one = await streamed(other, '/graphql/stream', 'partner', {}, { query: events })
    await one.messages.next()
    const { answer } = await streamed(other, '/graphql/stream', 'partner', {}, { query: events })
    expect([answer.status, refusalIn(await answer.text()).code]).toEqual([429, 'LIMIT_REACHED'])
    one.stop()
  })

  test('an operation costs what it does over HTTP, and who has nothing left is told to wait', async () => {
    const query = '{ incidents(first: 100) { nodes { id severity } } }'
    const ask = () => streamed(other, '/graphql/stream', 'bob', {}, { query })
    const left = ({ answer }: Awaited<ReturnType<typeof ask>>) =>
      Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1])
    let last = await ask()
    const [before, after] = [left(last), left((last = await ask()))]
    expect(before - after).toBeGreaterThan(90)
    for (let n = 0; last.answer.status === 200 && n < 20; n++) last = await ask()
    expect([last.answer.status, last.answer.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
    ])
    expect(refusalIn(await last.answer.text()).code).toBe('RATE_LIMITED')
  })
})
