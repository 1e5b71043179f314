/**
 * H2 by hand: an export of a million events is verified offline by `examples/verify.py`.
 *
 *   npm run build && node test/endurance/verify-export.mjs [events]
 *
 * Needs python3. Tells how long it took and how much memory; ends with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { exportLines } from '../../dist/event-store/export.js'
import { firstHash, seal } from '../../dist/event-store/stored-event.js'

const count = Number(process.argv[2] ?? 1_000_000)
const [secondsMax, mebibytesMax] = [20, 300]
/** Of a stream, as of a long incident. */
const each = 100
if (spawnSync('python3', ['--version']).error) {
  console.log('python3 is not installed\n0 passed, 0 failed, 1 skipped')
  process.exit(0)
}

/** A log that is made as it is read. */
let position = 0n
let previous = ''
function next() {
  const number = Number(position++)
  const revision = number % each
  const stream = `incident-${String(Math.floor(number / each)).padStart(8, '0')}-0000-7000-8000-000000000000`
  const envelope = {
    stream,
    revision,
    type: 'ObservationRecorded',
    schemaVersion: 1,
    data: {
      text: `Lock waits rise on shard ${number}; the export holds them since noon`,
      evidence: [],
    },
    occurredAt: '2026-01-01T12:00:00.000Z',
    recordedAt: '2026-01-01T12:00:00.000Z',
    actor: {
      type: 'USER',
      id: '01890000-0000-7000-8000-000000000000',
      via: '01890000-0000-7000-8000-000000000001',
    },
    mode: 'LIVE',
    policyRevision: 7,
    correlationId: '0123456789abcdef0123456789abcdef',
  }
  const { id, hash } = seal(revision === 0 ? firstHash(stream) : previous, envelope)
  previous = hash
  return { ...envelope, id, hash, position }
}
const source = {
  readAll: async (_after, limit) =>
    Array.from({ length: Math.min(limit, count - Number(position)) }, next),
}

const folder = mkdtempSync(join(tmpdir(), 'ledger-export-'))
const file = join(folder, 'ledger.ndjson')
const about = { program: 'incident-ledger', incident: null, incidents: 'ALL', organisation: false }
const cursorOf = ({ id }) => id
const exporting = { shows: () => true, upTo: BigInt(count), about, cursorOf }
await pipeline(exportLines(source, exporting), createWriteStream(file))

const verify = fileURLToPath(new URL('../../examples/verify.py', import.meta.url))
const watched = `import resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.call([sys.executable, *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)`
const { stdout } = spawnSync('python3', ['-c', watched, verify, file], { encoding: 'utf8' })
rmSync(folder, { recursive: true })
const [code, seconds, cpu, mebibytes] = stdout.trim().split('\n').at(-1).split(' ').map(Number)
console.log(
  `${count} events: ${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of CPU), ${mebibytes.toFixed(0)} MiB`,
)
const checks = [code === 0, seconds <= secondsMax, mebibytes <= mebibytesMax]
const failed = checks.filter(ok => !ok).length
console.log(`${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
