import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FolderLock } from '../../src/event-store/folder-lock.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { Database } from '../../src/sqlite.js'
import { client, newFolder } from '../support/app.js'
import { type Server, ran, startServer } from '../support/server.js'

/** Each starts the program, some several times, which takes a second or more. */
const example = (name: string) =>
  fileURLToPath(new URL(`../../examples/incidents/${name}.json`, import.meta.url))
const github = example('github-2018-10-21-mysql-failover')
const gitlab = example('gitlab-2017-01-31-database')
const on = (folder: string, ...args: string[]) => ran(['--data', folder, ...args])
const lines = (text: string) => text.trim().split('\n')

async function freePort(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise(resolve => probe.close(resolve))
  return String(port)
}

describe('--help', () => {
  const commands = [
    'serve',
    'demo',
    'import',
    'verify',
    'export',
    'doctor',
    'watch',
    'backup',
    'restore',
    'recover',
    'rebuild',
    'copy',
    'documents',
    'keys',
  ]
  test('of the program names every command', async () => {
    const { code, out } = await ran(['--help'])
    expect(code).toBe(0)
    for (const command of [...commands, '--data', '--version']) expect(out).toMatch(command)
  })

  test('of every command says what it is for', async () => {
    const all = [...commands, 'keys create', 'keys list', 'keys revoke']
    const helps = await Promise.all(all.map(command => ran([...command.split(' '), '--help'])))
    for (const [i, { code, out, err }] of helps.entries()) {
      expect([all[i], code, err]).toEqual([all[i], 0, ''])
      expect(out).toMatch(`Usage: incident-ledger ${all[i]}`)
      expect(lines(out)[2]).toMatch(/^[a-z].{10,}/)
    }
  })

  test('follows what was typed wrong', async () => {
    const wrong = await Promise.all([
      ran(['frobnicate']),
      ran(['import']),
      ran(['keys', 'create', '--label', 'x']),
      ran(['verify', '--fast']),
    ])
    for (const { code, err } of wrong) {
      expect(code).toBe(1)
      expect(err).toMatch(/^error: /)
      expect(err).toMatch('Usage: incident-ledger')
    }
  })
})

describe('a wrong setting', () => {
  test('is told with all others, and the program ends with 78', async () => {
    const { code, out, err } = await ran(['serve'], {
      LEDGER_PROT: '5000',
      LEDGER_PORT: '70000',
      LEDGER_STORE: 'postgres',
      LEDGER_LOG: 'loud',
      LEDGER_HOST: '0.0.0.0',
      LEDGER_DATA: ' ',
    })
    expect([code, out]).toEqual([78, ''])
    expect(lines(err)).toHaveLength(7)
    expect(err).toMatch('LEDGER_PROT is not a setting; is it LEDGER_PORT?')
    for (const name of ['PORT', 'STORE', 'LOG', 'HOST', 'DATA'])
      expect(err).toMatch(new RegExp(`^- LEDGER_${name} `, 'm'))
    expect(err).toMatch('LEDGER_PUBLIC=1')
  })

  test.each([
    ['serve', { LEDGER_STORE: 'esdb://localhost:secret' }, /LEDGER_STORE /],
    ['serve', { LEDGER_STORE: 'esdb+discover://admin:secret@' }, /LEDGER_STORE /],
    ['verify', { LEDGER_TOKEN: 'secret' }, /LEDGER_TOKEN is not a setting/],
    ['rebuild', { LEDGER_PUBLIC: 'yes' }, /LEDGER_PUBLIC must be 0 or 1/],
  ])('of %s, %j, is told without its value', async (command, env, told) => {
    const { code, err } = await ran([command], env as Record<string, string>)
    expect(code).toBe(78)
    expect(err).toMatch(told)
    expect(err).not.toMatch('secret')
  })
})

