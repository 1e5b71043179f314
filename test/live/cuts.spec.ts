import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { type SealedEvent, type StoredEvent, seal } from '../../src/event-store/stored-event.js'
import { configFrom } from '../../src/config.js'
import { type App, PushedClock, logOf, newFolder, startApp, until } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { puller, streamed } from '../support/feeds.js'
import { RawSocket } from './raw-socket.js'
import { cursorOf } from '../../src/api/cursor.js'

/** Times that a consumer is cut off and begins again behind what it has; more by hand. */
const cuts = Number(process.env['CUTS'] ?? 300)
let app: App

/** So many events are recorded before they are told, at the most, so that it is cut off live as well as behind. */
const aheadMax = 40

/**
 * Records until it is told to end, not far ahead of what was told: observations, in incidents of which one
 * is hidden and one is a drill.
 */
async function recording(isOver: () => boolean, told: readonly string[]): Promise<void> {
  const ids = [
    await app.declared(),
    await app.declared({ type: 'SECURITY' }),
    await app.declared({ mode: 'DRILL' }),
    await app.declared(),
  ]
  const last = new Map<string, StoredEvent>()
  for (const id of ids) last.set(id, (await app.store.read(incidentStream(id), 0)).at(-1)!)
  for (let n = 0, recorded = 0; !isOver(); n++) {
    await until(() => isOver() || recorded - told.length < aheadMax)
    const id = ids[n % ids.length]!
    const events = following(last.get(id)!, 1 + (n % 3))
    await app.store.append(incidentStream(id), last.get(id)!.revision, events)
    last.set(id, (await app.store.read(incidentStream(id), events.at(-1)!.revision)).at(-1)!)
    if (n % ids.length === 0 || n % ids.length === 3) recorded += events.length
  }
}

/** Observations after another event of their incident; to ask for each would take longer than all else. */
function following({ id: _, position: _p, hash, ...event }: StoredEvent, count: number) {
  const sealed: SealedEvent[] = []
  for (let revision = event.revision + 1; sealed.length < count; revision++) {
    const data = { text: `Number ${revision}` }
    const previous = sealed.at(-1)?.hash ?? hash
    sealed.push(seal(previous, { ...event, revision, type: 'ObservationRecorded', data }))
  }
  return sealed
}

/** What a partner has to be told behind a place, in its order. */
async function expected(from: StoredEvent): Promise<string[]> {
  const events = await logOf(app.store)
  const hidden = new Set(
    events
      .filter(({ type, mode }) => type === 'VisibilitySet' || mode === 'DRILL')
      .map(({ stream }) => stream),
  )
  return events
    .filter(({ position }) => position > from.position)
    .filter(({ stream }) => stream.startsWith('incident-') && !hidden.has(stream))
    .map(({ id }) => id)
}

/** Consumes, cut off at random, until it has all that was recorded: nothing missing, nothing twice. */
async function shows(
  cuts: number,
  consume: (after: string, atMost: number) => Promise<readonly [string, string][]>,
) {
  // Behind all that was recorded for others.
  const from = (await logOf(app.store)).at(-1)!
  let isOver = false
  const told: string[] = []
  const recorded = recording(() => isOver, told)
  let after = cursorOf(from)
  const take = (events: readonly [id: string, cursor: string][]) => {
    told.push(...events.map(([id]) => id))
    after = events.at(-1)?.[1] ?? after
  }
  for (let cut = 0; cut < cuts; cut++) take(await consume(after, Math.floor(Math.random() * 4)))
  isOver = true
  await recorded
  const all = await expected(from)
  while (told.length < all.length) take(await consume(after, all.length - told.length))
  expect(told).toEqual(all)
}

const query = `subscription ($after: Cursor) {
  incidentEvents(after: $after) { cursor event { id } } }`
const taking = (taken: [string, string][], { data }: { data: any }) => {
  const { cursor, event } = data.incidentEvents
  if (event) taken.push([event.id, cursor])
}

describe.each([
  ['SQLite', cuts],
  ['EventStoreDB', cuts / 10],
])('out of %s', (what, cuts) => {
  let server: TestServer | undefined
  beforeAll(async () => {
    if (what === 'EventStoreDB') server = await TestServer.start({})
    const store = server && { store: configFrom({ LEDGER_STORE: server.url }).store }
    app = await startApp(newFolder(), new PushedClock(), store)
  })
  afterAll(async () => {
    await app.close()
    await server?.stop()
  })

  test('a stream that is cut off at random goes on without a gap or a repeat', () =>
    shows(cuts, async (after, atMost) => {
      const { messages, stop } = await streamed(app, '/events/stream', 'partner', {
        'last-event-id': after,
      })
      const taken: [string, string][] = []
      // Cut off in the middle of what was sent: whatever is not taken by then is not had.
      while (taken.length < atMost) {
        const { value, done } = await messages.next()
        if (done) break
        if (value['data'] !== undefined) taken.push([JSON.parse(value['data']).id, value['id']!])
      }
      stop()
      return taken
    }))

  test('pulls of random sizes, waiting at the end, tell all and nothing twice', () =>
    shows(cuts, async (after, atMost) => {
      const { events } = await puller(app)(`/events?after=${after}&limit=${atMost + 1}&wait=5`)
      return events.map(({ id, cursor }) => [id, cursor])
    }))

  test('a WebSocket that is cut off at random goes on without a gap or a repeat', () =>
    shows(cuts, async (after, atMost) => {
      const socket = await RawSocket.for(app.url, app.secrets['partner']!)
      const variables = { after }
      socket.send({ id: '1', type: 'subscribe', payload: { query, variables } })
      const taken: [string, string][] = []
      for (let read = 1; taken.length < atMost; read++) {
        await socket.frame(frame => socket.frames.indexOf(frame) === read)
        taking(taken, socket.frames[read].payload)
      }
      socket.ws.terminate()
      return taken
    }))

  test('GraphQL over server-sent events that is cut off at random goes on without a gap or a repeat', () =>
    shows(cuts, async (after, atMost) => {
      const variables = { after }
      const { messages, stop } = await streamed(
        app,
        '/graphql/stream',
        'partner',
        { accept: 'text/event-stream', 'content-type': 'application/json' },
        { query, variables },
      )
      const taken: [string, string][] = []
      while (taken.length < atMost) {
        const { value, done } = await messages.next()
        if (done) break
        if (value['event'] === 'next') taking(taken, JSON.parse(value['data']!))
      }
      stop()
      return taken
    }))
})
