import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import pg from 'pg'

/** Where Debian and Homebrew put the programs of a PostgreSQL beside the path. */
const homes = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']
const startMsMax = 20_000

/** The folder of `initdb` and `postgres`; undefined where none is installed. */
export function installed() {
  const inHomes = homes.flatMap(home =>
    existsSync(home)
      ? readdirSync(home)
          .map(version => join(home, version, 'bin'))
          .toReversed()
      : [],
  )
  const onPath = (process.env.PATH ?? '').split(':')
  return [...inHomes, ...onPath].find(folder =>
    ['initdb', 'postgres'].every(program => existsSync(join(folder, program))),
  )
}

/** PostgreSQL refuses to run as root, so root runs it as its own user. */
function user() {
  if (process.getuid?.() !== 0) return {}
  const id = flag => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** A fresh server with the settings it comes with, so durable, on a socket in a folder of its own. */
export async function startPostgres(programs) {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-pg-'))
  const as = user()
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const options = { ...as, cwd: folder, stdio: 'ignore' }
  const make = ['-D', data, '-U', 'stock', '--auth=trust', '--encoding=UTF8']
  execFileSync(join(programs, 'initdb'), make, options)
  const run = ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`]
  const server = spawn(join(programs, 'postgres'), run, options)
  const connection = { host: folder, user: 'stock', database: 'postgres' }
  await answering(connection, server)
  return { connection, stop: () => stop(server, folder) }
}

async function answering(connection, server) {
  for (const endsAt = Date.now() + startMsMax; ; await rest(100)) {
    const client = new pg.Client(connection)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (Date.now() > endsAt || server.exitCode !== null) throw error
    }
  }
}

async function stop(server, folder) {
  const ended = once(server, 'exit')
  // A "fast" shutdown: SIGTERM would wait for the clients.
  server.kill('SIGINT')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
