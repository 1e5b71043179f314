import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogReader } from '../dist/event-store/sqlite/log-reader.js'
import { LogWriter } from '../dist/event-store/sqlite/log-writer.js'
import { incidentAt } from '../dist/replays/incident-at.js'
import { postmortem } from '../dist/replays/postmortem.js'
import { timeline } from '../dist/replays/timeline.js'
import { middle } from './support/appends.mjs'
import { commit, next } from './support/history.mjs'

/** What a question about one incident costs as it grows: microseconds per event, which stay alike if it is linear. */
const sizes = [200, 2_000, 20_000]
const rounds = 5
const stream = '0198c0de-0000-7000-8000-000000000000'

export default function replay() {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'))
  const writer = new LogWriter(folder)
  try {
    const reader = new LogReader(writer.db)
    console.log('Microseconds per event')
    console.table(
      sizes.map((size, n) => measured(reader, written(writer, `incident-${n}${stream}`, size))),
    )
  } finally {
    writer.close()
    rmSync(folder, { recursive: true })
  }
}

function written(writer, stream, size) {
  let before
  const events = Array.from({ length: size }, (_, n) => (before = next(stream, before, n)))
  commit(writer, [{ stream, expectedRevision: -1, events }])
  return { stream, size }
}

const name = who => (typeof who === 'string' ? who : who.id)

function measured(reader, { stream, size }) {
  const events = reader.read(stream, 0)
  const per = work => {
    const figures = Array.from({ length: rounds }, () => {
      const start = performance.now()
      work()
      return ((performance.now() - start) * 1000) / size
    })
    return Number(middle(figures).toFixed(2))
  }
  return {
    events: size,
    'read and check': per(() => reader.read(stream, 0)),
    'state now': per(() => incidentAt(events)),
    'as of the middle': per(() => incidentAt(events, { revision: size >> 1 })),
    timeline: per(() => timeline(events, name)),
    postmortem: per(() => postmortem(events, name)),
  }
}
