import { hash as digest } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteEventStore } from '../dist/event-store/sqlite/sqlite-event-store.js'
import { firstHash, unseal } from '../dist/event-store/stored-event.js'
import { Database } from '../dist/sqlite.js'
import { inFlight, middle, ofTurns, speed, work } from './support/appends.mjs'

/**
 * The store through its port against raw better-sqlite3 doing the same work in the same run: same schema
 * and pragmas, running hash, synced head file, and how far the views are, of which none shows these events.
 * In short turns, since a machine that others use too is not equally fast for long; the middle turn counts.
 * The first ones warm both up.
 */
const turns = 15
const warmUp = 2
const insert = 'insert into events values (?, ?, ?, ?, ?, ?, ?, ?)'
const ddl = `create table events(position integer primary key, stream text not null,
  revision integer not null, id text not null, type text not null, hash text not null,
  running text not null, bytes text not null, unique(stream, revision))`

const ddlOfViews = `create table checkpoint(position integer not null, id text);
  insert into checkpoint values (0, null)`

function opened(file, synchronous, ddl) {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma(`synchronous = ${synchronous}`)
  db.exec(ddl)
  return db
}

/**
 * What one would write by hand: a transaction for each group, then the head file, synced, then the file of
 * the views, which shows none of these events and is told how far it is.
 */
class Raw {
  #position = 0n
  #running = '00'.repeat(32)
  constructor(folder) {
    this.db = opened(join(folder, 'raw.sqlite'), 'FULL', ddl)
    this.views = opened(join(folder, 'raw.views.sqlite'), 'NORMAL', ddlOfViews)
    this.insert = this.db.prepare(insert)
    this.end = this.db.prepare('select max(revision) from events where stream = ?').pluck()
    this.note = this.views.prepare('update checkpoint set position = ?, id = ?')
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
    this.note.run(this.#position, group.at(-1).events.at(-1).id)
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
    this.views.close()
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

/** Each takes the lead in every other turn. */
async function inTurns(givenFor, ofStore, ofRaw) {
  const found = []
  for (let turn = -warmUp; turn < turns; turn++) {
    const given = givenFor(turn)
    const speeds = {}
    for (const [name, run] of turn % 2 ? [ofStore, ofRaw] : [ofRaw, ofStore])
      speeds[name] = await speed(given.events, () => run(given.appends))
    if (turn >= 0) found.push(speeds)
  }
  return found
}

async function compare(store, raw, name, count, size, many) {
  const found = await inTurns(
    turn => ({ events: count * size, appends: work(`${name}-${turn}`, count, size) }),
    ['store', appends => inFlight(store, appends, many)],
    ['raw', appends => inGroups(raw, appends, many)],
  )
  return row(name, found)
}

async function compareScans(store, raw) {
  const events = raw.scan()
  return row(
    'full scan',
    await inTurns(() => ({ events }), ['store', () => scan(store)], ['raw', () => raw.scan()]),
  )
}

function row(what, found) {
  return {
    what,
    'store, events/s': Math.round(middle(found.map(({ store }) => store))),
    'raw, events/s': Math.round(middle(found.map(({ raw }) => raw))),
    ...ofTurns(found.map(({ store, raw }) => store / raw)),
  }
}

export default async function storeBench() {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'))
  const store = await SqliteEventStore.open(folder)
  const raw = new Raw(folder)
  try {
    const rows = [
      await compare(store, raw, '1 event, 1 in flight', 600, 1, 1),
      await compare(store, raw, '10 events, 1 in flight', 500, 10, 1),
      await compareScans(store, raw),
      await compare(store, raw, '1 event, 64 in flight', 12_000, 1, 64),
      await compare(store, raw, '10 events, 64 in flight', 2000, 10, 64),
    ]
    console.table(rows)
    console.log('Against raw better-sqlite3 on the same disk in the same run; the aim is 0.7.')
  } finally {
    raw.close()
    await store.close()
    rmSync(folder, { recursive: true })
  }
}
