/**
 * R6 by hand: a ledger with a million events is served within two seconds of its start.
 *
 *   npm run build && node test/endurance/cold-start.mjs [events] [starts]
 *
 * Makes the log through the store’s own writer, then starts the real server, and ends it with SIGKILL.
 * The machine should have nothing else to do. Ends with `N passed, N failed`.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { LogWriter } from '../../dist/event-store/sqlite/log-writer.js'
import { firstHash, seal } from '../../dist/event-store/stored-event.js'
import { Tally, scratch, start } from './support/server.mjs'

const count = Number(process.argv[2] ?? 1_000_000)
const starts = Number(process.argv[3] ?? 3)
const servingMsMax = 2000
const incidents = Math.ceil(count / 100)
const batch = 2000
const data = join(scratch('cold'), 'data')
const tally = new Tally()

// The first start makes the administrator and the key.
await (await start(data)).end('SIGTERM')
const empty = await start(data)
await empty.end('SIGTERM')
console.log(`an empty ledger: listening after ${Math.round(empty.startMs)} ms`)
fill()
console.log(
  `${count} events in ${incidents} incidents, ${Math.round(statSync(join(data, 'log.sqlite')).size / 2 ** 20)} MiB`,
)
for (let n = 0; n < starts; n++) {
  const server = await start(data)
  const from = performance.now()
  const answer = await server.ask(
    '{ events(first: 1) { nodes { id } } viewer { person { handle } } }',
  )
  const ms = Math.round(server.startMs + performance.now() - from)
  console.log(`start ${n}: serving after ${ms} ms`)
  tally.check(answer.data?.events.nodes.length === 1, `no answer: ${JSON.stringify(answer)}`)
  tally.check(ms <= servingMsMax, `serving after ${ms} ms`)
  await server.end('SIGKILL')
}
tally.close()

/** Declarations, then observations, in turns over all incidents. */
function fill() {
  const log = new LogWriter(data)
  const tails = Array.from({ length: incidents }, (_, n) => {
    const stream = `incident-${String(n).padStart(8, '0')}-0000-7000-8000-000000000000`
    return { stream, revision: -1, hash: firstHash(stream) }
  })
  let appends = []
  for (let n = 0; n < count; n++) {
    const tail = tails[n % incidents]
    const sealed = seal(tail.hash, envelope(tail, n))
    appends.push({ stream: tail.stream, expectedRevision: tail.revision, events: [sealed] })
    tail.revision++
    tail.hash = sealed.hash
    if (appends.length < batch && n < count - 1) continue
    if (log.commit(appends).some(outcome => !('position' in outcome))) throw new Error('Not stored')
    appends = []
  }
  log.close()
}

function envelope({ stream, revision }, n) {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 100).toISOString()
  const declared = {
    reference: `INC-${n + 1}`,
    title: `Incident ${n}`,
    type: 'SERVICE',
    mode: 'LIVE',
    status: 'ACTIVE',
  }
  return {
    stream,
    revision: revision + 1,
    type: revision < 0 ? 'IncidentDeclared' : 'ObservationRecorded',
    schemaVersion: 1,
    data: revision < 0 ? declared : { text: `Error rate is at ${n % 100} %`, evidence: [] },
    occurredAt: at,
    recordedAt: at,
    actor: { type: 'SYSTEM', id: 'import' },
    mode: 'LIVE',
    correlationId: '0af7651916cd43dd8448eb211c80319c',
  }
}