describe('beside no server', () => {
  const folder = newFolder()

  test('import puts files on record, the same again writes nothing, and verify agrees', async () => {
    const first = await on(folder, 'import', github, gitlab)
    expect([first.code, first.err]).toEqual([0, ''])
    expect(lines(first.out)).toEqual([
      expect.stringMatching(/^INC-1  \d+ facts, \d+ events  Cross-country database failover/),
      expect.stringMatching(/^INC-2  \d+ facts, \d+ events  /),
    ])
    const again = await on(folder, 'import', gitlab, github)
    expect(lines(again.out)).toEqual([
      expect.stringMatching(/^INC-2  already there  /),
      expect.stringMatching(/^INC-1  already there  /),
    ])
    const verified = await on(folder, 'verify')
    expect(verified).toMatchObject({ code: 0, err: '' })
    expect(verified.out).toMatch(/^\d+ events in 4 streams: every chain and the head hold\.\n$/)
  })

  test('keys are made, listed and revoked', async () => {
    const made = await on(
      folder,
      'keys',
      'create',
      '--label',
      'A bot',
      '--scope',
      'incidents:read',
      'act:as',
      '--expires',
      '2099-01-01T00:00:00Z',
    )
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^ilk_\S+\n$/)])
    const [, id] = /^Key (\S+)\./.exec(made.err)!
    const revoked = await on(folder, 'keys', 'revoke', id!, '--reason', 'Lost')
    expect([revoked.code, revoked.out]).toEqual([0, `Key ${id} is revoked.\n`])
    const { out } = await on(folder, 'keys', 'list')
    expect(lines(out)).toEqual([
      expect.stringMatching(`^${id}  revoked 20\\S+Z  -  A bot  act:as incidents:read$`),
      expect.stringMatching(/^\S+  valid  admin  Administrator/),
    ])
    expect(out).not.toMatch('ilk_')
  })

  test('keys are listed also where one operation may ask for the least', async () => {
    const { code, err } = await ran(['--data', folder, 'keys', 'list'], {
      LEDGER_LIMIT_COST: '100',
    })
    expect([code, err]).toEqual([0, ''])
  })

  test('rebuild makes the views anew', async () => {
    const rebuilt = await on(folder, 'rebuild')
    expect(rebuilt).toMatchObject({ code: 0, err: '' })
    expect(rebuilt.out).toMatch(/^Rebuilt from \d+ events\.\n$/)
  })

  test('verify names the first bad event after a byte was changed, and exits with 2', async () => {
    const db = new Database(`${folder}/log.sqlite`)
    const { stream, revision, position, bytes } = db
      .prepare<[], { stream: string; revision: number; position: number; bytes: string }>(
        `select * from events where type = 'ObservationRecorded' order by position limit 1 offset 3`,
      )
      .get()!
    db.prepare('update events set bytes = ? where position = ?').run(
      bytes.replace('Finding', 'Finting').replace('Alert', 'Alort').replace('Change', 'Chance'),
      position,
    )
    db.close()
    const { code, out, err } = await on(folder, 'verify')
    expect([code, out]).toEqual([2, ''])
    expect(lines(err)).toEqual([
      expect.stringMatching(
        `^Damaged at position ${position}, ${stream} revision ${revision}: .*Restore a backup`,
      ),
    ])
  })

  test('verify of a folder that holds nothing says so', async () => {
    const { code, err } = await on(`${newFolder()}/none`, 'verify')
    expect([code, lines(err)]).toEqual([1, [expect.stringMatching('holds no ledger')]])
  })

  test('keys and views of a folder that was written wrong are not begun there', async () => {
    const none = `${newFolder()}/none`
    const asked = [
      ['keys', 'list'],
      ['keys', 'create', '--label', 'x', '--scope', 'act:as'],
      ['rebuild'],
    ]
    for (const { code, err } of await Promise.all(asked.map(args => on(none, ...args))))
      expect([code, lines(err)]).toEqual([1, [expect.stringMatching('There is no ledger in')]])
    expect(existsSync(none)).toBe(false)
  })
})

