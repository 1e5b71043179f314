import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { type SealedEvent, firstHash, seal } from '../../src/event-store/stored-event.js'
import { type App, PushedClock, configOf, newFolder, startApp, until } from '../support/app.js'
import { type Message, puller, refusalIn, streamed } from '../support/feeds.js'

let app: App
let open: string
beforeAll(async () => {
  app = await startApp()
  open = await app.declared({ title: 'Checkout is slow' })
})
afterAll(() => app.close())

const noted = (text: string, id = open) => app.act('alice', 'recordObservation', id, { text })
/** What the clock brings about by itself, once it is pushed. */
const dueByThen = 'dev.incidentledger.incident.required_role_vacant.v1'
/** The next of them that is told of an event that somebody caused, or of an error. */
async function next(messages: AsyncGenerator<Message>): Promise<Message | undefined> {
  for (;;) {
    const { value, done } = await messages.next()
    if (done) return undefined
    if (value['data'] !== undefined && value['event'] !== dueByThen) return value
  }
}
const told = (message: Message | undefined) => JSON.parse(message?.['data'] ?? 'null')

test('it begins now, says so, and tells each event as a CloudEvent under its cursor', async () => {
  const { answer, messages, stop } = await streamed(app, '/events/stream')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ])
  const first = (await messages.next()).value as Message
  expect(first['retry']).toMatch(/^[123]\d{3}$/)
  expect(first['id']).toBe((await puller(app)('/events?after=now')).headers.get('ledger-cursor'))
  await noted('one')
  const one = (await next(messages))!
  expect(one).toMatchObject({
    id: told(one).cursor,
    event: 'dev.incidentledger.incident.observation_recorded.v1',
  })
  expect(new CloudEvent(told(one)).validate()).toBe(true)
  expect(told(one)).toEqual((await puller(app)(`/events?after=${first['id']}`)).events[0])
  stop()
})

test('who connects again goes on behind the last that was told, whatever the address says', async () => {
  const { events } = await puller(app)('/events')
  const { cursor } = events[1]!
  const path = `/events/stream?after=${events[0]!.cursor}`
  const again = await streamed(app, path, 'partner', { 'last-event-id': cursor })
  expect(told(await next(again.messages))).toEqual(events[2])
  again.stop()
  const anew = await streamed(app, '/events/stream?after=beginning')
  for (const event of events) expect(told(await next(anew.messages))).toEqual(event)
  anew.stop()
})

test('it tells what its filter shows', async () => {
  const drill = await app.declared({ title: 'A drill', mode: 'DRILL' })
  const types = 'types=dev.incidentledger.incident.severity_set.v1'
  const { messages, stop } = await streamed(
    app,
    `/events/stream?after=beginning&mode=DRILL&${types}`,
  )
  expect(told(await next(messages))).toMatchObject({
    subject: drill,
    data: { level: 'UNDETERMINED' },
  })
  await app.act('alice', 'setSeverity', open, { level: 'SEV1' })
  await app.act('alice', 'setSeverity', drill, { level: 'SEV1' })
  expect(told(await next(messages))).toMatchObject({ subject: drill, data: { level: 'SEV1' } })
  stop()
})

test('an incident that is restricted meanwhile is told of no more', async () => {
  const id = await app.declared({ title: 'Odd logins' })
  const { messages, stop } = await streamed(app, '/events/stream')
  await messages.next()
  await app.act('alice', 'setVisibility', id, { visibility: 'RESTRICTED', reason: 'Personal data' })
  await noted('A name', id)
  await noted('no name')
  expect(told(await next(messages))).toMatchObject({ data: { text: 'no name' } })
  stop()
})

describe('it ends with the reason when', () => {
  const ends = async (name: string, end: (key: { id: string }) => Promise<unknown>, more = {}) => {
    const input = { label: name, scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'], ...more }
    const { createApiKey } = await app.told(
      'local',
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id } } }',
      { input },
    )
    const { messages } = await streamed(app, '/events/stream', createApiKey.secret)
    await messages.next()
    await end(createApiKey.key)
    const last = await next(messages)
    expect(last?.['event']).toBe('error')
    expect(refusalIn(last!['data']!).code).toBe('UNAUTHENTICATED')
    expect(await messages.next()).toMatchObject({ done: true })
  }

  test('its key is revoked', () =>
    ends('to revoke', ({ id }) =>
      app.told(
        'root',
        'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revision } }',
        { input: { keyId: id } },
      ),
    ))

  test('its key is no longer valid', () =>
    ends('to expire', async () => app.clock.push(11), {
      expiresAt: new Date(Date.parse(app.clock.now()) + 10 * 60_000).toISOString(),
    }))
})

