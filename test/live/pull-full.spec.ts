import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Sight } from '../../src/api/sight.js'
import type { StoredEvent } from '../../src/event-store/stored-event.js'
import { Feeds } from '../../src/live/feeds.js'
import { LiveLog } from '../../src/live/live-log.js'
import { pulled } from '../../src/live/pull.js'
import { type App, startApp, until } from '../support/app.js'
import { principalOf } from '../support/followed.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const types = ['dev.incidentledger.incident.observation_recorded.v1']

/** Who waits for observations of an incident, at most so many. */
async function pulls(incidentId: string, limit: number, after?: string) {
  const feeds = app.app.get(Feeds)
  const asker = { principal: principalOf(app, 'partner'), correlationId: '' }
  const wanted = await feeds.wanted({ types, incidentId }, asker, 'a test')
  const start = await feeds.begin(after, wanted)
  const asked = { filter: {}, limit, waitMs: after === undefined ? 30_000 : 0 }
  const tell = ({ data }: StoredEvent) => (data as { text: string }).text
  const given = { start, wanted, asked, charactersMax: 1000, tell }
  return () => pulled(app.app.get(Sight), feeds, given, new AbortController().signal)
}

test('what comes behind a batch that waited and is full is told by the next, however far it was looked', async () => {
  const id = await app.declared()
  const log = app.app.get(LiveLog)
  const looking = setInterval(() => log.look(performance.now()), 1)
  const first = (await pulls(id, 1))()
  // It is read to its end, and waits.
  await until(() => log.isFollowing)
  await new Promise(resolve => setTimeout(resolve, 100))
  await Promise.all([
    app.act('alice', 'recordObservation', id, { text: 'one' }),
    app.act('alice', 'recordObservation', id, { text: 'two' }),
    app.act('alice', 'addLabels', id, { labels: ['neither'] }),
  ])
  const { texts, cursor } = await first
  clearInterval(looking)
  const next = await (await pulls(id, 10, cursor))()
  expect([...texts, ...next.texts]).toEqual(['one', 'two'])
})
