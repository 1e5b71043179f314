/**
 * D12 by hand: many commands cost the same each, and memory does not grow with them.
 *
 *   npm run build && node test/endurance/memory.mjs [commands]
 *
 * 100,000 unless told otherwise; the promise is for 1,000,000, which takes some ten minutes. After every
 * 100,000 (or a tenth) the memory of the server and the time per command are printed. Warm-up is the
 * first fifth. The last tenth takes turns with the first of a second ledger, since a machine that others
 * use too is not equally fast for ten minutes. Ends with `N passed, N failed`; the machine should have
 * nothing else to do.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tally, scratch, start } from './support/server.mjs'

const count = Number(process.argv[2] ?? 100_000)
const writers = 32
/** A new incident after so many: one that grew without end would be another measure. */
const perIncident = 200
const slopeMibMax = 5
const costDriftMax = 0.15
const parts = 10
const partSize = Math.ceil(count / parts)
const tally = new Tally()

const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
const record = `mutation ($id: ID!, $commandId: String!) {
  recordObservation(incidentId: $id, input: { text: "Errors rise" }, options: { commandId: $commandId }) { revision } }`
const turns = 10

const old = await ledger('old')
const samples = []
for (let part = 1; part < parts; part++) {
  const ms = (await take(old, partSize)) / partSize
  samples.push({ sent: old.sent, mib: residentMib(old) })
  tell(old, ms)
}
const fresh = await ledger('fresh')
const spent = { old: 0, fresh: 0 }
for (let turn = 0; turn < turns; turn++) {
  spent.fresh += await take(fresh, partSize / turns)
  spent.old += await take(old, partSize / turns)
}
samples.push({ sent: old.sent, mib: residentMib(old) })
tell(old, spent.old / partSize)
tell(fresh, spent.fresh / partSize)
for (const { server } of [old, fresh]) await server.end('SIGTERM')

const slope = slopeOf(samples.slice(parts / 5).map(({ sent, mib }) => [sent / 100_000, mib]))
const ratio = spent.old / spent.fresh
const refused = old.refused + fresh.refused
console.log(
  `memory: ${slope.toFixed(1)} MiB per 100,000 after warm-up; last tenth / first tenth: ${ratio.toFixed(2)}`,
)
tally.check(refused === 0, `${refused} commands were refused`)
tally.check(slope <= slopeMibMax, `memory grows by ${slope.toFixed(1)} MiB per 100,000 commands`)
tally.check(
  Math.abs(ratio - 1) <= costDriftMax,
  `the last tenth costs ${ratio.toFixed(2)} times the first`,
)
tally.close()

async function ledger(name) {
  return { name, server: await start(join(scratch(name), 'data')), sent: 0, refused: 0 }
}

/** So many more commands; resolves with how many milliseconds they took. */
async function take(ledger, commands) {
  const from = performance.now()
  const until = ledger.sent + commands
  await Promise.all(Array.from({ length: writers }, () => write(ledger, until)))
  return performance.now() - from
}

async function write(ledger, until) {
  for (let id; ledger.sent < until;) {
    const n = ++ledger.sent
    if (!id || n % perIncident === 0)
      id = (await ledger.server.ask(declare)).data?.declareIncident.incident.id
    const { data } = await ledger.server.ask(record, { id, commandId: `c${n}` })
    if (!data) ledger.refused++
  }
}

function tell(ledger, ms) {
  const mib = residentMib(ledger).toFixed(0)
  console.log(
    `${ledger.name}, ${ledger.sent} commands: ${mib} MiB, ${ms.toFixed(3)} ms per command`,
  )
}

function residentMib({ server }) {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]
  return Number(kib) / 1024
}

/** Least squares. */
function slopeOf(points) {
  const mean = index => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
}
