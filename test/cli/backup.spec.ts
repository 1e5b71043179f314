import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { backUp } from '../../src/cli/backup.js'
import { restore } from '../../src/cli/restore.js'
import { FolderLock } from '../../src/event-store/folder-lock.js'
import { verify } from '../../src/event-store/sqlite/verify.js'
import { configOf, dataOf, newFolder, until } from '../support/app.js'
import { type Server, ran, startServer } from '../support/server.js'

const on = (folder: string, ...args: string[]) => ran(['--data', folder, ...args])
const declare = `mutation ($id: String!) { declareIncident(input: { title: "x" }, options: { commandId: $id }) {
  position incident { id reference } } }`

describe('a ledger that is backed up while it is written', () => {
  const folder = newFolder()
  const backup = `${newFolder()}/backup`
  const acknowledged = new Map<string, any>()
  let server: Server
  let lost: any
  const send = async (id: string) => {
    const receipt = dataOf(await server.ask(server.key, declare, { id })).declareIncident
    acknowledged.set(id, receipt)
    return receipt
  }
  beforeAll(async () => void (server = await startServer(folder)))
  afterAll(async () => void (await server.end('SIGKILL')))

  test('is backed up whole, as sha256sum agrees', async () => {
    let writing = true
    const writers = [0, 1, 2, 3].map(async writer => {
      for (let n = 0; writing; n++) await send(`${writer}-${n}`)
    })
    await until(() => acknowledged.size > 50)
    const before = [...acknowledged.keys()]
    const { code, out, err } = await on(folder, 'backup', backup, '--with-key')
    writing = false
    await Promise.all(writers)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^Backed up to position \d+\. \d+ events in \d+ streams: every chain and the head hold\.\n[0-9a-f]{64}  \//,
    )
    expect(readdirSync(backup).toSorted()).toEqual([
      'SHA256SUMS',
      'admin.key',
      'log.head',
      'log.sqlite',
    ])
    for (const name of readdirSync(backup))
      expect(statSync(`${backup}/${name}`).mode & 0o777).toBe(0o600)
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: backup })
    const sent = acknowledged.size
    lost = await send('lost')
    expect(sent).toBeGreaterThan(before.length)
    for (const id of acknowledged.keys()) if (!before.includes(id)) acknowledged.delete(id)
    await server.end('SIGTERM')
  })

  test('is set aside for it by --force, and what was acknowledged before it is answered again', async () => {
    const refused = await on(folder, 'restore', backup)
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(/holds a ledger.*--force/),
    ])
    const { code, out, err } = await on(folder, 'restore', backup, '--force')
    expect([code, err]).toEqual([0, ''])
    const [, aside] = /^The old ledger is in (\S+)\.$/m.exec(out)!
    expect(verify(aside!).firstBad).toBeUndefined()
    expect(verify(aside!).events).toBeGreaterThan(verify(folder).events)

    server = await startServer(folder)
    const key = server.key
    for (const [id, receipt] of acknowledged)
      expect(dataOf(await server.ask(key, declare, { id })).declareIncident).toEqual(receipt)
  })

  test('shows a client that has seen what is lost that it has to begin again', async () => {
    const ask = async (query: string) =>
      (await server.ask(server.key, query)).errors?.[0]!.extensions.code
    const { position } = lost
    expect(await ask(`{ events(first: 1, after: "${position}") { nodes { id } } }`)).toBe(
      'INVALID_CURSOR',
    )
    expect(await ask(`{ incidents(first: 1, atLeast: "${position}") { nodes { id } } }`)).toBe(
      'NOT_CAUGHT_UP',
    )
    expect(await ask(`{ incident(id: "${lost.incident.id}") { id } }`)).toBe('INCIDENT_NOT_FOUND')
    const { nodes } = dataOf(
      await server.ask(
        server.key,
        '{ incidents(first: 100, orderBy: CHANGED_LATEST) { nodes { id } } }',
      ),
    ).incidents
    expect(nodes.map(({ id }: any) => id)).not.toContain(lost.incident.id)
  })
})

