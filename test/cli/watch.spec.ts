import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { visible } from '../../src/cli/visible.js'
import { watch } from '../../src/cli/watch.js'
import { Board, type Told, rowsMax } from '../../src/cli/watch-board.js'
import { Lines, ageOf, drawn } from '../../src/cli/watch-display.js'
import { type App, configOf, newFolder, startApp, until } from '../support/app.js'
import { cli, ran, shell, startServer } from '../support/server.js'

const told = (n: number, more: Partial<Told> = {}): Told => ({
  id: `id-${n}`,
  reference: `INC-${n}`,
  title: `Title ${n}`,
  status: 'ACTIVE',
  severity: 'SEV2',
  effectiveSeverity: 'SEV2',
  declaredAt: `2026-01-01T12:0${n % 10}:00.000Z`,
  commander: { name: 'Alice' },
  ...more,
})
const now = new Date('2026-01-01T13:30:00.000Z')

describe('what comes from the ledger cannot do anything to a terminal', () => {
  test.each([
    ['colours and cursors', '\x1b[2J\x1b]0;x\x07', '␛[2J␛]0;x␇'],
    ['a second line', 'one\r\ntwo\x0b', 'one␍␊two␋'],
    ['controls of eight bits', '\x9b31m\x7f', '\\u{9b}31m␡'],
    ['what turns the direction', 'a\u202eb\u2066', 'a\\u{202e}b\\u{2066}'],
    ['other ends of lines', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['tags that nobody sees', '\u{e0041}', '\\u{e0041}'],
    ['half a character', '\ud800', '\\u{d800}'],
    ['letters and pictures of all scripts', 'Überlast 数据库 می\u200cخواهم 🔥', undefined],
  ])('%s', (_, text, shown) => expect(visible(text)).toBe(shown ?? text))

  test('in none of its cells', () => {
    const board = new Board()
    const evil = '\x1b[31m'
    const all = { reference: evil, title: evil, commander: { name: evil } }
    board.list([told(1, all)], false)
    expect(drawn(board, now, 10).join('\n')).not.toContain('\x1b')
  })
})

test('in lines it is said once that the ledger cannot be reached, however often it is tried', async () => {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const lines = new Lines(out, err)
  for (const state of ['connecting', 'not connected', 'not connected', 'live', 'not connected'])
    lines.state(state)
  err.end()
  expect(await text(err)).toBe('connecting\nnot connected\nlive\nnot connected\n')
})

test('the worst are first, and of these the last declared', () => {
  const board = new Board()
  const undetermined = { severity: 'UNDETERMINED', effectiveSeverity: 'SEV1' } as const
  board.list([told(1), told(2), told(3, undetermined), told(4, { commander: null })], false)
  expect(drawn(board, now, 10)).toEqual([
    'SEV1?  INC-3  ACTIVE     Alice  1h 27m  Title 3',
    'SEV2   INC-4  ACTIVE     -      1h 26m  Title 4',
    'SEV2   INC-2  ACTIVE     Alice  1h 28m  Title 2',
    'SEV2   INC-1  ACTIVE     Alice  1h 29m  Title 1',
  ])
  expect(drawn(board, now, 3)).toHaveLength(3)
  expect(drawn(board, now, 3).at(-1)).toBe('… and 2 more')
  expect(drawn(board, now, 0)).toHaveLength(1)
})

test('a list and a change tell only what is new', () => {
  const board = new Board()
  const tellsOf = (changes: ReturnType<Board['take']>) =>
    changes.map(({ incident, isOpen }) => [incident.reference, isOpen])
  expect(tellsOf(board.list([told(1), told(2)], false))).toHaveLength(2)
  expect(board.take('id-1', told(1))).toEqual([])
  expect(board.take('id-9', null)).toEqual([])
  expect(tellsOf(board.take('id-1', told(1, { title: 'Other' })))).toEqual([['INC-1', true]])
  expect(tellsOf(board.list([told(2), told(3)], false))).toEqual([
    ['INC-1', false],
    ['INC-3', true],
  ])
})

test('a board has an end', () => {
  const board = new Board()
  for (let n = 0; n <= rowsMax; n++) board.take(`id-${n}`, told(n))
  expect([board.rows.length, board.isCut]).toEqual([rowsMax, true])
})

test.each([
  [-5000, '0m'],
  [59_999, '0m'],
  [3_600_000, '1h 0m'],
  [86_400_000 * 3 + 7_260_000, '3d 2h'],
])('an age of %i ms is %s', (ms, age) => expect(ageOf(ms)).toBe(age))

/** The program, beside what it says. */
function watching(args: readonly string[], program: readonly string[] = []) {
  const [command, ...rest] = [...program, process.execPath, cli, ...args]
  const child = spawn(command!, rest, { env: shell({ TERM: 'xterm', NO_COLOR: '1' }) })
  const said = { out: '', err: '' }
  child.stdout.on('data', data => (said.out += data))
  child.stderr.on('data', data => (said.err += data))
  const ended = once(child, 'close') as Promise<[number | null]>
  return { child, said, ended }
}

describe('beside a ledger', () => {
  let app: App
  let key: string
  beforeAll(async () => {
    app = await startApp()
    key = join(newFolder(), 'key')
    writeFileSync(key, `${app.secrets['partner']}\n`)
  })
  afterAll(() => app.close())

  test('it says what is open, what becomes of it and what no longer is, and ends at Ctrl-C', async () => {
    await app.declared({ title: 'There \u202ealready' })
    await app.declared({ title: 'A drill', mode: 'DRILL' })
    const { child, said, ended } = watching(['watch', '--url', app.url, '--key-file', key])
    await until(() => said.err.includes('live'))
    const id = await app.declared({ title: 'Meanwhile' })
    await until(() => said.out.includes('Meanwhile'))
    await app.act('alice', 'claimCommand', id)
    await until(() => said.out.includes('Alice'))
    await app.act('alice', 'recordObservation', id, { text: 'seen' })
    await app.act('alice', 'resolveIncident', id, { summary: 'over' })
    await until(() => said.out.includes('no longer'))
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    const lines = said.out
      .trim()
      .split('\n')
      .map(line => line.split('  ').slice(1))
    const age = expect.any(String)
    // Neither of the drill nor of what was observed there is anything to be seen.
    expect(lines).toEqual([
      ['SEV1?', 'INC-1', 'ACTIVE', '-', age, 'There \\u{202e}already'],
      ['SEV1?', 'INC-3', 'ACTIVE', '-', age, 'Meanwhile'],
      ['SEV1?', 'INC-3', 'ACTIVE', 'Alice', age, 'Meanwhile'],
      ['INC-3', 'is no longer open'],
    ])
    expect(said.out + said.err).not.toContain(app.secrets['partner'])
  })

  const hasPython = spawnSync('python3', ['--version']).status === 0
  const onTerminal = ['python3', '-c', 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)']
  const where = hasPython ? test : test.skip
  where('on a terminal it draws in place, and leaves it as it was', async () => {
    const { child, said, ended } = watching(
      ['watch', '--url', app.url, '--key-file', key],
      onTerminal,
    )
    await until(() => /INC-1/.test(said.out))
    await app.declared({ title: 'Seen live' })
    await until(() => said.out.includes('Seen live'))
    child.stdin.write('\x03')
    expect(await ended).toEqual([0, null])
    expect(said.out.startsWith('\x1b[?1049h')).toBe(true)
    expect(said.out.trimEnd().endsWith('\x1b[?1049l')).toBe(true)
    expect(said.out).toContain('\x1b[H')
    expect(said.out).toContain('There \\u{202e}already')
  })

  test('what cannot be watched is told, without the key, and ends with 1', async () => {
    const folder = newFolder()
    const holds = (name: string, text: string) => {
      const file = join(folder, name)
      writeFileSync(file, text)
      return file
    }
    const not = holds('not', app.secrets['carol']!)
    const cases: [string[], RegExp][] = [
      [
        ['watch', '--url', app.url, '--key-file', not],
        /refuses: This needs \S+:\S+ \(SCOPE_MISSING\)/,
      ],
      [['watch', '--url', app.url, '--key-file', holds('wrong', 'ilk_wrong')], /UNAUTHENTICATED/],
      [['--data', folder, 'watch'], /No ledger serves/],
    ]
    const all = await Promise.all(cases.map(([args]) => ran(args)))
    for (const [i, { code, out, err }] of all.entries()) {
      const [args, message] = cases[i]!
      expect([args, code, out, err]).toEqual([args, 1, '', expect.stringMatching(message)])
      expect(err).not.toMatch(/ilk_/)
    }
  })
})

test.each([
  ['a key that is not there', { url: 'http://x', keyFile: '/not/there' }, /ENOENT/],
  ['a file that is none', { url: 'http://x', keyFile: cli }, /holds no key/],
  ['an address without a key', { url: 'http://x' }, /--key-file/],
  ['what is no address', { url: 'ftp://x', keyFile: cli }, /--url must be/],
])('with %s nothing is asked', async (_, options, told) => {
  await expect(watch(() => configOf(newFolder()), options)).rejects.toThrow(told)
})

test('without an address it is the ledger of the folder; when that dies it waits, and goes on', async () => {
  const folder = newFolder()
  const env = {
    LEDGER_LIMIT_COST: '100',
    LEDGER_DOCUMENTS: 'required',
    LEDGER_DOCUMENTS_FILE: join(folder, 'documents.json'),
  }
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: [] }
  writeFileSync(env.LEDGER_DOCUMENTS_FILE, JSON.stringify(manifest))
  let server = await startServer(folder, env)
  const { child, said, ended } = watching(['--data', folder, 'watch'])
  await until(() => said.err.includes('live'))
  const port = new URL(server.url).port
  await server.end('SIGKILL')
  await until(() => said.err.includes('not connected since'))
  server = await startServer(folder, { LEDGER_PORT: port })
  const declare = 'mutation { declareIncident(input: { title: "After" }) { revision } }'
  await server.ask(server.key, declare)
  await until(() => said.out.includes('After'))
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(said.out + said.err).not.toContain(server.key)
  await server.end('SIGKILL')
})
