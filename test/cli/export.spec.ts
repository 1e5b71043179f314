import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { edit, writeLog } from '../event-store/sqlite/folder.js'
import { newFolder } from '../support/app.js'
import { ran, startServer } from '../support/server.js'

/** Each starts the program, some several times, which takes a second or more. */
function ledger(): string {
  const folder = newFolder()
  writeLog(folder, 3, 40).close()
  return folder
}
const exported = (folder: string, ...args: string[]) => ran(['--data', folder, 'export', ...args])
const lines = (text: string) => text.trim().split('\n')

test('a ledger that is served is exported beside it, and the same again is the same bytes', async () => {
  const folder = newFolder()
  const server = await startServer(folder)
  const { declareIncident } = (
    await server.ask(
      server.key,
      'mutation { declareIncident(input: { title: "Down" }) { incident { id } } }',
    )
  ).data
  const { id } = declareIncident.incident
  const out = newFolder()
  const first = await exported(folder, '--out', out)
  expect([first.code, first.err]).toEqual([0, ''])
  const file = join(out, 'ledger.ndjson')
  const bytes = readFileSync(file)
  const [told, sum, again] = lines(first.out)
  expect(told).toMatch(/^\d+ events of 2 streams: every chain holds\.$/)
  expect(sum).toBe(`${hash('sha256', bytes)}  ${file}`)
  await server.ask(
    server.key,
    `mutation { recordObservation(incidentId: "${id}", input: { text: "Since" }) { revision } }`,
  )
  const cursor = again!.split(' ').at(-1)!
  const second = join(out, 'second.ndjson')
  expect((await exported(folder, '--out', second, '--at', cursor)).code).toBe(0)
  expect(readFileSync(second).equals(bytes)).toBe(true)
  const one = await exported(folder, '--out', out, '--incident', 'INC-1')
  expect(lines(one.out)[1]).toMatch(/INC-1\.ndjson$/)
  const over = await fetch(`${server.url}/export?organisation=true&at=${cursor}`, {
    headers: { authorization: `Bearer ${server.key}` },
  })
  expect([over.status, await over.text()]).toEqual([200, bytes.toString()])
  expect(await server.end('SIGTERM')).toEqual([0, null])
  expect(readdirSync(out).toSorted()).toEqual(['INC-1.ndjson', 'ledger.ndjson', 'second.ndjson'])
})

test('a file that is there is replaced only when told to, and then whole', async () => {
  const folder = ledger()
  const out = newFolder()
  const file = join(out, 'kept.ndjson')
  writeFileSync(file, 'kept')
  const pipe = join(newFolder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const noFile = await exported(folder, '--out', pipe, '--force')
  expect([noFile.code, noFile.err]).toEqual([1, expect.stringMatching('is no file')])
  expect(statSync(pipe).isFIFO()).toBe(true)
  const refused = await exported(folder, '--out', file)
  expect([refused.code, readFileSync(file, 'utf8')]).toEqual([1, 'kept'])
  expect(refused.err).toMatch('--force')
  edit(folder, `update events set bytes = replace(bytes, 'alice', 'bob') where position = 100`)
  const broken = await exported(folder, '--out', file, '--force')
  expect([broken.code, readFileSync(file, 'utf8')]).toEqual([2, 'kept'])
  expect(broken.err).toMatch(/Nothing was exported\. .*position 100/)
  expect(readdirSync(out)).toEqual(['kept.ndjson'])
  edit(folder, `update events set bytes = replace(bytes, 'bob', 'alice') where position = 100`)
  expect((await exported(folder, '--out', file, '--force')).code).toBe(0)
  expect(lines(readFileSync(file, 'utf8'))).toHaveLength(122)
})

test.each([
  [['--out', '/nowhere/at/all.ndjson'], 1, 'is not there'],
  [['--out', 'x.ndjson', '--incident', 'INC-7'], 1, 'There is no such incident.'],
  [['--out', 'x.ndjson', '--at', 'nonsense'], 1, 'cursor'],
  [[], 1, '--out'],
])('%j is refused', async (args, code, told) => {
  const { code: ended, err } = await exported(ledger(), ...args)
  expect([ended, err]).toEqual([code, expect.stringContaining(told)])
})

test('where there is no ledger nothing is exported', async () => {
  const empty = newFolder()
  mkdirSync(join(empty, 'data'))
  const { code, err } = await exported(join(empty, 'data'), '--out', empty)
  expect(code).toBe(1)
  expect(err).toMatch('holds no ledger')
  expect(readdirSync(join(empty, 'data'))).toEqual([])
})