describe('without the program', () => {
  const folder = newFolder()
  const backup = `${newFolder()}/backup`
  let said: string[]
  const told = () => said.join('\n')
  beforeAll(async () => {
    cpSync('test/fixtures/v2', folder, { recursive: true })
    jest.spyOn(console, 'log').mockImplementation(line => void said.push(String(line)))
  })
  beforeEach(() => void (said = []))
  afterAll(() => void jest.restoreAllMocks())

  test('a backup leaves the key out unless it is asked for, and says so', async () => {
    await backUp(configOf(folder), backup, {})
    expect(readdirSync(backup).toSorted()).toEqual(['SHA256SUMS', 'log.head', 'log.sqlite'])
    expect(told()).toMatch('admin.key is not in it')
    await expect(backUp(configOf(folder), `${backup}2`, { withKey: true })).rejects.toThrow(
      'admin.key is not there',
    )
    expect(readdirSync(`${backup}/..`)).toEqual(['backup'])
  })

  test('a backup replaces nothing without --force, and never what is no backup', async () => {
    await expect(backUp(configOf(folder), backup, {})).rejects.toThrow('is there already')
    await backUp(configOf(folder), backup, { force: true })
    const other = newFolder()
    writeFileSync(`${other}/letter`, 'Dear')
    await expect(backUp(configOf(folder), other, { force: true })).rejects.toThrow('is no backup')
    expect(readFileSync(`${other}/letter`, 'utf8')).toBe('Dear')
    // Others keep sums of their files under that name too.
    writeFileSync(`${other}/SHA256SUMS`, '')
    await expect(backUp(configOf(folder), other, { force: true })).rejects.toThrow('is no backup')
    expect(readFileSync(`${other}/letter`, 'utf8')).toBe('Dear')
    await expect(backUp(configOf(folder), `${other}/none/x`, {})).rejects.toThrow('mounted?')
  })

  test('a backup never takes the place of the ledger that it is of', async () => {
    const served = `${newFolder()}/backup`
    cpSync(backup, served, { recursive: true })
    writeFileSync(`${served}/admin.key`, 'secret')
    const again = () => backUp(configOf(served), served, { force: true })
    await expect(again()).rejects.toThrow('the ledger itself')
    writeFileSync(`${served}/views.1.sqlite`, '')
    await expect(again()).rejects.toThrow('is no backup')
    expect(readFileSync(`${served}/admin.key`, 'utf8')).toBe('secret')
  })

  test('a damaged log is not backed up, and nothing is left of the attempt', async () => {
    const damaged = newFolder()
    cpSync(folder, damaged, { recursive: true })
    const bytes = readFileSync(`${damaged}/log.sqlite`)
    const at = bytes.indexOf('Is it slow?')
    bytes.write('Is it slaw?', at)
    writeFileSync(`${damaged}/log.sqlite`, bytes)
    const target = newFolder()
    await expect(backUp(configOf(damaged), `${target}/b`, {})).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^The backup was not made\. Damaged at position \d+/),
    })
    expect(readdirSync(target)).toEqual([])
  })

  test('a restore into an empty folder brings the same log, and says that there is no key', async () => {
    const into = `${newFolder()}/new`
    await restore(configOf(into), backup, {})
    expect(verify(into)).toEqual(verify(folder))
    expect(told()).toMatch('There is no admin.key')
    expect(readdirSync(into).toSorted()).toEqual(['lock.sqlite', 'log.head', 'log.sqlite'])
  })

  test('a restore without a key over another ledger says that the key there is the other one', async () => {
    const other = newFolder()
    cpSync(folder, other, { recursive: true })
    writeFileSync(`${other}/admin.key`, 'key of the other')
    await restore(configOf(other), backup, { force: true })
    expect(told()).toMatch(/holds no admin\.key, and .* is that of the ledger before/)
  })

  test('a copy of the files of a ledger that was killed can be restored too', async () => {
    const { SqliteEventStore } = await import('../../src/event-store/sqlite/sqlite-event-store.js')
    const { sealed } = await import('../event-store/sealed.js')
    const live = newFolder()
    const store = await SqliteEventStore.open(live)
    await store.append('incident-a', -1, sealed('incident-a', 3))
    const copy = newFolder()
    for (const name of ['log.sqlite', 'log.sqlite-wal', 'log.head'])
      cpSync(`${live}/${name}`, `${copy}/${name}`)
    await store.close()
    const into = newFolder()
    await restore(configOf(into), copy, {})
    expect(verify(into)).toEqual({ events: 3, streams: 1 })
  })

  test('a restore leaves a folder alone that somebody holds', async () => {
    const held = newFolder()
    const lock = FolderLock.acquire(held)
    await expect(restore(configOf(held), backup, { force: true })).rejects.toThrow('in use by')
    lock.release()
    expect(existsSync(`${held}/log.sqlite`)).toBe(false)
  })

  test('a backup that is not as it was made, or none at all, is not restored', async () => {
    const bad = newFolder()
    cpSync(backup, bad, { recursive: true })
    appendFileSync(`${bad}/log.sqlite`, 'x')
    const into = newFolder()
    await expect(restore(configOf(into), bad, {})).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching('log.sqlite is not as it was backed up'),
    })
    await expect(restore(configOf(into), newFolder(), {})).rejects.toThrow('is no backup')
    mkdirSync(`${into}/sub`)
    await expect(restore(configOf(folder), folder, { force: true })).rejects.toThrow('itself')
    expect(existsSync(`${into}/log.sqlite`)).toBe(false)
  })
})
