import { setImmediate } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { LogReader } from '../../../src/event-store/sqlite/log-reader.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { newFolder } from '../../support/app.js'
import { after, idsOf, sealed } from '../sealed.js'

const stream = 'incident-a'

test('read in pages, a stream is what it is read at once', () => {
  const log = new LogWriter(newFolder())
  const reader = new LogReader(log.db)
  log.commit([{ stream, expectedRevision: -1, events: sealed(stream, 600) }])
  for (const from of [-1, 0, 1, 199, 200, 399, 400, 599, 600, 601])
    for (const limit of [undefined, 0, 1, 199, 200, 201, 400, 600, 601])
      expect([...reader.pages(stream, from, limit)].flat()).toEqual(
        reader.read(stream, from, limit),
      )
  log.close()
})

test('while a long stream is read, others have their turn, and what they add comes in its place', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const events = sealed(stream, 10_000)
  for (let from = 0; from < events.length; from += 1000)
    await store.append(stream, from - 1, events.slice(from, from + 1000))
  const more = after(events, 3)
  let turns = 0
  let isRead = false
  const reading = store.read(stream, 0).finally(() => (isRead = true))
  const appending = store.append(stream, events.length - 1, more)
  for (; !isRead; turns++) await setImmediate()
  await appending
  const found = idsOf(await reading)
  expect(found).toEqual(idsOf([...events, ...more]).slice(0, found.length))
  expect(found.length).toBeGreaterThanOrEqual(events.length)
  expect(turns).toBeGreaterThan(2)
  await store.close()
})
