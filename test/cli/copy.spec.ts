import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { copyLedger } from '../../src/cli/copy.js'
import { Database } from '../../src/sqlite.js'
import { newFolder, startApp } from '../support/app.js'
import { cli, ran, shell, startServer } from '../support/server.js'
import { edit, writeLog } from '../event-store/sqlite/folder.js'

/** Each starts the program, some several times, which takes a second or more. */
const copyArgs = (from: string, to: string) => [
  'copy',
  '--from',
  `sqlite:${from}`,
  '--to',
  `sqlite:${to}`,
]
const copied = (from: string, to: string) => ran(copyArgs(from, to))
const between = (from: string, to: string) => ({
  from: `sqlite:${from}`,
  to: `sqlite:${to}`,
  prefix: '',
})
const lines = (text: string) => text.trim().split('\n')

function rowsOf(folder: string): unknown[] {
  const db = new Database(join(folder, 'log.sqlite'), { readonly: true })
  const rows = db.prepare('select * from events order by position').all()
  db.close()
  return rows
}

/** A log of so many streams, in turns, as nobody serves it. */
function logOf(streams: number, each: number): string {
  const folder = newFolder()
  writeLog(folder, streams, each).close()
  return folder
}

const told = `query ($after: Cursor, $atLeast: Cursor) {
  incident(reference: "INC-1", atLeast: $atLeast) {
    timeline { nodes { sentence occurredAt } } postmortem { sha256 } }
  events(first: 100, after: $after) { nodes { id hash data } } }`

test('a copied ledger answers the same to the same keys, and cursors go on in it', async () => {
  const from = newFolder()
  const first = await startApp(from)
  const key = first.secrets['alice']!
  const { position, incident } = await first.act('alice', 'declareIncident', undefined, {
    title: 'Checkout is slow',
  })
  await first.act('alice', 'recordObservation', incident.id, { text: 'Seen' })
  const places = { after: position, atLeast: position }
  const before = await first.asSecret(key, told, places)
  expect(before.data.events.nodes).toHaveLength(1)
  await first.close()

  const to = join(newFolder(), 'new')
  const { code, out, err } = await copied(from, to)
  expect([code, err]).toEqual([0, ''])
  expect(lines(out)).toEqual([
    expect.stringMatching(/^(\d+) events in 3 streams, \1 of them new: every chain holds/),
    expect.stringMatching(/admin\.key/),
  ])
  expect(existsSync(join(to, 'admin.key'))).toBe(false)
  expect(rowsOf(to)).toEqual(rowsOf(from))
  expect(readFileSync(join(to, 'log.head'))).toEqual(readFileSync(join(from, 'log.head')))

  copyFileSync(join(from, 'admin.key'), join(to, 'admin.key'))
  const second = await startApp(to, first.clock)
  expect(await second.asSecret(key, told, places)).toEqual(before)
  await second.close()
})

/** How many events are acknowledged, as the head record says. */
function headOf(folder: string): bigint {
  const path = join(folder, 'log.head')
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  return bytes.length < 8 ? 0n : bytes.readBigUInt64LE()
}

/** The copy, ended by a signal once it is under way; what it then exited with, and said. */
async function ended(from: string, to: string, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [cli, ...copyArgs(from, to)], { env: shell({}) })
  let said = ''
  child.stderr.on('data', data => (said += data))
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const before = headOf(to)
  while (child.exitCode === null && headOf(to) === before)
    await new Promise(resolve => setTimeout(resolve, 5))
  await new Promise(resolve => setTimeout(resolve, Math.random() * 100))
  child.kill(signal)
  const [code] = await exit
  return { code, said }
}

