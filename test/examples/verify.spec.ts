import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cursorOf } from '../../src/api/cursor.js'
import { exportLines } from '../../src/event-store/export.js'
import { OfflineLog } from '../../src/event-store/sqlite/offline-log.js'
import { newFolder, writeLog } from '../event-store/sqlite/folder.js'

/** Python is no dependency of the ledger: where there is none, this says that it was skipped. */
const hasPython = spawnSync('python3', ['--version']).status === 0
const withPython = hasPython ? test : test.skip
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const python = (...args: string[]) => spawnSync('python3', args, { encoding: 'utf8' })
const verify = path('examples/verify.py')

const [streams, each, count] = [8, 12, 1000]
const folder = newFolder()
let source: OfflineLog
beforeAll(() => {
  writeLog(folder, streams, each).close()
  source = OfflineLog.look(folder)
})
afterAll(() => source.close())

const about = { program: 'incident-ledger', incident: null, organisation: false } as const

/** Of one stream or of all, up to any place. */
async function anExport(seed: number): Promise<string> {
  const stream = seed % 5 === 0 ? {} : { stream: `incident-${seed % streams}` }
  const exporting = {
    ...stream,
    shows: (name: string) => seed % 3 > 0 || 'stream' in stream || name !== 'incident-3',
    upTo: BigInt(1 + streams + (seed % (streams * (each - 1)))),
    about: { ...about, incidents: 'ALL' as const },
    cursorOf,
  }
  const lines: Buffer[] = []
  for await (const line of exportLines(source, exporting)) lines.push(line)
  return Buffer.concat(lines).toString()
}

withPython(
  'every edit of a thousand exports is found where it is, and none without an edit',
  async () => {
    const file = join(folder, 'exports')
    const exports: string[] = []
    for (let n = 0; n < count; n++) exports.push(await anExport(n))
    writeFileSync(file, exports.join(''))
    const seed = String(Date.now() % 1_000_000)
    const { stdout, stderr } = python(path('test/support/edit_exports.py'), verify, file, seed)
    expect(stderr).toBe('')
    const lines = stdout.trim().split('\n')
    expect(lines.pop()).toBe('false alarms 0')
    expect(lines).toHaveLength(count)
    const missed = lines.filter(line => !/^\w+ (.+) \1$/.test(line))
    expect({ seed, missed }).toEqual({ seed, missed: [] })
    expect(new Set(lines.map(line => line.split(' ')[0])).size).toBe(9)
  },
)

withPython('it says that an export is sound, or where it is not, and with what code', async () => {
  const file = join(folder, 'one.ndjson')
  const sound = await anExport(5)
  writeFileSync(file, sound)
  expect(python(verify, file)).toMatchObject({
    status: 0,
    stdout: 'every chain holds, and nothing is missing\n',
  })
  writeFileSync(file, sound.replace(/("revision":1,.*?)alice/s, '$1bob'))
  const bad = python(verify, file)
  expect(bad.status).toBe(2)
  expect(bad.stderr).toMatch(/^line \d+: incident-\d revision \d was changed/)
  writeFileSync(file, sound.split('\n').slice(0, -3).join('\n') + '\n')
  expect(python(verify, file).stderr).toMatch('has no manifest')
  writeFileSync(file, '')
  expect(python(verify, file).status).toBe(2)
})

withPython(
  'the last line is the SHA-256 of what stands before it, as any tool makes it',
  async () => {
    const file = join(folder, 'sum.ndjson')
    writeFileSync(file, await anExport(5))
    const { stdout } = spawnSync('sh', ['-c', `sed '$d' ${file} | sha256sum`], { encoding: 'utf8' })
    const { stdout: last } = spawnSync('tail', ['-n', '1', file], { encoding: 'utf8' })
    expect(JSON.parse(last)).toEqual({ sha256: stdout.slice(0, 64) })
  },
)
