import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { client } from './app.js'
import { flags } from './start-flags.mjs'

export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
type Env = Record<string, string>

/** An operator's shell: without what jest needs for itself, and without settings of this machine. */
export function shell(env: Env): Env {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('LEDGER_') && name !== 'NODE_OPTIONS',
  )
  return { ...(Object.fromEntries(kept) as Env), ...env }
}

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The command line, to its end. */
export async function ran(args: readonly string[], env: Env = {}): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], { env: shell(env) })
  const said = { out: '', err: '' }
  child.stdout.on('data', data => (said.out += data))
  child.stderr.on('data', data => (said.err += data))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

export interface Server {
  readonly process: ChildProcess
  readonly url: string
  readonly ask: ReturnType<typeof client>
  /** The administrator's key; empty where another replica was the first to start. */
  readonly key: string
  /** What it ended with: a code, or a signal. */
  end(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]>
}

/** The real server, as an operator starts it; rejects with what it said if it ends instead. */
export async function startServer(folder: string, env: Env = {}): Promise<Server> {
  const settings = {
    LEDGER_DATA: folder,
    LEDGER_PORT: '0',
    LEDGER_LOG: 'error',
    // A test asks in seconds, with one key, what others ask in an hour.
    LEDGER_RATE_PER_MINUTE: '0',
    // The machine may be late with everything.
    LEDGER_SHED_LOOP_MS: '0',
    LEDGER_SHED_WRITE_MS: '0',
    ...env,
  }
  const server = spawn(process.execPath, [...flags, cli, 'serve'], { env: shell(settings) })
  const ended = once(server, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let said = ''
  server.stderr.on('data', data => (said += data))
  const url = await new Promise<string>((resolve, reject) => {
    let told = ''
    server.stdout.on('data', data => {
      told += data
      const address = /listening on (http:\S+)/.exec(told)?.[1]
      if (address) resolve(address)
    })
    void ended.then(([code]) => reject(new Error(`It ended with ${code}: ${said}`)))
  })
  return {
    process: server,
    url,
    ask: client(url),
    key: existsSync(`${folder}/admin.key`)
      ? readFileSync(`${folder}/admin.key`, 'utf8').trim()
      : '',
    end(signal) {
      server.kill(signal)
      return ended
    },
  }
}
