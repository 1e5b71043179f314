import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { authorityTable, stateTable } from './support/tables.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!)
const { scripts, dependencies, optionalDependencies } = JSON.parse(read('package.json'))

/** Cells without what a formatter may do to their width. */
const cells = (table: string) =>
  table
    .split('\n')
    .filter(line => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map(line =>
      line
        .split('|')
        .map(cell => cell.trim())
        .join('|'),
    )

test('the tables of states and of authority are those that the tests hold the core to', () => {
  const printed = cells(readme)
  for (const row of [...cells(stateTable), ...cells(authorityTable)]) expect(printed).toContain(row)
})

test('every npm script that it names exists, and CI runs what it tells a newcomer to run', () => {
  const named = [...readme.matchAll(/npm (?:run ([\w-]+)|(start|test))/g)].map(m => m[1] ?? m[2])
  expect(named.length).toBeGreaterThan(5)
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
  const ci = read('.ci/run')
  for (const command of ['npm ci', 'npm run check', 'npm test']) expect(ci).toContain(command)
  expect(blocks[0]).toBe('npm ci\nnpm start\n')
})

test('every file that it links to is there', () => {
  const linked = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path]) => path!)
  expect(linked.length).toBeGreaterThan(2)
  expect(linked.filter(path => !existsSync(join(root, path)))).toEqual([])
})

test('every dependency has its line', () => {
  const section = readme.split('## Dependencies')[1]!.split('\n## ')[0]!
  const missing = Object.keys({ ...dependencies, ...optionalDependencies }).filter(
    name => !section.includes(`\`${name.replace(/^@nestjs\/(?!common)/, '')}\``),
  )
  expect(missing).toEqual([])
})

test('the first incident can be typed as it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-readme-'))
  const env = { ...process.env, NODE_OPTIONS: '', LEDGER_PORT: '0', LEDGER_LOG: 'error' }
  const server = spawn(process.execPath, [join(root, 'dist/cli.js'), 'serve'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  const { port } = new URL(/http:\S+/.exec(String(line))![0])
  try {
    const script = blocks[1]!.replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`)
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { cwd: folder })
    const answers = stdout.trim().split('\n').filter(Boolean)
    expect(answers.filter(answer => answer.includes('"errors"'))).toEqual([])
    expect(answers).toHaveLength(5)
    expect(answers.at(-1)).toMatch(/Lock waits rise.*# INC-1: Checkout is slow/)
  } finally {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }
})

test('a backup is made and restored as it is printed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-readme-'))
  const [backup, restore] = ['ledger backup', 'ledger restore'].map(command =>
    blocks.find(block => block.includes(`\n${command}`) || block.startsWith(command))!,
  )
  const cli = `${process.execPath} ${join(root, 'dist/cli.js')}`
  const script = (backup! + restore!).replace('npm run ledger --silent --', cli)
  expect(script).not.toBe(backup! + restore!)
  const env = { ...process.env, NODE_OPTIONS: '' }
  const run = promisify(execFile)
  const incident = join(root, 'examples/incidents/gitlab-2017-01-31-database.json')
  const importing = [join(root, 'dist/cli.js'), 'import', incident]
  await run(process.execPath, importing, { cwd: folder, env })
  const { stdout, stderr } = await run('bash', ['-c', script], { cwd: folder, env })
  expect(stderr).toBe('')
  expect(stdout.match(/every chain and the head hold/g)).toHaveLength(4)
  expect(stdout).toMatch(/^The old ledger is in .*set-aside-/m)
})
