import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from '@jest/globals'
import { examined } from '../../src/cli/doctor.js'
import { checkClock } from '../../src/cli/doctor/clock.js'
import { type Finding, severityOf, sized } from '../../src/cli/doctor/finding.js'
import { checkNode } from '../../src/cli/doctor/process.js'
import { configFrom } from '../../src/config.js'
import { FolderLock } from '../../src/event-store/folder-lock.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { Database } from '../../src/sqlite.js'
import { configOf, newFolder, until } from '../support/app.js'
import { ran, startServer } from '../support/server.js'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
const whereRoot = isRoot ? test : test.skip
if (!isRoot) process.stderr.write('SKIPPED: what doctor says of mounted disks needs root\n')

function kept(): string {
  const folder = newFolder()
  for (const file of ['log.sqlite', 'log.head'])
    cpSync(`test/fixtures/v2/${file}`, `${folder}/${file}`)
  writeFileSync(`${folder}/admin.key`, 'x', { mode: 0o600 })
  return folder
}
const look = (folder: string) => examined(() => configOf(folder))
const of = (all: readonly Finding[], check: string) => all.filter(one => one.check === check)
/** A disk in memory is always bad here, and may be too fast. */
const worstOf = (all: readonly Finding[]) =>
  severityOf(all.filter(({ check }) => !['disk', 'fsync', 'open files'].includes(check)))

test('a sound folder is found so, and left as it was', async () => {
  const folder = kept()
  const before = readdirSync(folder)
  const all = await look(folder)
  expect(worstOf(all)).toBe(0)
  expect(of(all, 'store')[0]!.found).toMatch(/^The log ends at event \d+, as its head record says/)
  expect(of(all, 'fsync')[0]!.found).toMatch(/^A sync takes \d/)
  expect(readdirSync(folder).filter(name => !/^log\.sqlite-(wal|shm)$/.test(name))).toEqual(before)
})

test('what is wrong with a folder is told with what to do', async () => {
  const folder = kept()
  chmodSync(folder, 0o755)
  chmodSync(`${folder}/admin.key`, 0o644)
  mkdirSync(`${folder}/restore.partial-x1`)
  mkdirSync(`${folder}/set-aside-20260101T000000Z`)
  const all = await look(folder)
  expect(of(all, 'folder')).toEqual([
    expect.objectContaining({ state: 'warn', todo: `chmod 700 ${folder}` }),
  ])
  expect(of(all, 'admin key')).toEqual([
    expect.objectContaining({ state: 'bad', todo: `chmod 600 ${folder}/admin.key` }),
  ])
  expect(of(all, 'leftovers').map(({ state }) => state)).toEqual(['warn', 'ok'])
  rmSync(`${folder}/admin.key`)
  expect(of(await look(folder), 'admin key')[0]).toMatchObject({ state: 'warn' })
})

test('a folder that is not there, is a file, or cannot be made is told apart', async () => {
  const folder = newFolder()
  writeFileSync(`${folder}/file`, '')
  expect(of(await look(`${folder}/new/data`), 'folder')[0]).toMatchObject({ state: 'warn' })
  expect(of(await look(`${folder}/file`), 'folder')[0]).toMatchObject({ state: 'bad' })
  expect(of(await look('/proc/ledger'), 'folder')[0]!.state).toMatch(/bad|warn/)
})

test.each<[string, (folder: string) => void, RegExp]>([
  [
    'without its end',
    f => edit(f, 'delete from events where position > 100'),
    /acknowledged.*lost/,
  ],
  ['without its head record', f => rmSync(`${f}/log.head`), /head record is missing/],
  ['whose head record is cut', f => truncateSync(`${f}/log.head`, 7), /cut short/],
  ['that is gone', f => rmSync(`${f}/log.sqlite`), /log is gone/],
  [
    'that is no database',
    f => writeFileSync(`${f}/log.sqlite`, 'x'.repeat(9000)),
    /damaged .SQLITE_NOTADB/,
  ],
  [
    'whose end was changed',
    f => edit(f, `update events set running = hash where position = 150`),
    /changed or lost/,
  ],
  [
    'that a start cannot read',
    f =>
      edit(f, `update events set bytes = replace(bytes, '{', '{ ') where stream = 'organisation'`),
    /position \d+ was changed/,
  ],
])('a log %s is bad, and is to be restored', async (_, damage, found) => {
  const folder = kept()
  damage(folder)
  expect(of(await look(folder), 'store')).toEqual([
    {
      check: 'store',
      state: 'bad',
      found: expect.stringMatching(found),
      todo: expect.stringMatching('restore'),
    },
  ])
})

function edit(folder: string, sql: string): void {
  const db = new Database(`${folder}/log.sqlite`)
  db.exec(sql)
  db.close()
}

test('who holds the folder is told', async () => {
  const folder = kept()
  const lock = FolderLock.acquire(folder)
  expect(of(await look(folder), 'lock')[0]!.found).toMatch(`Process ${process.pid} holds it`)
  lock.announce('http://127.0.0.1:9')
  const all = await look(folder)
  expect(of(all, 'lock')[0]!.found).toMatch('at http://127.0.0.1:9')
  expect(of(all, 'server')[0]).toMatchObject({
    state: 'bad',
    found: expect.stringMatching('does not answer'),
  })
  lock.release()
})