describe('beside a server', () => {
  const folder = newFolder()
  let port: string
  let server: Server
  beforeAll(async () => {
    port = await freePort()
    server = await startServer(folder, { LEDGER_PORT: port })
  })
  afterAll(async () => void (await server.end('SIGKILL')))

  test('whose port an operator chose, it is reached there', async () => {
    expect(server.url).toBe(`http://127.0.0.1:${port}`)
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  })

  test('import goes through it, and is seen in it at once', async () => {
    const { code, out } = await on(folder, 'import', gitlab)
    expect(code).toBe(0)
    expect(out).toMatch(/^INC-1  \d+ facts/)
    const { data } = await server.ask(server.key, '{ incidents { nodes { reference mode } } }')
    expect(data.incidents.nodes).toEqual([{ reference: 'INC-1', mode: 'RETROSPECTIVE' }])
  })

  test('a key that is made works in it at once, and no longer once it is revoked', async () => {
    const made = await on(
      folder,
      'keys',
      'create',
      '--label',
      'Eyes',
      '--scope',
      'incidents:read',
      '--owner',
      'admin',
    )
    const [, id] = /^Key (\S+)\./.exec(made.err)!
    const viewer = '{ viewer { person { handle } } }'
    const ask = client(server.url)
    expect((await ask(made.out.trim(), viewer)).data.viewer.person.handle).toBe('admin')
    expect((await on(folder, 'keys', 'list')).out).toMatch(
      `${id}  valid  admin  Eyes  incidents:read`,
    )
    expect((await on(folder, 'keys', 'revoke', id!)).code).toBe(0)
    expect((await ask(made.out.trim(), viewer)).status).toBe(401)
  })

  test('what cannot be is told in a line', async () => {
    const unknownId = '01890000-0000-7000-8000-000000000000'
    const cases = [
      [
        ['keys', 'create', '--label', 'x', '--scope', 'everything'],
        /^everything is no scope\. There are: incidents:read, /,
      ],
      [
        ['keys', 'create', '--label', 'x', '--scope', 'act:as', '--owner', 'mallory'],
        /UNKNOWN_PERSON/,
      ],
      [['keys', 'revoke', unknownId], /KEY_NOT_FOUND/],
    ] as const
    const all = await Promise.all(cases.map(([args]) => on(folder, ...args)))
    for (const [i, { code, err }] of all.entries())
      expect([code, lines(err)]).toEqual([1, [expect.stringMatching(cases[i]![1])]])
  })

  test('rebuild and verify work', async () => {
    const [rebuilt, verified] = await Promise.all([on(folder, 'rebuild'), on(folder, 'verify')])
    expect([rebuilt.code, rebuilt.out]).toEqual([
      0,
      expect.stringMatching(/^Rebuilt from \d+ events/),
    ])
    expect([verified.code, verified.err]).toEqual([0, ''])
  })

  test('another server on the folder, or on the port, says so in a line and exits with 1', async () => {
    const [folderTaken, portTaken] = await Promise.all([
      ran(['--data', folder, 'serve'], { LEDGER_PORT: '0' }),
      ran(['--data', newFolder(), 'serve'], { LEDGER_PORT: port, LEDGER_LOG: 'silent' }),
    ])
    expect(folderTaken).toMatchObject({ code: 1, out: '' })
    expect(lines(folderTaken.err)).toEqual([
      expect.stringMatching(`in use by process ${server.process.pid} at ${server.url}`),
    ])
    expect(portTaken).toMatchObject({ code: 1, out: '' })
    expect(lines(portTaken.err)).toEqual([expect.stringMatching(/port is in use.*LEDGER_PORT/)])
  })

  test('without its admin key the command line says what to do', async () => {
    const key = readFileSync(`${folder}/admin.key`, 'utf8')
    writeFileSync(`${folder}/admin.key`, 'ilk_wrong')
    const asked = [['keys', 'list'], ['import', gitlab], ['rebuild']]
    for (const { code, err } of await Promise.all(asked.map(args => on(folder, ...args)))) {
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/admin.key.*no valid key.*UNAUTHENTICATED/),
      ])
      expect(err).not.toMatch('{')
      expect(err).not.toMatch(/\n +at /)
    }
    writeFileSync(`${folder}/admin.key`, key)
  })

  test('which then ends at Ctrl-C with 0', async () => {
    expect(await server.end('SIGINT')).toEqual([0, null])
  })
})

