import { randomInt } from 'node:crypto'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { salvageLog } from '../../../src/event-store/sqlite/salvage-log.js'
import { SalvagedLog } from '../../../src/event-store/sqlite/salvaged-log.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import type { SealedEvent } from '../../../src/event-store/stored-event.js'
import { copyOf, edit, newFolder, writeLog } from './folder.js'

/** 5 streams of 10 events that came in turns: position p is revision ⌊(p−1)/5⌋ of stream (p−1) mod 5. */
const folder = newFolder()
writeLog(folder, 5, 10).close()
const all = { kept: 50, streams: 5, lost: 0, unknown: 0, ends: [], endKnown: true }
const end = (n: number, revision: number, events: number) => ({
  stream: `incident-${n}`,
  revision,
  events,
})

const damages: [string, string, object][] = [
  ['nothing', 'select 1', all],
  [
    'the bytes of one event',
    `update events set bytes = replace(bytes, 'alice', 'alicf') where position = 22`,
    { ...all, kept: 44, lost: 6, ends: [end(1, 4, 6)] },
  ],
  [
    'a row that is gone',
    'delete from events where position = 22',
    { ...all, kept: 44, lost: 6, ends: [end(1, 4, 6)] },
  ],
  [
    'the last rows, which left no trace',
    'delete from events where position > 47',
    { ...all, kept: 47, lost: 3, unknown: 3 },
  ],
  [
    'two streams',
    `update events set bytes = 'x' where position in (6, 10)`,
    { ...all, kept: 32, lost: 18, ends: [end(0, 1, 9), end(4, 1, 9)] },
  ],
  [
    'the first event of a stream',
    `update events set bytes = 'null' where position = 3`,
    { ...all, kept: 40, streams: 4, lost: 10, ends: [end(2, 0, 10)] },
  ],
  [
    'a stream that is said to be another',
    `update events set stream = 'incident-x' where position = 48`,
    all,
  ],
  ['a hash', `update events set hash = 'x' where position = 22`, all],
  ['an id', `update events set id = 'x' where position = 22`, all],
  ['every running hash', 'update events set running = hash', all],
  [
    'the hash and the id of an event',
    `update events set id = 'x', hash = 'x' where position = 50`,
    { ...all, kept: 49, lost: 1, ends: [end(4, 9, 1)] },
  ],
  [
    'a place in the log that no log has',
    'update events set position = 9000000000000000 where position = 46',
    { ...all, kept: 49, lost: 1, unknown: 1 },
  ],
]

test.each(damages)('of %s the loss is told to the event', (_, change, expected) => {
  const damaged = copyOf(folder)
  if (change !== 'select 1') edit(damaged, change)
  expect(salvageLog(damaged)).toEqual(expected)
})

test('what the views have seen gives what left no trace its name', () => {
  const damaged = copyOf(folder)
  edit(damaged, 'delete from events where position > 47')
  const seen = [0, 1, 2, 3, 4].map(n => ({ stream: `incident-${n}`, revision: 9, id: '' }))
  expect(salvageLog(damaged, seen)).toEqual({
    ...all,
    kept: 47,
    lost: 3,
    ends: [end(2, 9, 1), end(3, 9, 1), end(4, 9, 1)],
  })
})

test('a log without its end, its head record or both is read as far as it goes', () => {
  const damaged = copyOf(folder)
  rmSync(join(damaged, 'log.head'))
  expect(salvageLog(damaged)).toEqual({ ...all, endKnown: false })
  writeFileSync(join(damaged, 'log.head'), 'short')
  expect(salvageLog(damaged)).toEqual({ ...all, endKnown: false })
  writeFileSync(join(damaged, 'log.sqlite'), 'no database at all')
  expect(salvageLog(damaged)).toMatchObject({ kept: 0 })
})

test('of 60 files with cut or flipped pages, what is kept is a sound log of what was written', () => {
  const large = newFolder()
  writeLog(large, 20, 60).close()
  const original = eventsOf(large)
  const mostKept = { some: 0, all: 0 }
  for (let n = 0; n < 60; n++) {
    const damaged = copyOf(large)
    const path = join(damaged, 'log.sqlite')
    const bytes = readFileSync(path)
    if (n % 3 === 0) truncateSync(path, randomInt(8192, bytes.length))
    else {
      if (n % 3 === 1) bytes[randomInt(4096, bytes.length)]! ^= 1 << randomInt(8)
      else bytes.fill(0, 4096 * randomInt(2, bytes.length / 4096 - 1)).subarray(0, 4096)
      writeFileSync(path, bytes)
    }
    const into = newFolder()
    const log = new SalvagedLog(into)
    const found = salvageLog(damaged, [], event => log.add(event))
    log.close()
    expect(verify(into)).toEqual({ events: found.kept, streams: found.streams })
    expect(found.kept + found.lost).toBe(1200)
    const ids = new Set(original.map(({ id }) => id))
    expect(eventsOf(into).every(({ id }) => ids.has(id))).toBe(true)
    if (found.kept > 0) mostKept.some++
    if (found.kept === 1200) mostKept.all++
  }
  expect(mostKept.some).toBeGreaterThan(20)
})

function eventsOf(folder: string): SealedEvent[] {
  const log = new LogWriter(folder)
  const events = log.db.prepare<[], SealedEvent>('select * from events').all()
  log.close()
  return events
}
