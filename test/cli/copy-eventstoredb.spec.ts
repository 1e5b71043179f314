import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cursorOf, placeOf, positionOf } from '../../src/api/cursor.js'
import { type Source, copy } from '../../src/event-store/copy.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { Database } from '../../src/sqlite.js'
import { newPrefix, openOn } from '../event-store/eventstoredb/stores.js'
import { newStream, sealed } from '../event-store/sealed.js'
import { copyOf, writeLog } from '../event-store/sqlite/folder.js'
import { logOf, newFolder, startApp } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { cli, ran, shell } from '../support/server.js'

/** Each starts the program, some several times, which takes a second or more. */
let server: TestServer
let noise: NodeJS.Timeout
beforeAll(async () => {
  server = await TestServer.start()
  noise = setInterval(() => server.log.noise(2), 20)
})
afterAll(async () => {
  clearInterval(noise)
  await server.stop()
})

const args = (from: string, to: string, prefix: string) =>
  `copy --from ${from} --to ${to} --prefix ${prefix}`.split(' ')
const copied = (from: string, to: string, prefix: string) => ran(args(from, to, prefix))
const lines = (text: string) => text.trim().split('\n')

function rowsOf(folder: string): { id: string }[] {
  const db = new Database(join(folder, 'log.sqlite'), { readonly: true })
  const rows = db.prepare<[], { id: string }>('select * from events order by position').all()
  db.close()
  return rows
}

/** A log of so many streams, in turns, as nobody serves it. */
function folderOf(streams: number, each: number): string {
  const folder = newFolder()
  writeLog(folder, streams, each).close()
  return folder
}

/** What a ledger on the server holds. */
async function eventsOn(prefix: string) {
  const store = openOn(server.url, { prefix })
  try {
    return await logOf(store)
  } finally {
    await store.close()
  }
}
const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id)

/** Waits until so many appends came, or the program that sends them has ended. */
async function appended(count: number, on: TestServer, ending: Promise<unknown>): Promise<void> {
  let isOver = false
  void ending.finally(() => (isOver = true))
  while (!isOver && on.calls.append < count) await new Promise(resolve => setTimeout(resolve, 2))
}

describe('a real ledger', () => {
  const from = newFolder()
  const there = newPrefix()
  beforeAll(async () => {
    const app = await startApp(from)
    const ids = [await app.declared(), await app.declared({ title: 'Größer 🔥' })]
    for (const text of ['One', 'Two'])
      for (const id of ids) await app.act('alice', 'recordObservation', id, { text })
    await app.close()
  })

  test('goes to EventStoreDB and back, and is the same to the last byte', async () => {
    const back = newFolder()
    const out = await copied(`sqlite:${from}`, server.url, there)
    expect([out.code, out.err]).toEqual([0, ''])
    expect(out.out).toMatch(/^(\d+) events in 4 streams, \1 of them new: every chain holds/)
    const returned = await copied(server.url, `sqlite:${back}`, there)
    expect([returned.code, returned.err]).toEqual([0, ''])
    expect(rowsOf(back)).toEqual(rowsOf(from))
    expect(readFileSync(join(back, 'log.head'))).toEqual(readFileSync(join(from, 'log.head')))
  })

  test('is exported in the same bytes from both', async () => {
    const out = newFolder()
    const exported = (name: string, env: Record<string, string>, ...args: string[]) =>
      ran(['--data', from, 'export', '--out', join(out, name), ...args], env)
    const prefix = 'exported.'
    expect((await copied(`sqlite:${from}`, server.url, prefix)).code).toBe(0)
    const store = { LEDGER_STORE: server.url, LEDGER_STREAM_PREFIX: prefix }
    for (const args of [[], ['--incident', 'INC-2']]) {
      const [here, far] = [`here-${args.length}`, `far-${args.length}`]
      const both = [exported(here, {}, ...args), exported(far, store, ...args)]
      for (const { err } of await Promise.all(both)) expect(err).toBe('')
      const bytes = readFileSync(join(out, here))
      expect(bytes.length).toBeGreaterThan(1000)
      expect(readFileSync(join(out, far)).equals(bytes)).toBe(true)
    }
  })

  test('is found whole when it is copied again', async () => {
    const before = server.calls.append
    const again = await copied(`sqlite:${from}`, server.url, there)
    expect([again.code, again.out]).toEqual([0, expect.stringMatching(/, 0 of them new/)])
    expect(server.calls.append).toBe(before)
  })

  test('has every cursor go on in it, at other positions', async () => {
    const local = await SqliteEventStore.open(from)
    const remote = openOn(server.url, { prefix: there })
    const behind = async (store: EventStore, cursor: string) => {
      const position = await positionOf(store, placeOf(cursor))
      return idsOf(await store.readAll(position!, 1000))
    }
    const log = await logOf(local)
    expect((await logOf(remote)).map(({ position }) => position)).not.toEqual(
      log.map(({ position }) => position),
    )
    for (const event of log) {
      const cursor = cursorOf(event)
      expect(await behind(remote, cursor)).toEqual(await behind(local, cursor))
    }
    await Promise.all([local.close(), remote.close()])
  })

  test('goes from one EventStoreDB to another', async () => {
    const other = await TestServer.start()
    try {
      const { code, err } = await copied(server.url, other.url, there)
      expect([code, err]).toEqual([0, ''])
      const store = openOn(other.url, { prefix: there })
      expect(idsOf(await logOf(store))).toEqual(idsOf(rowsOf(from)))
      await store.close()
    } finally {
      await other.stop()
    }
  })

  test('takes its prefix from the setting too', async () => {
    const env = { LEDGER_STREAM_PREFIX: there }
    const asked = () => ['copy', '--from', server.url, '--to', `sqlite:${newFolder()}`]
    expect(await ran(asked(), env)).toMatchObject({ code: 0, err: '' })
    const { code, err } = await ran(asked(), { LEDGER_STREAM_PREFIX: newPrefix() })
    expect([code, lines(err)]).toEqual([1, [expect.stringMatching(/no events\. .*--prefix/)]])
  })
})