test('views that lag, that saw more than there is, or that hold what they cannot take up are told', async () => {
  const folder = kept()
  const store = await SqliteEventStore.open(folder)
  const head = await store.head()
  const views = () =>
    `${folder}/${readdirSync(folder).find(name => /^views\.\d+\.sqlite$/.test(name))}`
  const at = () => {
    const db = new Database(views(), { readonly: true })
    const position = db.prepare<[], number>('select position from checkpoint').pluck().get()
    db.close()
    return position
  }
  await until(() => views().endsWith('sqlite') && at() === Number(head))
  await store.close()
  expect(of(await look(folder), 'views')).toEqual([
    { check: 'views', state: 'ok', found: 'They show the whole log.' },
  ])
  const change = (sql: string) => {
    const db = new Database(views())
    db.exec(sql)
    db.close()
  }
  change('update checkpoint set position = 5')
  expect(of(await look(folder), 'views')[0]!.found).toMatch(/events behind, and catch up/)
  change('update checkpoint set position = 500000')
  expect(of(await look(folder), 'views')[0]).toMatchObject({ state: 'warn' })
  change(`insert into quarantine values ('incident-a', 7, 'id', 'T', 'Poison', 0)`)
  expect(of(await look(folder), 'views')[1]).toMatchObject({
    state: 'bad',
    found: expect.stringMatching('incident-a: Poison'),
    todo: expect.stringMatching('rebuild'),
  })
})

test('a wrong configuration is told whole, and the folder is looked at all the same', async () => {
  const folder = kept()
  const wrong = { LEDGER_DATA: folder, LEDGER_PORT: 'x', LEDGER_LGO: 'info' }
  const all = await examined(() => configFrom(wrong), folder)
  expect(of(all, 'configuration')[0]).toMatchObject({
    state: 'bad',
    found: expect.stringMatching(/LEDGER_LGO is not a setting; is it LEDGER_LOG\?[^]*LEDGER_PORT/),
  })
  expect(of(all, 'store')[0]).toMatchObject({ state: 'ok' })
})

test('an EventStoreDB that does not answer is bad', async () => {
  const store = { url: 'esdb://127.0.0.1:9?tls=false', prefix: 'x.' }
  const all = await examined(() => ({ ...configOf(newFolder()), store }))
  expect(of(all, 'store')[0]).toMatchObject({ state: 'bad' })
})

const noon = Date.parse('2026-01-01T12:00:00Z')
const at = (wallMs: number, steadyMs: number) => ({ wallMs: noon + wallMs, steadyMs })
test.each<[string, string | undefined, [number, number], Finding['state']]>([
  ['runs on from the last event', '2026-01-01T11:59:00.000Z', [5, 5], 'ok'],
  ['has seen no event', undefined, [5, 5], 'ok'],
  ['is a little behind the last event', '2026-01-01T12:00:30.000Z', [5, 5], 'ok'],
  ['is far behind the last event', '2026-01-01T12:02:00.000Z', [5, 5], 'bad'],
  ['jumps forward', undefined, [5000, 5], 'warn'],
  ['jumps back', undefined, [-5000, 5], 'warn'],
])('a clock that %s', (_, recordedAt, [wall, steady], state) => {
  const last = recordedAt === undefined ? undefined : { recordedAt }
  expect(checkClock(last, at(0, 0), at(wall, steady)).state).toBe(state)
})

test('Node before 20.19 is too old', () => {
  expect(['18.20.0', '20.18.1', '20.19.0', '24.0.0'].map(v => checkNode(v).state)).toEqual([
    'bad',
    'bad',
    'ok',
    'ok',
  ])
})

test('sizes are told in what people read', () =>
  expect([0, 1023, 1024, 5 * 1024 ** 3].map(sized)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1.0 KiB',
    '5.0 GiB',
  ]))

whereRoot('a disk that is full, in memory or read-only is told as such', async () => {
  const folder = newFolder()
  const mount = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder])
  mount('size=8m,mode=700')
  try {
    for (const file of ['log.sqlite', 'log.head'])
      cpSync(`test/fixtures/v2/${file}`, `${folder}/${file}`)
    const full = await look(folder)
    expect(of(full, 'disk').map(({ state }) => state)).toEqual(['bad', 'bad'])
    expect(
      of(full, 'disk')
        .map(({ found }) => found)
        .join(),
    ).toMatch(/nearly full.*in memory/)
    execFileSync('mount', ['-o', 'remount,ro', folder])
    const readOnly = await look(folder)
    expect(of(readOnly, 'folder')[0]).toMatchObject({
      state: 'bad',
      found: expect.stringMatching('EROFS'),
      todo: expect.stringMatching('read-only'),
    })
    expect(of(readOnly, 'fsync')[0]).toMatchObject({ state: 'warn' })
  } finally {
    execFileSync('umount', ['-l', folder])
  }
})

test('the program says it beside a server, for people and for programs, and exits as the worst', async () => {
  const folder = newFolder()
  const server = await startServer(folder)
  try {
    const [people, programs] = await Promise.all([
      ran(['--data', folder, 'doctor']),
      ran(['--data', folder, 'doctor', '--json']),
    ])
    const all = JSON.parse(programs.out) as Finding[]
    expect([people.err, programs.err]).toEqual(['', ''])
    expect(programs.code).toBe(severityOf(all))
    expect(of(all, 'server')).toEqual([expect.objectContaining({ state: 'ok' })])
    expect(of(all, 'lock')[0]!.found).toMatch(
      `Process ${server.process.pid} serves it at ${server.url}`,
    )
    expect(worstOf(all)).toBeLessThan(2)
    expect(people.out).toMatch(/^ok   node +Node /m)
    const wrong = await ran(['--data', folder, 'doctor'], { LEDGER_PROT: '1' })
    expect([wrong.code, wrong.out]).toEqual([2, expect.stringMatching('LEDGER_PORT')])
  } finally {
    await server.end('SIGTERM')
  }
})
