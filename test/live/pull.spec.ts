import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { Sight } from '../../src/api/sight.js'
import { Feeds } from '../../src/live/feeds.js'
import { pulled } from '../../src/live/pull.js'
import { type App, PushedClock, configOf, newFolder, startApp } from '../support/app.js'
import { type Pulled, puller, refusalIn } from '../support/feeds.js'
import { principalOf } from '../support/followed.js'

let app: App
let pull: ReturnType<typeof puller>
/** Everybody's, a drill, and one that only alice and the administrators see. */
let open: string, drill: string, hidden: string
beforeAll(async () => {
  app = await startApp()
  pull = puller(app)
  open = await app.declared({ title: 'Checkout is slow' })
  drill = await app.declared({ title: 'A drill', mode: 'DRILL' })
  hidden = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  for (const text of ['one', 'two', 'three']) await noted(text)
})
afterAll(() => app.close())

const noted = (text: string, id = open) => app.act('alice', 'recordObservation', id, { text })
/** What the query `events` tells, and where it ends. */
async function queried(who: string, filter = 'mode: [LIVE, RETROSPECTIVE]', after?: string) {
  const query = `query ($after: Cursor) { events(first: 100, after: $after, filter: { ${filter} }) {
    nodes { id } pageInfo { endCursor } } }`
  const { nodes, pageInfo } = (await app.told(who, query, { after })).events
  return { ids: nodes.map(({ id }: { id: string }) => id), end: pageInfo.endCursor as string }
}
const ids = ({ events }: Pulled) => events.map(({ id }) => id)
const subjects = ({ events }: Pulled) => new Set(events.map(({ subject }) => subject))
const cursorIn = ({ headers }: Pulled) => headers.get('ledger-cursor')

test('it begins at the beginning, and its links lead through all that the query of events tells', async () => {
  const { ids: all, end } = await queried('partner')
  expect(all.length).toBeGreaterThan(4)
  const told: string[] = []
  let at = await pull('/events?limit=2')
  for (; at.events.length > 0; at = await pull(at.next)) {
    expect([at.status, at.headers.get('content-type')]).toEqual([
      200,
      'application/cloudevents-batch+json; charset=utf-8',
    ])
    expect(at.events.length).toBeLessThanOrEqual(2)
    for (const event of at.events) expect(new CloudEvent({ ...event }).validate()).toBe(true)
    expect(new URL(at.next, app.url).searchParams.get('after')).toBe(cursorIn(at))
    told.push(...ids(at))
  }
  expect(told).toEqual(all)
  expect([at.text, cursorIn(at)]).toEqual(['[]', end])
})

test('an event names the schema of its data, which is there', async () => {
  const { events } = await pull('/events?limit=1')
  const { dataschema } = events[0] as unknown as { dataschema: string }
  const schema = await pull(new URL(dataschema).pathname)
  expect(JSON.parse(schema.text)).toMatchObject({ $id: dataschema, type: 'object' })
})

test('its cursors and those of the query of events are the same', async () => {
  const { ids: all } = await queried('partner')
  const first = await pull('/events?limit=3')
  expect(cursorIn(first)).toBe(first.events[2]!.cursor)
  const { ids: rest } = await queried('partner', 'mode: [LIVE, RETROSPECTIVE]', cursorIn(first)!)
  expect(rest).toEqual(all.slice(3))
})

test('what is known is not sent again', async () => {
  for (const path of ['/events', `/events?after=${cursorIn(await pull('/events'))}`]) {
    const tag = (await pull(path)).headers.get('etag')!
    const again = await pull(path, 'partner', { 'if-none-match': tag })
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag])
    expect(cursorIn(again)).toBe(cursorIn(await pull(path)))
  }
})

test('exercises are told when asked for', async () => {
  expect(subjects(await pull('/events'))).toEqual(new Set([open]))
  expect(subjects(await pull('/events?mode=DRILL,LIVE'))).toEqual(new Set([open, drill]))
})

test('a filter shows what it names, and never stalls the cursor', async () => {
  const types = 'dev.incidentledger.incident.observation_recorded.v1'
  const { events } = await pull(`/events?types=${types}&incident=${open}`)
  expect(events.map(({ data }) => data['text'])).toEqual(['one', 'two', 'three'])
  const nothing = await pull('/events?types=dev.incidentledger.incident.robot_praised.v1')
  expect([nothing.events, cursorIn(nothing)]).toEqual([[], (await queried('partner')).end])
})