describe('import refuses', () => {
  const folder = newFolder()
  const files = newFolder()
  mkdirSync(files, { recursive: true })
  const file = (name: string, text: string) => {
    writeFileSync(`${files}/${name}`, text)
    return `${files}/${name}`
  }
  const good = {
    slug: 'good',
    title: 'Good',
    organisation: 'Example',
    type: 'SERVICE',
    sources: [],
    facts: [{ at: '2025-01-01T00:00:00Z', kind: 'ALERT', text: 'It broke' }],
  }
  const withFact = (fact: object) => JSON.stringify({ ...good, facts: [...good.facts, fact] })

  test.each([
    ['what is not JSON', '{"slug":', /not JSON/],
    ['an empty file', '', /not JSON/],
    ['a text', '"hello"', /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['a fact without text', withFact({ kind: 'ALERT' }), /facts\[1\]\.text/],
    [
      'a fact of tomorrow',
      withFact({ ...good.facts[0], at: '2099-01-01T00:00:00Z' }),
      /facts\[1\]\.at/,
    ],
    ['an unknown member', withFact({ ...good.facts[0], colour: 'red' }), /facts\[1\]\.colour/],
    [
      'a member that is a prototype',
      withFact(good.facts[0]!).replace('"ALERT"', '"ALERT","__proto__":{"text":"x"}'),
      /__proto__|BAD_REQUEST/,
    ],
  ])(
    '%s, names file, place and reason, and records nothing of the good file before it',
    async (name, text, told) => {
      const bad = file('bad.json', text)
      const { code, out, err } = await on(
        folder,
        'import',
        file('good.json', JSON.stringify(good)),
        bad,
      )
      expect([name, code, out]).toEqual([name, 1, ''])
      expect(err).toMatch('bad.json: ')
      expect(err).toMatch(told)
      expect(err).not.toMatch(/\n +at /)
      expect(existsSync(`${folder}/log.sqlite`)).toBe(false)
    },
  )

  test('a file that is not there', async () => {
    const { code, err } = await on(folder, 'import', `${files}/none.json`, files)
    expect([code, lines(err)]).toEqual([
      1,
      [expect.stringMatching('none.json: cannot be read \\(ENOENT\\)')],
    ])
  })
})

test('a folder that somebody holds without serving it is left alone, and who holds it is told', async () => {
  const folder = newFolder()
  const store = await SqliteEventStore.open(folder)
  try {
    const all = await Promise.all([
      on(folder, 'import', gitlab),
      on(folder, 'keys', 'list'),
      on(folder, 'rebuild'),
      ran(['--data', folder, 'serve'], { LEDGER_PORT: '0' }),
    ])
    for (const { code, err } of all)
      expect([code, lines(err)]).toEqual([
        1,
        [expect.stringMatching(new RegExp(`process ${process.pid}\\b`, 'i'))],
      ])
  } finally {
    await store.close()
  }
})

test('a ledger that does not answer is told in a line, with what to do', async () => {
  const folder = newFolder()
  const lock = FolderLock.acquire(folder)
  const gone = `http://127.0.0.1:${await freePort()}`
  lock.announce(gone)
  writeFileSync(`${folder}/admin.key`, 'any')
  for (const args of [['keys', 'list'], ['import', github], ['rebuild']]) {
    const { code, err } = await on(folder, ...args)
    expect([code, err]).toEqual([
      1,
      `The ledger that serves ${folder} does not answer at ${gone} (ECONNREFUSED): what was asked may be done or not. Look whether it still runs, and ask again.\n`,
    ])
  }
  lock.release()
})

test('a rebuild that is asked for before there are any views is done all the same', async () => {
  const store = await SqliteEventStore.open(newFolder())
  const states: string[] = []
  await store.rebuildViews(({ state }) => states.push(state))
  expect(states.at(-1)).toBe('DONE')
  await store.close()
})