describe('a copy that is ended', () => {
  const from = folderOf(10, 120)
  const all = rowsOf(from)

  test('by SIGKILL on its way there, wherever that is, goes on', async () => {
    const prefix = newPrefix()
    let cut = 0
    for (let kills = 0; kills < 3; kills++) {
      const before = server.calls.append
      const child = spawn(process.execPath, [cli, ...args(`sqlite:${from}`, server.url, prefix)], {
        env: shell({}),
      })
      const exit = once(child, 'close')
      await appended(before + 50 + Math.random() * 200, server, exit)
      child.kill('SIGKILL')
      if ((await exit)[0] === null) cut++
      const there = idsOf(await eventsOn(prefix))
      expect(there.length).toBeGreaterThan(0)
      expect(there).toEqual(idsOf(all).slice(0, there.length))
    }
    expect(cut).toBe(3)
    const { code, err } = await copied(`sqlite:${from}`, server.url, prefix)
    expect([code, err]).toEqual([0, ''])
    expect(idsOf(await eventsOn(prefix))).toEqual(idsOf(all))
  })

  test('by lost connections comes through, or goes on', async () => {
    const prefix = newPrefix()
    const before = server.calls.append
    const going = copied(`sqlite:${from}`, server.url, prefix)
    for (let drops = 1; drops <= 5; drops++) {
      await appended(before + drops * 100, server, going)
      server.dropAll()
    }
    const { code, err } = await going
    if (code !== 0) {
      expect([code, lines(err)]).toEqual([1, [expect.stringMatching(/The same command goes on/)]])
      expect(await copied(`sqlite:${from}`, server.url, prefix)).toMatchObject({ code: 0 })
    }
    expect(idsOf(await eventsOn(prefix))).toEqual(idsOf(all))
  })

  test('by a server that went away says so in a line, and goes on once it is back', async () => {
    const own = await TestServer.start()
    const prefix = newPrefix()
    const going = copied(`sqlite:${from}`, own.url, prefix)
    await appended(100, own, going)
    await own.stop()
    const { code, err } = await going
    expect([code, lines(err)]).toEqual([1, [expect.stringMatching(/The same command goes on/)]])
    await own.restart()
    expect(await copied(`sqlite:${from}`, own.url, prefix)).toMatchObject({ code: 0, err: '' })
    await own.stop()
  })
})

describe('it is refused in a line', () => {
  const small = folderOf(2, 3)

  test('onto another ledger, which stays as it is', async () => {
    const prefix = newPrefix()
    expect(await copied(`sqlite:${folderOf(3, 2)}`, server.url, prefix)).toMatchObject({ code: 0 })
    const before = await eventsOn(prefix)
    const { code, out, err } = await copied(`sqlite:${small}`, server.url, prefix)
    expect([code, out]).toEqual([1, ''])
    expect(lines(err)).toEqual([
      'The target is not empty and is no unfinished copy of this source.',
    ])
    expect(await eventsOn(prefix)).toEqual(before)
    const beside = await copied(`sqlite:${small}`, server.url, newPrefix())
    expect(beside.code).toBe(0)
  })

  test('onto itself', async () => {
    const { code, err } = await copied(server.url, server.url, 'x-')
    expect([code, lines(err)]).toEqual([1, ['--from and --to are the same store.']])
  })

  test('where no server is, or an address is none, without saying a password', async () => {
    const none = await Promise.all(
      [
        'esdb://me:secret@127.0.0.1:1?tls=false',
        'esdb://me:secret@127.0.0.1:1?colour=secret',
        'esdb://me:sec@ret@127.0.0.1:1',
      ].map(url => copied(`sqlite:${copyOf(small)}`, url, '')),
    )
    for (const { code, err } of none) {
      expect([code, lines(err)]).toEqual([1, [expect.anything()]])
      expect(err).not.toMatch(/sec@?ret|\n +at /)
    }
  })
})

test('a source that another ledger still writes to is told of, and the rest comes with the next', async () => {
  const prefix = newPrefix()
  const source = openOn(server.url, { prefix })
  const [one, late] = [sealed(newStream(), 40), sealed(newStream(), 1)]
  await source.append(one[0]!.stream, -1, one)
  const target = await SqliteEventStore.open(newFolder())
  let reads = 0
  const growing: Source = {
    head: () => source.head(),
    async readAll(after, limit) {
      if (++reads === 2) await source.append(late[0]!.stream, -1, late)
      return source.readAll(after, limit)
    },
  }
  const copying = { appendsMax: 1, signal: new AbortController().signal, told: () => {} }
  const first = await copy(growing, target, copying)
  expect(first).toMatchObject({ grew: true })
  const second = await copy(source, target, copying)
  expect(second).toMatchObject({ events: 41, streams: 2, grew: false })
  expect(idsOf(await logOf(target))).toEqual(idsOf([...one, ...late]))
  await Promise.all([source.close(), target.close()])
})
