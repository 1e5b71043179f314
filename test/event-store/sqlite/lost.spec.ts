import { randomBytes, randomInt } from 'node:crypto'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { faultOf } from '../../../src/event-store/sqlite/faults.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import { Database } from '../../../src/sqlite.js'
import { appendTo, copyOf, edit, newFolder, writeLog } from './folder.js'

/** Copies of a log that was being served: all in the write-ahead file, and most of it checkpointed. */
let early: string
let late: string
let log: LogWriter
const originals = new Map<string, string>()
beforeAll(() => {
  const folder = newFolder()
  log = writeLog(folder, 10, 40)
  early = copyOf(folder)
  appendTo(log, 'later', 10, 300)
  late = copyOf(folder)
  for (const source of [early, late]) {
    const db = new Database(join(copyOf(source), 'log.sqlite'))
    originals.set(source, rowsOf(db))
    db.close()
  }
})
afterAll(() => log.close())

const rowsOf = (db: Database) =>
  JSON.stringify(db.prepare('select * from events order by position').all())

const damages: Record<string, (path: string, size: number) => void> = {
  'cut at any byte': (path, size) => truncateSync(path, randomInt(size)),
  'cut near its end': (path, size) => truncateSync(path, size - randomInt(1, 9000)),
  'with one flipped bit': (path, size) => {
    const at = randomInt(size)
    overwrite(path, at, Buffer.from([readFileSync(path)[at]! ^ (1 << randomInt(8))]))
  },
  'with a page of zeros': (path, size) => overwrite(path, randomInt(size), Buffer.alloc(4096)),
  'with a page of noise': (path, size) => overwrite(path, randomInt(size), randomBytes(4096)),
}

function overwrite(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}

/** What an operator is told: by the start, or by the check that follows it. */
function toldOf(folder: string): string | undefined {
  try {
    new LogWriter(folder).close()
  } catch (error) {
    return faultOf(error).message
  }
  return verify(folder).firstBad?.what
}

/** LOST: an acknowledged event is. UNSOUND: all are there, SQLite finds fault with what is around. */
function stateOf(folder: string, original: string): 'WHOLE' | 'UNSOUND' | 'LOST' {
  const db = new Database(join(folder, 'log.sqlite'))
  try {
    if (rowsOf(db) !== original) return 'LOST'
    return db.pragma('integrity_check', { simple: true }) === 'ok' ? 'WHOLE' : 'UNSOUND'
  } catch {
    return 'LOST'
  } finally {
    db.close()
  }
}

test.each(
  Object.keys(damages).flatMap(kind =>
    ['log.sqlite', 'log.sqlite-wal'].map(file => [kind, file] as const),
  ),
)('10 logs %s in %s are reported, unless nothing is lost', (kind, file) => {
  for (let i = 0; i < 10; i++) {
    const source = i % 2 === 0 ? late : early
    const folder = copyOf(source)
    const path = join(folder, file)
    damages[kind]!(path, statSync(path).size)
    const state = stateOf(copyOf(folder), originals.get(source)!)
    const told = toldOf(folder)
    if (state === 'LOST') expect(told).toBeDefined()
    if (state === 'WHOLE') expect(told).toBeUndefined()
  }
})

test.each([
  ['log.sqlite-wal', 'is not in the log'],
  ['log.sqlite', 'is not in the log'],
])('a log without its %s is refused, with what to do', (file, message) => {
  const folder = copyOf(early)
  rmSync(join(folder, file))
  expect(() => new LogWriter(folder)).toThrow(message)
  expect(() => new LogWriter(folder)).toThrow('Restore a backup')
  expect(existsSync(join(folder, 'log.head'))).toBe(true)
})

test('a log whose last acknowledged event is gone is refused', () => {
  const folder = copyOf(early)
  expect(edit(folder, 'delete from events where position = 400')).toBe(1)
  expect(() => new LogWriter(folder)).toThrow('Event 400 was acknowledged and is not in the log')
  expect(verify(folder).firstBad).toMatchObject({ position: 400n })
})

test('a log whose last acknowledged event is another is refused', () => {
  const folder = copyOf(early)
  edit(folder, 'update events set running = hash where position = 400')
  expect(() => new LogWriter(folder)).toThrow('Event 400 is not the one that was acknowledged')
})

test('a log that is ahead of its head record, as after a crash, opens and notes it', () => {
  const folder = copyOf(late)
  const before = readFileSync(join(early, 'log.head'))
  const after = readFileSync(join(late, 'log.head'))
  writeFileSync(join(folder, 'log.head'), before)
  new LogWriter(folder).close()
  expect(readFileSync(join(folder, 'log.head'))).toEqual(after)
  expect(verify(folder)).toEqual({ events: 3400, streams: 20 })
})

test('a head record that is cut short is refused', () => {
  const folder = copyOf(early)
  truncateSync(join(folder, 'log.head'), 17)
  expect(() => new LogWriter(folder)).toThrow('cut short')
})

test('no log is begun where views tell of one that is gone', () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'views.3.sqlite'), '')
  for (let start = 0; start < 2; start++)
    expect(() => new LogWriter(folder)).toThrow('The log is gone')
  expect(existsSync(join(folder, 'log.sqlite'))).toBe(false)
})
