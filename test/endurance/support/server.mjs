import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flags } from '../../support/start-flags.mjs'

export const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))
if (!existsSync(cli)) throw new Error('Build it first: npm run build')

/** A folder that is gone at the end of the process. */
export function scratch(name) {
  const folder = mkdtempSync(join(tmpdir(), `ledger-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('LEDGER_'))
export const settings = data => ({
  ...Object.fromEntries(kept),
  LEDGER_DATA: data,
  LEDGER_PORT: '0',
  LEDGER_LOG: 'silent',
  // The script asks more than anybody may, on purpose.
  ...unlimited,
})
/** Set by a script that wants it. */
export const unlimited = {}

/**
 * The real server. `before` stands in front of its command line: strace, for example. `pid` is of the
 * server itself.
 */
export async function start(data, before = [], env = {}) {
  const [program, ...args] = [...before, process.execPath, ...flags, cli, 'serve']
  const child = spawn(program, args, {
    env: { ...settings(data), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let said = ''
  child.stderr.on('data', bytes => (said = (said + bytes).slice(-4000)))
  const from = performance.now()
  const url = await new Promise((resolve, reject) => {
    let out = ''
    child.stdout.on('data', bytes => {
      out = (out + bytes).slice(-4000)
      const address = /listening on (http:\S+)/.exec(out)?.[1]
      if (address) resolve(address)
    })
    void ended.then(([code]) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
  const startMs = performance.now() - from
  const { pid } = JSON.parse(readFileSync(join(data, 'lock.json'), 'utf8'))
  const key = readFileSync(join(data, 'admin.key'), 'utf8').trim()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return {
    url,
    pid,
    startMs,
    headers,
    /** GraphQL’s answer; rejects where there is none. */
    async ask(query, variables = {}) {
      const body = JSON.stringify({ query, variables })
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
      return answer.json()
    },
    async ready() {
      const answer = await fetch(`${url}/health/ready`)
      return { ok: answer.ok, ...(await answer.json()) }
    },
    async end(signal) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended by itself.
      }
      return ended
    },
  }
}

/** The command line, to its end. */
export function run(data, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    env: settings(data),
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

/** Counts, and ends the script with the closing line. */
export class Tally {
  passed = 0
  failed = 0

  /** One fact: a failed one is told at once. */
  check(isSo, what) {
    if (isSo) this.passed++
    else {
      this.failed++
      console.log(`FAILED: ${what}`)
    }
    return isSo
  }

  close() {
    console.log(`${this.passed} passed, ${this.failed} failed`)
    process.exitCode = this.failed > 0 || this.passed === 0 ? 1 : 0
  }
}