test.each([
  ['without a key', '', 'nobody', 401, 'UNAUTHENTICATED'],
  ['who may not subscribe', '', 'rob', 403, 'SCOPE_MISSING'],
  ['a cursor that is none', '?after=abc', 'partner', 400, 'INVALID_CURSOR'],
  ['what only a pull takes', '?limit=1', 'partner', 400, 'INVALID_INPUT'],
])('%s is refused%s', async (_, query, who, status, code) => {
  const { answer } = await streamed(app, `/events/stream${query}`, who)
  expect([answer.status, refusalIn(await answer.text()).code]).toEqual([status, code])
})

test('a last event of another history is told where to begin instead', async () => {
  const id = '01890000-0000-7000-8000-000000000000'
  const gone = Buffer.from(`incident-${id} 3 ${id}`).toString('base64url')
  const { answer } = await streamed(app, '/events/stream', 'partner', { 'last-event-id': gone })
  const { code, details } = refusalIn(await answer.text())
  expect([answer.status, code]).toEqual([410, 'REFRESH_REQUIRED'])
  const { messages, stop } = await streamed(app, `/events/stream?after=${details.cursor}`)
  expect((await messages.next()).value).toMatchObject({ id: details.cursor })
  stop()
})

test('its head alone is not there', async () => {
  const headers = { authorization: `Bearer ${app.secrets['partner']}` }
  const { status } = await fetch(`${app.url}/events/stream`, { method: 'HEAD', headers })
  expect(status).toBe(404)
})

describe('of a server of its own', () => {
  let other: App
  beforeAll(async () => {
    other = await startApp(newFolder(), new PushedClock(), {
      live: { ...configOf('').live, streamsMax: 2 },
    })
  })
  afterAll(() => other.close())
  const connections = () =>
    new Promise<number>(resolve =>
      other.app.getHttpServer().getConnections((_: unknown, count: number) => resolve(count)),
    )

  test('one who asks has only so many', async () => {
    const two = [await streamed(other, '/events/stream'), await streamed(other, '/events/stream')]
    const { answer } = await streamed(other, '/events/stream')
    expect([answer.status, refusalIn(await answer.text()).code]).toEqual([429, 'LIMIT_REACHED'])
    two[0]!.stop()
    await until(async () => (await streamed(other, '/events/stream')).answer.status === 200)
    two[1]!.stop()
  })

  test('who stops reading is cut off, and others are told on', async () => {
    const id = await other.declared()
    const stuck = connect(Number(new URL(other.url).port), '127.0.0.1')
    stuck.on('error', () => {}).pause()
    stuck.write(
      `GET /events/stream HTTP/1.1\r\nhost: ledger\r\nauthorization: Bearer ${other.secrets['bob']}\r\n\r\n`,
    )
    const { messages, stop } = await streamed(other, '/events/stream', 'alice')
    await messages.next()
    const before = await connections()
    const read: string[] = []
    const reading = (async () => {
      while (read.length < 100) read.push(told(await next(messages)).id)
    })()
    const large = await appended(id, 100, 200_000)
    await reading
    expect(read).toEqual(large)
    await until(async () => (await connections()) < before)
    stuck.destroy()
    stop()
  })

  /** So many large events of a type that nothing else has to do with. */
  async function appended(id: string, count: number, size: number): Promise<string[]> {
    const stream = incidentStream(id)
    const ids: string[] = []
    let {
      id: _id,
      position: _position,
      hash,
      ...last
    } = (await other.store.read(stream, 0)).at(-1)!
    for (let n = 0; n < count; n++) {
      const data = { text: 'x'.repeat(size) }
      last = { ...last, revision: last.revision + 1, type: 'RobotPraised', data }
      const event = seal(hash, last)
      await other.store.append(stream, last.revision - 1, [event])
      hash = event.hash
      ids.push(event.id)
    }
    return ids
  }

  test('a long run of what nobody is shown is passed over', async () => {
    const from = (await puller(other)('/events?after=now')).headers.get('ledger-cursor')
    const stream = 'access-2026-01-02'
    const { id: _id, position: _p, hash: _h, ...like } = (await other.store.readAll(0n, 1))[0]!
    const notes: SealedEvent[] = []
    for (let revision = 0; revision < 10_500; revision++)
      notes.push(
        seal(notes.at(-1)?.hash ?? firstHash(stream), { ...like, stream, revision, data: {} }),
      )
    await other.store.append(stream, -1, notes)
    const shown = await other.declared({ title: 'At last' })
    const { messages, stop } = await streamed(other, `/events/stream?after=${from}`)
    expect(told(await next(messages))).toMatchObject({ subject: shown })
    stop()
  })

  test('when the server stops, it ends at once', async () => {
    const { messages } = await streamed(other, '/events/stream')
    await messages.next()
    await other.app.close()
    expect(await next(messages)).toBeUndefined()
  })
})
