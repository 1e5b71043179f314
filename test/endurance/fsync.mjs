/**
 * D2 by hand: between each commit and its acknowledgement the log and the head record were synced.
 *
 *   npm run build && node test/endurance/fsync.mjs [mutations]
 *
 * Needs Linux and strace. Watches the real server's system calls; ends with `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const count = Number(process.argv[2] ?? 200)
if (spawnSync('strace', ['-V']).error) {
  console.log('strace is not installed\n0 passed, 0 failed, 1 skipped')
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'ledger-fsync-'))
const calls = join(folder, 'calls')
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const env = {
  ...process.env,
  LEDGER_DATA: join(folder, 'data'),
  LEDGER_PORT: '0',
  LEDGER_LOG: 'error',
}
const traced = ['-f', '-y', '-s', '64', '-e', 'trace=fsync,fdatasync,write,writev', '-o', calls]
const server = spawn('strace', [...traced, process.execPath, cli, 'serve'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [line] = await once(server.stdout, 'data')
const url = /http:\S+/.exec(String(line))[0]
const key = readFileSync(join(folder, 'data', 'admin.key'), 'utf8').trim()
const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
const ask = async query => {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  })
  return (await answer.json()).data
}
const { declareIncident } = await ask(
  'mutation { declareIncident(input: { title: "x" }) { incident { id } } }',
)
const record = `mutation { recordObservation(incidentId: "${declareIncident.incident.id}", input: { text: "x" }) { revision } }`
for (let i = 0; i < count; i++) await ask(record)
const ended = once(server, 'exit')
process.kill(Number(readFileSync(calls, 'utf8').split(' ', 1)[0]), 'SIGTERM')
await ended

let synced = new Set()
let [passed, failed] = [0, 0]
for (const call of readFileSync(calls, 'utf8').split('\n')) {
  const sync = /(?:fsync|fdatasync)\(\d+<[^>]*\/(log\.[a-z-]+)>/.exec(call)
  if (sync) synced.add(sync[1])
  if (!call.includes('HTTP/1.1 200')) continue
  if (synced.has('log.sqlite-wal') && synced.has('log.head')) passed++
  else failed++
  synced = new Set()
}
rmSync(folder, { recursive: true })
console.log(`${passed} passed, ${failed + (passed < count ? count - passed : 0)} failed`)
process.exitCode = failed > 0 || passed < count ? 1 : 0
