import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { NotACopy, type Copying, type Source, type Step, copy } from '../../src/event-store/copy.js'
import {
  type EventStore,
  StoreDamaged,
  StoreUnavailable,
} from '../../src/event-store/event-store.js'
import { FolderLocked, holderOf } from '../../src/event-store/folder-lock.js'
import { HeadFile } from '../../src/event-store/sqlite/head-file.js'
import { OfflineLog } from '../../src/event-store/sqlite/offline-log.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { verify } from '../../src/event-store/sqlite/verify.js'
import { type SealedEvent, firstHash, seal } from '../../src/event-store/stored-event.js'
import { Database } from '../../src/sqlite.js'
import { FaultyStore } from '../support/faulty-store.js'
import { sealed } from './sealed.js'
import { copyOf, edit, newFolder, writeLog } from './sqlite/folder.js'

const settings: Copying = { appendsMax: 500, signal: new AbortController().signal, told: () => {} }

/** A log of so many streams, in turns, as nobody serves it. */
function logOf(streams: number, each: number): string {
  const folder = newFolder()
  writeLog(folder, streams, each).close()
  return folder
}

/** Every column of every event: positions and running hashes too. */
function rowsOf(folder: string): SealedEvent[] {
  const db = new Database(join(folder, 'log.sqlite'), { readonly: true })
  const rows = db.prepare<[], SealedEvent>('select * from events order by position').all()
  db.close()
  return rows
}

/** A log of these, in this order. */
function logWith(events: readonly SealedEvent[]): string {
  const folder = newFolder()
  const log = writeLog(folder, 0, 0)
  const last = new Map<string, string>()
  for (const event of events) {
    const { stream, revision, hash } = event
    const linked = { ...event, previousHash: last.get(stream) ?? firstHash(stream) }
    last.set(stream, hash)
    log.commit([{ stream, expectedRevision: revision - 1, events: [linked] }])
  }
  log.close()
  return folder
}

/** Copies between folders, through whatever is put before the target. */
async function copied(
  from: string,
  to: string,
  changed: Partial<Copying> = {},
  through: (store: EventStore) => EventStore = store => store,
) {
  const source = OfflineLog.open(from)
  const target = await SqliteEventStore.open(to)
  try {
    return await copy(source, through(target), { ...settings, ...changed })
  } finally {
    await target.close()
    await source.close()
  }
}

describe('a copy', () => {
  test.each([1, 2, 7, 500])(
    'is the same to the last byte, with %d appends at a time',
    async appendsMax => {
      const from = logOf(7, 30)
      const to = newFolder()
      const done = await copied(from, to, { appendsMax })
      expect(done).toEqual({ events: 210, streams: 7, added: 210, grew: false })
      expect(rowsOf(to)).toEqual(rowsOf(from))
      expect(verify(to)).toEqual({ events: 210, streams: 7 })
    },
  )

  test('that is whole is found so, and nothing is written', async () => {
    const from = logOf(3, 5)
    const to = copyOf(from)
    const writes: string[] = []
    const watched = (store: EventStore) =>
      Object.assign(new FaultyStore(store), {
        append: async (stream: string) => writes.push(stream),
      }) as unknown as EventStore
    expect(await copied(from, to, {}, watched)).toMatchObject({ events: 15, added: 0 })
    expect(writes).toEqual([])
  })

  test('of nothing is nothing', async () => {
    const from = newFolder()
    writeLog(from, 0, 0).close()
    const none = { events: 0, streams: 0, added: 0, grew: false }
    expect(await copied(from, newFolder())).toEqual(none)
  })

  test('holds long runs, large events, and what this version does not know', async () => {
    const from = newFolder()
    const log = writeLog(from, 1, 3)
    const one = sealed('incident-long', 1300)
    const large = sealed('incident-large', 40, undefined, 0, () => 'ü'.repeat(100 * 1024))
    const { data: _, ...envelope } = JSON.parse(sealed('incident-new', 1)[0]!.bytes)
    const odd = seal(firstHash('incident-new'), {
      ...envelope,
      type: 'Unheard',
      data: { z: 1e21, a: ['\u2028', '🔥', 0.1], __proto: null },
      format: 'sealed',
    })
    for (const events of [one, large, [odd]])
      log.commit([{ stream: events[0]!.stream, expectedRevision: -1, events }])
    log.close()
    const to = newFolder()
    expect(await copied(from, to)).toMatchObject({ events: 1344, streams: 4 })
    expect(rowsOf(to)).toEqual(rowsOf(from))
  })

  test('asks for few appends where a stream stands alone, and keeps each within its bounds', async () => {
    const from = logWith([...sealed('incident-a', 1100), ...sealed('incident-b', 1100)])
    const sizes: number[] = []
    const counted = (store: EventStore) => {
      const through = new FaultyStore(store)
      const append = through.append.bind(through)
      through.append = (stream, expected, events) => {
        sizes.push(events.length)
        return append(stream, expected, events)
      }
      return through
    }
    await copied(from, newFolder(), { appendsMax: 1 }, counted)
    expect(sizes).toEqual([500, 500, 100, 500, 500, 100])
  })

  test('tells of each walk how far it is', async () => {
    const seen: [Step, bigint, bigint][] = []
    const told: Copying['told'] = (step, at, head) => void seen.push([step, at, head])
    await copied(logOf(10, 100), newFolder(), { told, appendsMax: 300 })
    expect(seen).toEqual([
      ['copied', 300n, 1000n],
      ['copied', 600n, 1000n],
      ['copied', 900n, 1000n],
      ['copied', 1000n, 1000n],
      ['checked', 500n, 1000n],
      ['checked', 1000n, 1000n],
    ])
  })
})

