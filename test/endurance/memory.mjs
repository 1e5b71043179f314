/**
 * D12 by hand: many commands cost the same each, and memory does not grow with them.
 *
 *   npm run build && node test/endurance/memory.mjs [commands]
 *
 * 100,000 unless told otherwise; the promise is for 1,000,000, which takes some minutes. After every
 * 100,000 (or a tenth) the memory of the server and the time per command are printed. Warm-up is the
 * first fifth. Ends with `N passed, N failed`; the machine should have nothing else to do.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tally, scratch, start } from './support/server.mjs'

const count = Number(process.argv[2] ?? 100_000)
const writers = 32
/** A new incident after so many: one that grew without end would be another measure. */
const perIncident = 200
const slopeMibMax = 5
const costRatioMax = 1.15
const parts = 10
const partSize = Math.ceil(count / parts)
const tally = new Tally()

const server = await start(join(scratch('memory'), 'data'))
const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
const record = `mutation ($id: ID!, $commandId: String!) {
  recordObservation(incidentId: $id, input: { text: "Errors rise" }, options: { commandId: $commandId }) { revision } }`
const samples = []
let sent = 0
let refused = 0

for (let part = 0; part < parts; part++) {
  const from = performance.now()
  const until = Math.min(count, (part + 1) * partSize)
  await Promise.all(Array.from({ length: writers }, () => write(until)))
  const ms = (performance.now() - from) / partSize
  const mib = residentMib()
  samples.push({ sent, ms, mib })
  console.log(`${sent} commands: ${mib.toFixed(0)} MiB, ${ms.toFixed(3)} ms per command`)
}
await server.end('SIGTERM')

const warm = samples.slice(parts / 5)
const slope = slopeOf(warm.map(({ sent, mib }) => [sent / 100_000, mib]))
const ratio = samples.at(-1).ms / samples[0].ms
console.log(
  `memory: ${slope.toFixed(1)} MiB per 100,000 after warm-up; last tenth / first tenth: ${ratio.toFixed(2)}`,
)
tally.check(refused === 0, `${refused} commands were refused`)
tally.check(slope <= slopeMibMax, `memory grows by ${slope.toFixed(1)} MiB per 100,000 commands`)
tally.check(ratio <= costRatioMax, `the last tenth costs ${ratio.toFixed(2)} times the first`)
tally.close()

async function write(until) {
  for (let id; sent < until;) {
    const n = ++sent
    if (!id || n % perIncident === 0)
      id = (await server.ask(declare)).data?.declareIncident.incident.id
    const { data } = await server.ask(record, { id, commandId: `c${n}` })
    if (!data) refused++
  }
}

function residentMib() {
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
