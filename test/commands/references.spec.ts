import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Asked } from '../../src/commands/asked.js'
import { References } from '../../src/commands/references.js'
import { OutcomeUnknown, StoreUnavailable } from '../../src/event-store/event-store.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { newFolder } from '../support/app.js'
import { FaultyStore } from '../support/faulty-store.js'

let sqlite: SqliteEventStore
let store: FaultyStore
beforeAll(async () => {
  sqlite = await SqliteEventStore.open(newFolder())
  store = new FaultyStore(sqlite)
})
afterAll(() => sqlite.close())

const asked: Asked = { actor: { type: 'USER', id: 'alice' }, correlationId: '0'.repeat(32) }
/** As one process has them. */
const giver = () => new References(store, () => new Date().toISOString())
const allotted = (from: References) => from.allot(randomUUID(), asked)
const times = <T>(count: number, one: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => one(n))
const end = async () => (await sqlite.read('reference', 0)).length

describe('references', () => {
  test('are given away in order, each once, and an event says to which incident', async () => {
    const id = randomUUID()
    const [one, two] = [giver(), giver()]
    expect(await one.allot(id, asked)).toBe('INC-1')
    expect(await two.allot(randomUUID(), asked)).toBe('INC-2')
    expect(await one.allot(randomUUID(), asked)).toBe('INC-3')
    const [first] = await sqlite.read('reference', 0)
    expect(first).toMatchObject({
      type: 'ReferenceAllotted',
      data: { incidentId: id },
      mode: 'LIVE',
    })
  })

  test('are all given, to hundreds at once and by three processes', async () => {
    const givers = times(3, giver)
    const given = await Promise.all(times(600, n => allotted(givers[n % 3]!)))
    expect(new Set(given).size).toBe(600)
  })

  test('cost no reading of those that were given before', async () => {
    const known = await end()
    const reads: unknown[][] = []
    const watched = Object.assign(Object.create(store) as FaultyStore, {
      read: (...of: Parameters<FaultyStore['read']>) => (reads.push(of), store.read(...of)),
    })
    const fresh = new References(watched, () => new Date().toISOString())
    expect(await allotted(fresh)).toBe(`INC-${known + 1}`)
    await allotted(fresh)
    expect(reads).toEqual([['reference', known - 1, 1]])
  })

  test('that were given into the unknown are gone, and the next is another', async () => {
    const one = giver()
    await allotted(one)
    const known = await end()
    store.faults.push('UNKNOWN')
    await expect(allotted(one)).rejects.toThrow(OutcomeUnknown)
    expect(await allotted(one)).toBe(`INC-${known + 2}`)
  })

  test('are refused while nothing can be written, and given again afterwards', async () => {
    const one = giver()
    const known = await end()
    store.faults.push('NOT_DONE')
    await expect(allotted(one)).rejects.toThrow(StoreUnavailable)
    expect(await allotted(one)).toBe(`INC-${known + 1}`)
  })
})
