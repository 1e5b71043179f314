import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '../dist/event-store/sqlite/log-reader.js'
import { LogWriter } from '../dist/event-store/sqlite/log-writer.js'
import { Rebuild } from '../dist/views/rebuild.js'
import { commit, next } from './support/history.mjs'

/** All views from nothing beside a plain scan of the same log (R5), in turns, as a ratio. */
const rounds = 3
/** Of the log: as the projector reads it. */
const pageSize = 1000
/** Of the rebuild: as the writing thread steps it. */
const stepEvents = 500

export default async function rebuild([events = '200000', incidents = '1000'] = []) {
  const [eventCount, incidentCount] = [Number(events), Number(incidents)]
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'))
  try {
    const writer = new LogWriter(folder)
    fill(writer, eventCount, incidentCount)
    const log = new LogReader(writer.db)
    const rows = []
    for (let round = 0; round < rounds; round++) rows.push(measured(folder, log))
    console.log(`${eventCount} events of ${incidentCount} incidents, in turns`)
    console.table(rows)
    writer.close()
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measured(folder, log) {
  const scan = perSecond(() => scanned(log))
  const rebuild = perSecond(() => rebuilt(folder, log))
  return {
    'scan events/s': Math.round(scan),
    'rebuild events/s': Math.round(rebuild),
    ratio: (rebuild / scan).toFixed(2),
  }
}

function perSecond(run) {
  const start = performance.now()
  const events = run()
  return (events * 1000) / (performance.now() - start)
}

function scanned(log) {
  let count = 0
  for (let after = 0n, events; (events = log.readAll(after, pageSize)).length > 0;) {
    after = events.at(-1).position
    count += events.length
  }
  return count
}

function rebuilt(folder, log) {
  const rebuild = Rebuild.start(folder, log)
  let progress
  do progress = rebuild.step(stepEvents)
  while (!progress.done)
  rebuild.finish()
  return Number(progress.position)
}

/** Incidents that run at the same time, each event of the next one: what is worst for a cache. */
function fill(writer, eventCount, incidentCount) {
  const heads = new Map()
  let batch = []
  for (let n = 0; n < eventCount; n++) {
    const stream = `incident-${String(n % incidentCount).padStart(8, '0')}-0000-7000-8000-000000000000`
    const event = next(stream, heads.get(stream), n)
    heads.set(stream, event)
    batch.push({ stream, expectedRevision: event.revision - 1, events: [event] })
    if (batch.length === 5000 || n === eventCount - 1) {
      commit(writer, batch)
      batch = []
    }
  }
}
