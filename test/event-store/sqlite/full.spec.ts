import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { StoreFull } from '../../../src/event-store/event-store.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { SqliteEventStore } from '../../../src/event-store/sqlite/sqlite-event-store.js'
import { verify } from '../../../src/event-store/sqlite/verify.js'
import { after, sealed } from '../sealed.js'
import { newFolder, writeLog } from './folder.js'

const isRoot = process.getuid?.() === 0
if (!isRoot) process.stderr.write('SKIPPED: a really full disk needs root, to mount one of 4 MiB\n')
const whereRoot = isRoot && process.platform === 'linux' ? test : test.skip

const big = () => 'x'.repeat(50_000)
const append = (stream: string, expectedRevision: number, events = sealed(stream, 1)) => ({
  stream,
  expectedRevision,
  events,
})

whereRoot('a full disk refuses what is written, serves what is there and recovers', async () => {
  const folder = newFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', folder])
  try {
    const store = await SqliteEventStore.open(folder)
    const events = sealed('incident-a', 1)
    await store.append('incident-a', -1, events)
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(2 * 1024 * 1024))
    const fill = async () => {
      for (;;) {
        const next = after(events, 1, big)
        await store.append('incident-a', events.at(-1)!.revision, next)
        events.push(...next)
      }
    }
    await expect(fill()).rejects.toThrow(StoreFull)
    expect(store.state.full).toBe(true)
    const told = () => store.conditions.find(({ name }) => name === 'store')!.check()
    // Nothing else fits in there any more.
    writeFileSync(join(folder, 'rest'), '')
    expect(() => appendFileSync(join(folder, 'rest'), Buffer.alloc(4 * 1024 * 1024))).toThrow(
      'ENOSPC',
    )
    expect(told()).toEqual({ ok: false, detail: 'The disk is full; reading goes on.' })
    expect(await store.read('incident-a', 0)).toHaveLength(events.length)
    const stop = new AbortController()
    const caughtUp = () => stop.abort()
    let followed = 0
    await store.follow(0n, async () => void followed++, stop.signal, caughtUp)
    expect(followed).toBe(events.length)

    rmSync(join(folder, 'ballast'))
    // Who looks whether they may send something again would wait for somebody who does.
    expect(told()).toEqual({ ok: true })
    const next = after(events, 1, big)
    await store.append('incident-a', events.at(-1)!.revision, next)
    expect(store.state.full).toBe(false)
    await store.close()
    expect(verify(folder)).toEqual({ events: events.length + 1, streams: 1 })
  } finally {
    execFileSync('umount', ['-l', folder])
  }
})

test('a database at its size limit fails the whole batch, and takes the next when it may grow', () => {
  const log = writeLog(newFolder(), 3, 10)
  const pages = Number(log.db.pragma('page_count', { simple: true }))
  log.db.pragma(`max_page_count = ${pages}`)
  const small = append('incident-small', -1)
  const batch = [small, append('incident-big', -1, sealed('incident-big', 5, undefined, 0, big))]
  for (let i = 0; i < 3; i++)
    expect(log.commit(batch)).toEqual([
      expect.objectContaining({ fault: 'FULL' }),
      expect.objectContaining({ fault: 'FULL' }),
    ])
  expect(log.head.position).toBe(30n)
  log.db.pragma('max_page_count = 100000')
  expect(log.commit(batch)).toEqual([
    { revision: 0, position: 31n },
    { revision: 4, position: 36n },
  ])
  log.close()
})

const whereFull = existsSync('/dev/full') ? test : test.skip
whereFull('nothing is acknowledged while the head record cannot be written', () => {
  const folder = newFolder()
  symlinkSync('/dev/full', join(folder, 'log.head'))
  const blind = new LogWriter(folder)
  const events = sealed('incident-a', 2)
  const [first, second] = [events.slice(0, 1), events.slice(1)]
  // It is in the log, so it is not said that it is not.
  expect(blind.commit([append('incident-a', -1, first)])).toMatchObject([{ fault: 'UNKNOWN' }])
  expect(blind.commit([append('incident-a', -1, first)])).toMatchObject([{ fault: 'FULL' }])
  expect(blind.commit([append('incident-a', 0, second)])).toMatchObject([{ fault: 'FULL' }])
  expect(blind.stopped).toBeUndefined()
  blind.close()

  rmSync(join(folder, 'log.head'))
  // Without the file the log would be taken for one that lost its head record.
  expect(() => new LogWriter(folder)).toThrow('log.head')
  expect(existsSync(join(folder, 'log.head'))).toBe(false)
  writeFileSync(join(folder, 'log.head'), '')
  const log = new LogWriter(folder)
  expect(log.commit([append('incident-a', -1, first)])).toEqual([{ revision: 0, position: 1n }])
  expect(log.commit([append('incident-a', 0, second)])).toEqual([{ revision: 1, position: 2n }])
  log.close()
  expect(verify(folder)).toEqual({ events: 2, streams: 1 })
})