describe('an unfinished copy', () => {
  test.each([1, 9, 39, 40])('of %d events goes on where it ended', async count => {
    const from = logOf(4, 10)
    const all = rowsOf(from)
    const to = logWith(all.slice(0, count))
    expect(await copied(from, to)).toMatchObject({ events: 40, added: 40 - count })
    expect(rowsOf(to)).toEqual(all)
  })

  test.each([1, 8, 500])(
    'that a fault of the target left, at %d appends at a time, is a beginning and goes on',
    async appendsMax => {
      const from = logOf(5, 40)
      const to = newFolder()
      for (const [i, fault] of (['NOT_DONE', 'UNKNOWN', 'NOT_DONE'] as const).entries()) {
        const failing = (store: EventStore) => {
          const faulty = new FaultyStore(store)
          let left = appendsMax * (i + 1)
          const append = faulty.append.bind(faulty)
          faulty.append = (...asked) => {
            if (left-- <= 0) faulty.faults.push(fault)
            return append(...asked)
          }
          return faulty
        }
        const failed = await copied(from, to, { appendsMax }, failing).catch(error => error)
        if (appendsMax < 200) expect(failed).toBeInstanceOf(StoreUnavailable)
        const rows = rowsOf(to)
        expect(rows).toEqual(rowsOf(from).slice(0, rows.length))
      }
      expect(await copied(from, to)).toMatchObject({ events: 200 })
      expect(rowsOf(to)).toEqual(rowsOf(from))
    },
  )

  test('that was stopped says why, is a beginning, and goes on', async () => {
    const from = logOf(5, 400)
    const to = newFolder()
    const stop = new AbortController()
    const told = () => stop.abort(new Error('Enough'))
    const stopped = copied(from, to, { appendsMax: 50, signal: stop.signal, told })
    await expect(stopped).rejects.toThrow('Enough')
    const rows = rowsOf(to)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(2000)
    expect(rows).toEqual(rowsOf(from).slice(0, rows.length))
    expect(await copied(from, to)).toMatchObject({ added: 2000 - rows.length })
  })
})

describe('a target is refused, and stays as it is,', () => {
  const from = logOf(4, 10)
  test.each<[string, () => string]>([
    ['that holds another ledger', () => logOf(2, 3)],
    ['that holds more', () => logWith([...rowsOf(from), ...sealed('incident-more', 1)])],
    [
      'that holds the same in another order',
      () => logWith(rowsOf(from).toSorted((a, b) => (a.stream < b.stream ? -1 : 1))),
    ],
    [
      'that holds a part of every stream, but not the beginning',
      () =>
        logWith(
          rowsOf(from)
            .filter(({ revision }) => revision < 3)
            .toReversed()
            .toSorted((a, b) => a.revision - b.revision),
        ),
    ],
  ])('%s', async (_, made) => {
    const to = made()
    const before = rowsOf(to)
    await expect(copied(from, to)).rejects.toThrow(NotACopy)
    expect(rowsOf(to)).toEqual(before)
  })

  test('that somebody else writes to meanwhile', async () => {
    const to = newFolder()
    const source = OfflineLog.open(from)
    const target = await SqliteEventStore.open(to)
    let told = 0
    const meddle = () => {
      if (told++ === 0) void target.append('incident-foreign', -1, sealed('incident-foreign', 1))
    }
    const copying = copy(source, target, { ...settings, appendsMax: 4, told: meddle })
    await expect(copying).rejects.toThrow(NotACopy)
    await target.close()
    await source.close()
  })
})

describe('a source', () => {
  test('that grows meanwhile is told of, and what came in time is copied', async () => {
    const from = await SqliteEventStore.open(logOf(4, 10))
    const to = newFolder()
    const target = await SqliteEventStore.open(to)
    let reads = 0
    const growing: Source = {
      head: () => from.head(),
      async readAll(after, limit) {
        if (++reads === 2) await from.append('incident-late', -1, sealed('incident-late', 1))
        return from.readAll(after, limit)
      },
    }
    const done = await copy(growing, target, { ...settings, appendsMax: 4 })
    expect(done).toEqual({ events: 41, streams: 5, added: 41, grew: true })
    await Promise.all([from.close(), target.close()])
  })

  test('that was changed is not copied beyond there', async () => {
    const from = logOf(4, 10)
    const text = 'update events set bytes = replace(bytes, ?, ?) where position = 20'
    expect(edit(from, text, '"alice"', '"alicf"')).toBe(1)
    const to = newFolder()
    await expect(copied(from, to)).rejects.toThrow(StoreDamaged)
    expect(rowsOf(to).length).toBeLessThan(20)
  })

  test.each([
    ['lost its end', (folder: string) => edit(folder, 'delete from events where position = 40')],
    ['lost its head record', (folder: string) => HeadFile.remove(folder)],
  ])('that %s is not copied, and is free again', (_, harm) => {
    const from = logOf(4, 10)
    harm(from)
    expect(() => OfflineLog.open(from)).toThrow(StoreDamaged)
    expect(holderOf(from)).toBeUndefined()
  })

  test('is kept from being served while it is read, and a served one is not opened', async () => {
    const folder = logOf(1, 1)
    const source = OfflineLog.open(folder)
    await expect(SqliteEventStore.open(folder)).rejects.toThrow(FolderLocked)
    await source.close()
    const served = await SqliteEventStore.open(folder)
    expect(() => OfflineLog.open(folder)).toThrow(FolderLocked)
    await served.close()
  })

  test('where there is no log is not made', () => {
    const folder = join(newFolder(), 'none')
    expect(() => OfflineLog.open(folder)).toThrow('holds no ledger')
    expect(existsSync(folder)).toBe(false)
  })
})
