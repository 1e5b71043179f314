import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { incidentStream } from '../../src/commands/handle-incident.js'
import { StoreDamaged } from '../../src/event-store/event-store.js'
import { type SealedEvent, seal } from '../../src/event-store/stored-event.js'
import { maySee } from '../../src/incident/membership.js'
import { Audiences } from '../../src/live/audience.js'
import { Views } from '../../src/views/views.js'
import { type App, startApp } from '../support/app.js'
import { streamed } from '../support/feeds.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

/** Records so many more observations at once, and tells what reading it took while they were told. */
async function readWhile(id: string, count: number): Promise<number> {
  const stream = incidentStream(id)
  const before = await app.store.read(stream, 0)
  const { id: _, position: _p, hash, ...last } = before.at(-1)!
  const sealed: SealedEvent[] = []
  for (let n = 1; n <= count; n++) {
    const event = { ...last, revision: last.revision + n, data: { text: 'x' } }
    sealed.push(seal(sealed.at(-1)?.hash ?? hash, { ...event, type: 'ObservationRecorded' }))
  }
  const { messages, stop } = await streamed(app, '/events/stream')
  await messages.next()
  const { read } = app.store
  let events = 0
  app.store.read = async (...given) => {
    const found = await read.apply(app.store, given)
    if (given[0] === stream) events += found.length
    return found
  }
  await app.store.append(stream, last.revision, sealed)
  const shown = await app.declared({ title: 'Shown' })
  for (let isTold = false; !isTold;) {
    const { value } = await messages.next()
    isTold = value!['data']?.includes(shown) ?? false
  }
  app.store.read = read
  stop()
  return events
}

test('to tell who may see a restricted incident, its stream is not read again for each event', async () => {
  const id = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  // Once whole, then what is new.
  expect(await readWhile(id, 300)).toBeLessThan(1000)
  expect(await readWhile(id, 300)).toBeLessThan(1000)
})

test('while the views stand still, events wait for them once, and not one by one', async () => {
  const id = await app.declared({ title: 'Shown' })
  const [event] = await app.store.read(incidentStream(id), 0, 1)
  const sinceMs = performance.now()
  for (let n = 1n; n <= 4n; n++)
    await app.app.get(Audiences).of({ ...event!, position: event!.position + n * 1_000_000n })
  expect(performance.now() - sinceMs).toBeLessThan(3000)
})

test('an incident whose stream is damaged holds up nobody: what names it is told without it', async () => {
  const damaged = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  const shown = await app.declared({ title: 'Shown' })
  await app.act('alice', 'relateIncident', shown, { to: damaged, kind: 'RELATED' })
  const related = (await app.store.read(incidentStream(shown), 0)).at(-1)
  const [declared] = await app.store.read(incidentStream(damaged), 0)
  const { read } = app.store
  app.store.read = async (stream, ...rest) => {
    if (stream === incidentStream(damaged)) throw new StoreDamaged('As told')
    return read.call(app.store, stream, ...rest)
  }
  try {
    const audiences = new Audiences(app.store, app.app.get(Views))
    const alice = { actor: declared!.actor, isAdmin: false }
    const { other, now } = await audiences.of(related!)
    expect([maySee(now!, alice), maySee(other!.now, alice)]).toEqual([true, false])
    expect(maySee((await audiences.of(declared!)).now!, alice)).toBe(false)
  } finally {
    app.store.read = read
  }
})