describe('a copy that is ended', () => {
  const from = logOf(25, 600)
  const all = rowsOf(from)

  test('by SIGKILL, wherever that is, goes on', async () => {
    let to = newFolder()
    let cut = 0
    for (let kills = 0; kills < 4; kills++) {
      const { code } = await ended(from, to, 'SIGKILL')
      if (code === null && rowsOf(to).length < all.length) cut++
      const rows = rowsOf(to)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows).toEqual(all.slice(0, rows.length))
      // On a machine that is busy a copy may be over before the signal comes.
      if (cut === 0) to = newFolder()
    }
    expect(cut).toBeGreaterThan(0)
    const { code, out } = await copied(from, to)
    expect([code, out]).toEqual([0, expect.stringMatching(/^15000 events in 25 streams, /)])
    expect(rowsOf(to)).toEqual(all)
    expect((await ran(['--data', to, 'verify'])).code).toBe(0)
    const again = await copied(from, to)
    expect(again.out).toMatch(/^15000 events in 25 streams, 0 of them new/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s says so, and goes on', async signal => {
    let to: string
    let end: Awaited<ReturnType<typeof ended>>
    do end = await ended(from, (to = newFolder()), signal)
    while (end.code === 0)
    expect([end.code, lines(end.said)]).toEqual([
      130,
      [expect.stringMatching(/^Stopped\. The same /)],
    ])
    expect(rowsOf(to)).toEqual(all.slice(0, rowsOf(to).length))
    const whole = await copied(from, to)
    expect([whole.code, whole.err]).toEqual([0, ''])
    expect(rowsOf(to)).toEqual(all)
  })
})

describe('it is refused in a line', () => {
  const small = logOf(2, 3)

  test('while a ledger serves the source, or the target', async () => {
    const served = newFolder()
    const server = await startServer(served)
    try {
      const [source, target] = await Promise.all([
        copied(served, newFolder()),
        copied(small, served),
      ])
      expect([source.code, source.out]).toEqual([1, ''])
      expect(lines(source.err)).toEqual([
        `Process ${server.process.pid} at ${server.url} serves the source: stop it first.`,
      ])
      expect([target.code, lines(target.err)]).toEqual([
        1,
        [expect.stringMatching(`in use by process ${server.process.pid}`)],
      ])
    } finally {
      await server.end('SIGTERM')
    }
  })

  test('onto itself, by whatever name', async () => {
    const link = join(newFolder(), 'link')
    symlinkSync(small, link)
    const { code, err } = await copied(small, link)
    expect([code, lines(err)]).toEqual([1, ['--from and --to are the same store.']])
    for (const to of [small, `${small}/`, `${small}/../${small.split('/').at(-1)}`, link])
      await expect(copyLedger(between(small, to))).rejects.toThrow('are the same store')
  })

  test('onto another ledger, which stays as it is', async () => {
    const other = logOf(3, 2)
    const before = rowsOf(other)
    const { code, out, err } = await copied(small, other)
    expect([code, out]).toEqual([1, ''])
    expect(lines(err)).toEqual([
      'The target is not empty and is no unfinished copy of this source.',
    ])
    expect(rowsOf(other)).toEqual(before)
  })

  test('from where there is none, which is not made', async () => {
    const none = join(newFolder(), 'none')
    const { code, err } = await copied(none, newFolder())
    expect([code, lines(err)]).toEqual([1, [expect.stringMatching('holds no ledger')]])
    expect(existsSync(none)).toBe(false)
  })

  test('from what was changed, with 2', async () => {
    const changed = logOf(2, 30)
    edit(
      changed,
      `update events set bytes = replace(bytes, '"alice"', '"alicf"') where position = 9`,
    )
    const { code, err } = await copied(changed, newFolder())
    expect([code, lines(err)]).toEqual([2, [expect.stringMatching(/^In the source: .*position 9/)]])
  })

  test.each([
    ['postgres://me:secret@host/db'],
    ['sqlite:'],
    ['esdb:'],
    ['./data-secret'],
    ['ESDB://x:secret@y'],
  ])('for a store called %s, without saying it', async name => {
    for (const [from, to] of [
      [name, 'sqlite:/tmp/none'],
      [`sqlite:${small}`, name],
    ] as const) {
      const refused = copyLedger({ from, to, prefix: '' })
      await expect(refused).rejects.toThrow(/^--(from|to) takes sqlite:/)
      await expect(refused).rejects.not.toThrow('secret')
    }
  })

  test('without both stores', async () => {
    const asked = [[], ['--from', `sqlite:${small}`], ['--to', `sqlite:${small}`]]
    for (const { code, err } of await Promise.all(asked.map(args => ran(['copy', ...args]))))
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: required option/)])
  })
})
