import { expect, jest, test } from '@jest/globals'
import { LogReader } from '../../../src/event-store/sqlite/log-reader.js'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { RecentLog } from '../../../src/event-store/sqlite/recent-log.js'
import { newFolder } from '../../support/app.js'
import { sealed } from '../sealed.js'

/** A log and what is remembered of it, as the writing thread keeps them. */
function kept() {
  const log = new LogWriter(newFolder())
  const reader = new LogReader(log.db)
  const recent = new RecentLog(reader, stream => stream.startsWith('incident-'))
  const commit = (
    ...appends: { stream: string; expectedRevision: number; events: ReturnType<typeof sealed> }[]
  ) => {
    const from = log.head.position + 1n
    const outcomes = log.commit(appends)
    recent.remember(from, log.written)
    return outcomes
  }
  return { log, reader, recent, commit }
}

test('what is remembered reads as what is stored, wherever one begins', () => {
  const { log, reader, recent, commit } = kept()
  for (let i = 0; i < 6; i++) {
    const stream = `incident-${i}`
    commit({ stream, expectedRevision: -1, events: sealed(stream, 900) })
  }
  for (const after of [0n, 1n, 899n, 900n, 3000n, 4500n, 5398n, 5399n, 5400n, 9000n])
    expect(recent.readAll(after, 500)).toEqual(reader.readAll(after, 500))
  for (const from of [0, 1, 600, 899, 900, 901])
    for (const stream of ['incident-0', 'incident-4', 'incident-5', 'incident-none'])
      expect(recent.read(stream, from)).toEqual(reader.read(stream, from))
  log.close()
})

test('a repeat and a conflict in one commit are remembered as what they wrote: nothing', () => {
  const { log, reader, recent, commit } = kept()
  const events = sealed('incident-a', 2)
  const append = { stream: 'incident-a', expectedRevision: -1, events }
  const other = { stream: 'incident-a', expectedRevision: -1, events: sealed('incident-a', 1) }
  const b = { stream: 'incident-b', expectedRevision: -1, events: sealed('incident-b', 1) }
  commit(append, append, other, b)
  expect(log.written).toHaveLength(3)
  expect(recent.readAll(0n, 10)).toEqual(reader.readAll(0n, 10))
  log.close()
})

test('what is not wanted is left out, but for the last of a page, so that one reads on behind it', () => {
  const { log, reader, recent, commit } = kept()
  const streams = ['other-a', 'incident-a', 'other-b', 'other-c', 'incident-b', 'other-d']
  for (const stream of streams) commit({ stream, expectedRevision: -1, events: sealed(stream, 2) })
  const all = reader.readAll(0n, 100)
  for (let limit = 1; limit <= all.length + 1; limit++) {
    const read = []
    for (let page, after = 0n; (page = recent.readAll(after, limit)).length > 0;) {
      expect(page.at(-1)).toEqual(all[Math.min(Number(after) + limit, all.length) - 1])
      read.push(...page.filter(({ stream }) => stream.startsWith('incident-')))
      after = page.at(-1)!.position
    }
    expect(read).toEqual(all.filter(({ stream }) => stream.startsWith('incident-')))
  }
  expect(recent.readAll(0n, 100)).toHaveLength(5)
  log.close()
})

test('where the log ends is known without reading it', () => {
  const { log, reader, recent, commit } = kept()
  const readAll = jest.spyOn(reader, 'readAll')
  for (const count of [1, 4096, 4097, 2]) {
    const stream = `incident-${count}`
    commit({ stream, expectedRevision: -1, events: sealed(stream, count) })
    expect(recent.readAll(log.head.position, 10)).toEqual([])
  }
  expect(readAll).not.toHaveBeenCalled()
  expect(recent.readAll(0n, 1)).toHaveLength(1)
  expect(readAll).toHaveBeenCalledTimes(1)
  log.close()
})
