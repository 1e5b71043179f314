import { expect, jest, test } from '@jest/globals'
import type { Position } from '../../src/event-store/event-store.js'
import { Moves } from '../../src/event-store/sqlite/moves.js'
import { type Projection, Projections } from '../../src/event-store/projections.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { sealed } from './sealed.js'
import { edit, newFolder, until, writeLog } from './sqlite/folder.js'

/** So many events to take, in memory; each time takes so long. */
class Counting implements Projection {
  position: Position = 0n
  closed = false
  constructor(
    public total: number,
    readonly fails: () => boolean = () => false,
    readonly tookMs = 0,
  ) {}
  catchUp(maxEvents = 1) {
    if (this.fails()) throw new Error('cannot')
    for (const since = performance.now(); performance.now() - since < this.tookMs;);
    const left = BigInt(this.total) - this.position
    this.position += left < BigInt(maxEvents) ? left : BigInt(maxEvents)
    return { position: this.position, done: this.position === BigInt(this.total) }
  }
  close() {
    this.closed = true
  }
}

function watched() {
  const at: Position[] = []
  const faults: (string | undefined)[] = []
  const projections = new Projections({
    at: position => at.push(position),
    fault: message => faults.push(message),
  })
  return { at, faults, projections }
}

test('a large backlog is taken in slices, and others have their turn in between', async () => {
  const { at, projections } = watched()
  let turns = 0
  const count = () => void setImmediate(() => (turns++, at.at(-1) === 5000n || count()))
  projections.add('views', () => new Counting(5000, undefined, 6))
  count()
  await until(() => at.at(-1) === 5000n)
  expect(at.length).toBeGreaterThanOrEqual(10)
  expect(turns).toBeGreaterThanOrEqual(10)
  projections.close()
})

test('of what is quickly taken more is taken at once, so a large commit does not leave it behind', async () => {
  const { at, projections } = watched()
  projections.add('views', () => new Counting(2000))
  await until(() => at.length > 0)
  expect(at).toEqual([2000n])
  projections.close()
})

test('one that began anew is told of, however soon it is as far as it was', async () => {
  const { at, projections } = watched()
  const views = new Counting(600)
  projections.add('views', () => views)
  await until(() => at.at(-1) === 600n)
  views.catchUp = () => {
    views.catchUp = Counting.prototype.catchUp
    return { position: (views.position = 0n), done: false }
  }
  projections.moved()
  await until(() => at.length >= 3)
  expect(at).toEqual([600n, 0n, 600n])
  projections.close()
})

test('several projections advance together, and the slowest is told', async () => {
  const { at, projections } = watched()
  const [small, large] = [new Counting(600), new Counting(3000)]
  projections.add('small', () => small)
  projections.add('large', () => large)
  await until(() => large.position === 3000n && at.at(-1) === 600n)
  small.total = 3000
  projections.moved()
  await until(() => at.at(-1) === 3000n)
  projections.remove('small')
  expect([small.closed, large.closed]).toEqual([true, false])
  projections.close()
  expect(large.closed).toBe(true)
})

test('a projection that fails is asked again, told once, and holds up no other', async () => {
  const { faults, projections } = watched()
  let broken = true
  const [bad, good] = [new Counting(10, () => broken), new Counting(2000)]
  projections.add('bad', () => bad)
  projections.add('good', () => good)
  await until(() => good.position === 2000n)
  expect(faults).toEqual(['cannot'])
  broken = false
  await until(() => bad.position === 10n)
  expect(faults).toEqual(['cannot', undefined])
  projections.close()
})

test('a projection that failed is asked again as soon, though the clock is set back', async () => {
  const { at, projections } = watched()
  let broken = true
  projections.add('views', () => new Counting(10, () => broken))
  await new Promise(resolve => setTimeout(resolve, 5))
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
  try {
    broken = false
    await until(() => at.at(-1) === 10n)
  } finally {
    clock.mockRestore()
    projections.close()
  }
})

test('what works from the start is told to, since the thread before this one may have ended in a fault', async () => {
  const { at, faults, projections } = watched()
  projections.add('views', () => new Counting(10))
  await until(() => at.at(-1) === 10n)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toBeUndefined()
  projections.close()
})

test('views that cannot follow fail no append, are told, and recover', async () => {
  const folder = newFolder()
  writeLog(folder, 1, 5).close()
  edit(folder, `update events set bytes = replace(bytes, 'alice', 'alicf') where position = 3`)
  const store = await SqliteEventStore.open(folder)
  await until(() => store.state.viewsFault !== undefined)
  expect(store.state.viewsFault).not.toContain(folder)
  await store.append('incident-new', -1, sealed('incident-new', 1))
  edit(folder, `update events set bytes = replace(bytes, 'alicf', 'alice') where position = 3`)
  await until(() => store.state.viewsFault === undefined)
  await store.close()
})

test('who stops waiting for the log leaves nothing behind', async () => {
  const moves = new Moves()
  const stop = new AbortController()
  const waits = [moves.since(0, stop.signal), moves.since(0, stop.signal)]
  expect(moves.waiting).toBe(2)
  stop.abort()
  await Promise.all(waits)
  expect(moves.waiting).toBe(0)
  const next = moves.since(moves.count, new AbortController().signal)
  moves.moved()
  await next
  expect(moves.waiting).toBe(0)
  await moves.since(moves.count - 1, new AbortController().signal)
})
