import { hash as digest } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteEventStore } from '../dist/event-store/sqlite/sqlite-event-store.js'
import { firstHash, unseal } from '../dist/event-store/stored-event.js'
import { Database } from '../dist/sqlite.js'
import { inFlight, middle, speed, work } from './support/appends.mjs'

/**
 * The store through its port against raw better-sqlite3 doing the same work in the same run: same
 * schema and pragmas, running hash, synced head file; in turns, and the middle one of the rounds.
 */
const rounds = 3
const insert = 'insert into events values (?, ?, ?, ?, ?, ?, ?, ?)'
const ddl = `create table events(position integer primary key, stream text not null,
  revision integer not null, id text not null, type text not null, hash text not null,
  running text not null, bytes text not null, unique(stream, revision))`

/** What one would write by hand: a transaction for each group, then the head file, synced. */
class Raw {
  #position = 0n
  #running = '00'.repeat(32)
  constructor(folder) {
    this.db = new Database(join(folder, 'raw.sqlite'))
    this.db.pragma('journal_mode = WAL')
    this.db.pragma('synchronous = FULL')
    this.db.exec(ddl)
    this.insert = this.db.prepare(insert)
    this.end = this.db.prepare('select max(revision) from events where stream = ?').pluck()
    this.head = openSync(join(folder, 'raw.head'), 'w+')
    this.commit = this.db.transaction(group => group.forEach(append => this.#append(append)))
  }
  #append({ stream, expectedRevision, events }) {
    if ((this.end.get(stream) ?? -1) !== expectedRevision) throw new Error('conflict')
    for (const { revision, id, type, hash, bytes } of events) {
      this.#running = digest('sha256', Buffer.from(this.#running + hash, 'hex'))
      this.insert.run(++this.#position, stream, revision, id, type, hash, this.#running, bytes)
    }
  }
  write(group) {
    this.commit(group)
    const bytes = Buffer.alloc(40)
    bytes.writeBigUInt64LE(this.#position)
    bytes.write(this.#running, 8, 'hex')
    writeSync(this.head, bytes, 0, 40, 0)
    fdatasyncSync(this.head)
  }
  scan() {
    const ends = new Map()
    let events = 0
    for (const row of this.db.prepare('select * from events order by position').iterate()) {
      const { hash } = unseal(ends.get(row.stream) ?? firstHash(row.stream), row)
      ends.set(row.stream, hash)
      events++
    }
    return events
  }
  close() {
    this.db.close()
    closeSync(this.head)
  }
}

function inGroups(raw, appends, many) {
  for (let at = 0; at < appends.length; at += many) raw.write(appends.slice(at, at + many))
}

async function scan(store) {
  let [events, position] = [0, 0n]
  for (let page; (page = await store.readAll(position, 500)).length > 0; events += page.length)
    position = page.at(-1).position
  return events
}

async function compare(store, raw, name, count, size, many) {
  const [ofStore, ofRaw] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const appends = work(`${name}-${round}`, count, size)
    ofRaw.push(await speed(count * size, () => inGroups(raw, appends, many)))
    ofStore.push(await speed(count * size, () => inFlight(store, appends, many)))
  }
  return row(name, ofStore, ofRaw)
}

async function compareScans(store, raw) {
  const [ofStore, ofRaw] = [[], []]
  const events = raw.scan()
  for (let round = 0; round < 3; round++) {
    ofRaw.push(await speed(events, () => raw.scan()))
    ofStore.push(await speed(events, () => scan(store)))
  }
  return row('full scan', ofStore, ofRaw)
}

const row = (what, ofStore, ofRaw) => ({
  what,
  'store, events/s': Math.round(middle(ofStore)),
  'raw, events/s': Math.round(middle(ofRaw)),
  ratio: (middle(ofStore) / middle(ofRaw)).toFixed(2),
})

export default async function storeBench() {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'))
  const store = await SqliteEventStore.open(folder)
  const raw = new Raw(folder)
  try {
    const rows = [
      await compare(store, raw, '1 event, 1 in flight', 400, 1, 1),
      await compare(store, raw, '1 event, 64 in flight', 4000, 1, 64),
      await compare(store, raw, '10 events, 1 in flight', 200, 10, 1),
      await compare(store, raw, '10 events, 64 in flight', 600, 10, 64),
      await compareScans(store, raw),
    ]
    console.table(rows)
    console.log('Against raw better-sqlite3 on the same disk in the same run; the aim is 0.7.')
  } finally {
    raw.close()
    await store.close()
    rmSync(folder, { recursive: true })
  }
}
