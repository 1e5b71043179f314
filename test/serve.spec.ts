import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { newFolder } from './support/app.js'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

function start(env: Record<string, string>): ChildProcess {
  const all = { ...process.env, NODE_OPTIONS: '', LEDGER_PORT: '0', ...env }
  return spawn(process.execPath, [main], { env: all, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function ended(server: ChildProcess) {
  const [[exit], out, err] = await Promise.all([
    once(server, 'exit'),
    text(server.stdout!),
    text(server.stderr!),
  ])
  return { exit, out, err }
}

let server: ChildProcess
let said: string
let url: string
const data = newFolder()
beforeAll(async () => {
  chmodSync(data, 0o755)
  server = start({ LEDGER_DATA: data })
  said = String((await once(server.stdout!, 'data'))[0])
  url = said.match(/http:\S+/)![0]
})
afterAll(() => void server.kill('SIGKILL'))

test('what it keeps is for its user alone, also in a folder that others may look into', () => {
  const modes = readdirSync(data).map(name => [name, statSync(join(data, name)).mode & 0o077])
  expect(modes).toContainEqual(['log.sqlite', 0])
  expect(modes.filter(([, others]) => others !== 0)).toEqual([])
})

test('a start tells the address, the key file, that it is a new ledger, and what to try', () => {
  expect(said.split('\n')).toHaveLength(7)
  expect(said).toContain(`New        there was no ledger in ${data}`)
  expect(said).toContain(`GraphQL    ${url}/graphql\n`)
  expect(said).toContain(`Admin key  ${join(data, 'admin.key')}\n`)
  expect(said).toMatch(/curl -s http/)
})

test('the console is served whole from here, under a policy that keeps it here', async () => {
  const page = await fetch(url)
  const html = await page.text()
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self';/,
  )
  expect(page.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  const addresses = [...html.matchAll(/(?:src|link.* href)="([^"]+)"/g)].map(
    ([, address]) => address!,
  )
  expect(addresses).toContain('main.js')
  for (const address of new Set(addresses)) {
    expect(address).not.toMatch(/^(\w+:)?\/\//)
    expect([address, (await fetch(new URL(address, `${url}/console/`))).status]).toEqual([
      address,
      200,
    ])
  }
  const settings = await (await fetch(`${url}/console/start.js`)).text()
  expect(settings).toContain('Bearer {{key}}')
})

test.each([
  '/console/nothing.js',
  '/console/..%2f..%2fpackage.json',
  '/console/%2e%2e/index.js',
  '/console/',
])('%s is not found', async path => {
  const answer = await fetch(url + path)
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] },
  ])
})

test('a port in use, a folder that is none and a wrong setting are each told in one clear line', async () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  const [busy, none, wrong] = await Promise.all([
    ended(start({ LEDGER_DATA: newFolder(), LEDGER_PORT: new URL(url).port })),
    ended(start({ LEDGER_DATA: join(file, 'x') })),
    ended(start({ LEDGER_DATA: newFolder(), LEDGER_HOST: '0.0.0.0' })),
  ])
  expect(busy).toEqual({
    exit: 1,
    out: '',
    err: expect.stringMatching(/^Cannot start. That port is in use.*\n$/),
  })
  expect(none).toEqual({
    exit: 1,
    out: '',
    err: expect.stringMatching(/^Cannot start. LEDGER_DATA.*\n$/),
  })
  expect(wrong).toEqual({
    exit: 78,
    out: '',
    err: expect.stringMatching(/^Cannot start. The configuration .*\n- LEDGER_HOST.*\n$/),
  })
})

test('a signal ends it with 0, after which the address is free', async () => {
  const end = once(server, 'exit')
  server.kill('SIGTERM')
  expect(await end).toEqual([0, null])
  await expect(fetch(url)).rejects.toThrow()
})

test('where others could open it there is no console, only a pointer', async () => {
  const env = { LEDGER_DATA: newFolder(), LEDGER_HOST: '0.0.0.0', LEDGER_PUBLIC: '1' }
  const exposed = start(env)
  const port = String((await once(exposed.stdout!, 'data'))[0]).match(/:(\d+)/)![1]
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  expect(await answer.json()).toEqual({ name: 'Incident Ledger', graphql: '/graphql' })
  const end = once(exposed, 'exit')
  exposed.kill('SIGINT')
  expect(await end).toEqual([0, null])
})
