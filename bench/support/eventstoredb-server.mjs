import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformFileSync } from '@swc/core'

/** Under `dist`, so that its imports find their packages. */
const built = new URL('../../dist/bench-server/', import.meta.url)
const source = new URL('../../test/support/eventstoredb/', import.meta.url)

/**
 * The EventStoreDB to measure against: the one of EVENTSTOREDB_URL, else the server of the tests in a
 * process of its own. That one keeps its log in memory: only ratios mean anything there.
 */
export async function eventStoreDB() {
  const url = process.env.EVENTSTOREDB_URL
  if (url) return { url, name: 'the server of EVENTSTOREDB_URL', end: async () => {} }
  build()
  const script = `const { TestServer } = await import(${JSON.stringify(new URL('server.js', built).href)})
    console.log((await TestServer.start({ maxAppendBytes: 16777216 })).url)`
  const server = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(built),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout, 'data')
  const end = async () => {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  return { url: String(line).trim(), name: 'the server of the tests', end }
}

/** The tests run TypeScript as it stands; here it is a process that knows only JavaScript. */
function build() {
  mkdirSync(built, { recursive: true })
  writeFileSync(new URL('package.json', built), '{ "type": "module" }\n')
  const options = {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  }
  for (const file of readdirSync(source).filter(name => /(?<!\.spec)\.ts$/.test(name)))
    writeFileSync(
      new URL(file.replace('.ts', '.js'), built),
      transformFileSync(fileURLToPath(new URL(file, source)), options).code,
    )
}