test('what is hidden is told to who may see it, and to an administrator who asks', async () => {
  expect(subjects(await pull('/events', 'alice'))).toEqual(new Set([open, hidden]))
  expect(subjects(await pull('/events', 'root'))).toEqual(new Set([open]))
  expect(subjects(await pull('/events?restricted=true', 'root'))).toEqual(new Set([open, hidden]))
  const { accessLog } = await app.told('root', '{ accessLog { nodes { kind operation } } }')
  expect(accessLog.nodes).toContainEqual({ kind: 'RESTRICTED_LIST', operation: 'GET /events' })
})

test('the id of another incident that one may not see reads as null', async () => {
  await app.act('alice', 'relateIncident', open, { to: hidden, kind: 'RELATED' })
  const types = 'types=dev.incidentledger.incident.related.v1'
  const [to, toAlice] = [await pull(`/events?${types}`), await pull(`/events?${types}`, 'alice')]
  expect([to.events[0]?.data['to'], toAlice.events[0]?.data['to']]).toEqual([null, hidden])
})

test('the organisation’s own are told to who may read them', async () => {
  const told = await pull('/events?organisation=true&limit=1', 'root')
  expect(told.events[0]).toMatchObject({ source: '/organisation' })
  const refused = await pull('/events?organisation=true', 'partner')
  expect([refused.status, refusalIn(refused.text)]).toEqual([
    403,
    { code: 'SCOPE_MISSING', details: { needs: 'AUDIT_READ' } },
  ])
})

describe('it waits', () => {
  test('for what comes, and answers with all that one command recorded', async () => {
    const { next } = await pull('/events')
    const waiting = pull(`${next}&wait=30`)
    const another = pull(`${next}&wait=30&types=dev.incidentledger.incident.severity_set.v1`)
    await noted('four')
    expect((await waiting).events).toMatchObject([{ data: { text: 'four' } }])
    const id = await app.declared({ title: 'Search is slow' })
    expect((await another).events).toMatchObject([{ subject: id, data: { level: 'UNDETERMINED' } }])
    const after = await pull(`${(await waiting).next}&limit=1`)
    expect(ids(after)).toHaveLength(1)
  })

  test('not longer than asked, and then has nothing to tell', async () => {
    const { next } = await pull('/events')
    const nothing = await pull(`${next}&wait=1`)
    expect([nothing.status, nothing.text, nothing.next]).toEqual([200, '[]', `${next}&wait=1`])
  })

  test('not at all, if it is over while the log is read', async () => {
    const principal = principalOf(app, 'partner')
    const feeds = app.app.get(Feeds)
    const wanted = await feeds.wanted(null, { principal, correlationId: '' }, 'a test')
    const start = await feeds.begin(null, wanted)
    const asked = { filter: {}, limit: 1, waitMs: 30_000 }
    const over = new AbortController()
    const since = performance.now()
    const given = { start, wanted, asked, charactersMax: 1, tell: () => '' }
    const batch = pulled(app.app.get(Sight), feeds, given, over.signal)
    over.abort()
    expect((await batch).texts).toEqual([])
    expect(performance.now() - since).toBeLessThan(10_000)
  })

  test('no longer than the key is valid', async () => {
    const { secret, keyId } = await partner(app)
    const { next } = await pull('/events')
    const waiting = pull(`${next}&wait=30`, secret)
    await new Promise(resolve => setTimeout(resolve, 100))
    await app.told('root', revoke, { input: { keyId } })
    const { status, text, headers } = await waiting
    expect([status, refusalIn(text).code]).toEqual([401, 'UNAUTHENTICATED'])
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })
})

const uuid = '01890000-0000-7000-8000-000000000000'
test.each([
  ['without a key', '/events', 'nobody', 401, 'UNAUTHENTICATED'],
  ['who may not subscribe', '/events', 'rob', 403, 'SCOPE_MISSING'],
  ['a cursor that is none', '/events?after=abc', 'partner', 400, 'INVALID_CURSOR'],
  ['none at all', '/events?limit=0', 'partner', 400, 'INVALID_INPUT'],
  ['too many', '/events?limit=1001', 'partner', 400, 'INVALID_INPUT'],
  ['too long a wait', '/events?wait=31', 'partner', 400, 'INVALID_INPUT'],
  ['a type that can be none', '/events?types=SeveritySet', 'partner', 400, 'INVALID_INPUT'],
  ['a mode that is none', '/events?mode=live', 'partner', 400, 'INVALID_INPUT'],
  ['an incident that is none', '/events?incident=INC-1', 'partner', 400, 'INVALID_INPUT'],
  ['a name that is mistyped', '/events?incidentId=' + uuid, 'partner', 400, 'INVALID_INPUT'],
  ['a name given twice', '/events?limit=1&limit=2', 'partner', 400, 'INVALID_INPUT'],
  ['a name of every object', '/events?constructor=1', 'partner', 400, 'INVALID_INPUT'],
])('%s is refused: %s', async (_, path, who, status, code) => {
  const refused = await pull(path, who)
  expect([refused.status, refusalIn(refused.text).code]).toEqual([status, code])
})

test('who lacks a scope is told which, as a key is given it', async () => {
  expect((await pull('/events', 'rob')).text).toContain('"This needs events:subscribe."')
})

test('who asks for too much is told how much there may be', async () => {
  const { text } = await pull('/events?limit=1001')
  expect(text).toContain('limit (1 to 1000), wait (0 to 30 seconds)')
})

test('a cursor of another history is told where to begin instead', async () => {
  const gone = Buffer.from(`incident-${uuid} 3 ${uuid}`).toString('base64url')
  const refused = await pull(`/events?after=${gone}`)
  expect([refused.status, refusalIn(refused.text).code]).toEqual([410, 'REFRESH_REQUIRED'])
  const { cursor } = refusalIn(refused.text).details
  expect(await pull(`/events?after=${cursor}`)).toMatchObject({ status: 200, text: '[]' })
})

const settings = {
  publicUrl: 'https://ledger.example.org/api',
  live: { ...configOf('').live, streamsMax: 2 },
  rates: { perMinute: 60, burst: 60_000, wrongPerMinute: 0 },
  limits: { ...configOf('').limits, answerBytes: 4096 },
}
describe('as it is set', () => {
  let other: App
  beforeAll(async () => {
    other = await startApp(newFolder(), new PushedClock(), settings)
    const id = await other.declared()
    for (let n = 0; n < 20; n++)
      await other.act('alice', 'recordObservation', id, { text: `Number ${n}` })
  })
  afterAll(() => other.close())

  test('its links begin where clients reach the ledger', async () => {
    const { headers, events } = await puller(other)('/events?limit=1')
    expect(headers.get('link')).toMatch(
      /^<https:\/\/ledger\.example\.org\/api\/events\?limit=1&after=/,
    )
    expect(events[0]).toMatchObject({
      dataschema: `${settings.publicUrl}/schemas/${events[0]!.type}.json`,
    })
  })

  test('a batch is no longer than an answer may be, and the rest is in the next', async () => {
    const told: string[] = []
    for (let path = '/events'; ;) {
      const { text, next, events } = await puller(other)(path)
      if (events.length === 0) break
      expect(text.length).toBeLessThan(settings.limits.answerBytes + 2000)
      told.push(...events.map(({ id }) => id))
      path = next.replace('/api', '')
    }
    expect(told).toHaveLength(22)
    expect(new Set(told).size).toBe(22)
  })

  test('one who asks has only so many waiting, which hold up nobody else', async () => {
    const { headers } = await puller(other)('/events?after=now')
    const path = `/events?after=${headers.get('ledger-cursor')}&wait=30`
    const waiting = [puller(other)(path), puller(other)(path)]
    await new Promise(resolve => setTimeout(resolve, 200))
    const refused = await puller(other)(path)
    expect([refused.status, refusalIn(refused.text)]).toEqual([
      429,
      { code: 'LIMIT_REACHED', details: { max: 2 } },
    ])
    expect((await puller(other)('/events?limit=1', 'alice')).status).toBe(200)
    await other.declared({ title: 'At last' })
    for (const { events } of await Promise.all(waiting)) expect(events.length).toBeGreaterThan(0)
  })

  test('it costs its limit, once, however long it waits', async () => {
    const left = async (path: string) => {
      const { headers } = await puller(other)(path, 'bob')
      return Number(/^"cost";r=(\d+);t=\d+$/.exec(headers.get('ratelimit')!)![1])
    }
    const before = await left('/events?limit=1')
    const spent = before - (await left('/events?after=now&limit=500&wait=1'))
    // One comes back each second.
    expect(spent).toBeLessThanOrEqual(500)
    expect(spent).toBeGreaterThan(400)
  })

  test('when the server stops, who waits is answered', async () => {
    const { headers } = await puller(other)('/events?after=now')
    const waiting = puller(other)(`/events?after=${headers.get('ledger-cursor')}&wait=30`)
    await new Promise(resolve => setTimeout(resolve, 200))
    await other.app.close()
    expect(await waiting).toMatchObject({ status: 200, text: '[]' })
  })
})

const revoke = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revision } }'

async function partner({ told }: App): Promise<{ secret: string; keyId: string }> {
  const input = { label: 'another', scopes: ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE'] }
  const { createApiKey } = await told(
    'local',
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id } } }',
    { input },
  )
  return { secret: createApiKey.secret, keyId: createApiKey.key.id }
}
